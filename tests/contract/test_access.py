"""Who may do what: every route × token type × scope × tenant, generated from the application's routes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Mount

from askcv_agents import wire
from askcv_agents.staging.app import Backend
from tests.conftest import browser_of

HERE = {"Origin": "http://testserver"}
MARKER = "Xylograph"  # a word that only Maya's items hold
PUBLIC = "public"
PAGE = "page: a signed-in browser"
FORM = "form: a signed-in browser, from this origin"
MCP = "mcp"

# A route that is not here fails a test: decide who may use it, and write it down.
RULES: dict[tuple[str, str], str | tuple[wire.Scope, ...]] = {
    ("POST", wire.IMPORT_PATH): wire.REQUIRED_SCOPES["import"],
    ("GET", wire.STATUS_PATH): wire.REQUIRED_SCOPES["status"],
    ("GET", wire.EXPORT_PATH): wire.REQUIRED_SCOPES["export"],
    ("GET", wire.PROFILE_PATH): wire.REQUIRED_SCOPES["profile"],
    ("POST", wire.MCP_PATH): MCP,
    ("GET", "/health"): PUBLIC,
    ("GET", "/ready"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/static"): PUBLIC,
    ("GET", "/"): PUBLIC,
    ("GET", "/inbox/open"): PUBLIC,
    ("GET", "/inbox"): PAGE,
    ("POST", "/inbox/review"): FORM,
    ("POST", "/inbox/undo"): FORM,
    ("GET", "/inbox/items/{item_id}"): PAGE,
    ("POST", "/inbox/items/{item_id}"): FORM,
    ("GET", "/record"): PAGE,
    ("GET", "/record/timeline"): PAGE,
    ("GET", "/record/gaps"): PAGE,
    ("GET", "/record/{record_id}"): PAGE,
    ("POST", "/record/{record_id}/take-back"): FORM,
    ("GET", "/settings"): PAGE,
    ("POST", "/settings/tokens"): FORM,
    ("POST", "/settings/tokens/{token_id}/revoke"): FORM,
    ("POST", "/settings/jobs/retry"): FORM,
    ("POST", "/inbox/sign-out"): FORM,
}


def routes(app: Any) -> Iterator[tuple[str, str]]:
    """Method and path of every route there is, in whatever router."""
    for route in app.routes:
        if isinstance(route, Mount):
            yield "GET", route.path
        elif (inner := getattr(route, "original_router", None)) is not None:
            yield from routes(inner)
        else:
            for method in (route.methods or {"GET"}) - {"HEAD"}:
                yield method, route.path


@dataclass
class World:
    """A backend with two tenants; Maya has a pending item and an approved one."""

    http: TestClient
    backend: Backend
    batch_id: str
    pending: str
    approved: str

    def token(self, tenant: str, kind: str, scopes: tuple[str, ...] | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.backend.principals.create_token(tenant, kind, scopes)}"}

    def call(self, route: tuple[str, str], headers: dict[str, str]) -> Any:
        method, path = route
        values = {"batch_id": self.batch_id, "domain": "skills", "item_id": self.pending, "record_id": self.approved}
        address = re.sub(r"{(\w+)}", lambda found: values.get(found[1], "none"), path)
        body: dict[str, Any] = {}
        if route == ("POST", wire.IMPORT_PATH):
            body = {"json": {"items": [{"domain": "skills", "payload": {"name": "x"}}]}}
        elif route == ("POST", wire.MCP_PATH):
            listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            body = {"json": listing}
            headers = headers | {"Accept": "application/json, text/event-stream"}
        elif method == "POST":
            body = {"data": {"only": f"approve:{self.pending}"}}
        return self.http.request(method, address, headers=headers, follow_redirects=False, **body)

    def sign_in(self, tenant: str) -> None:
        self.http.cookies.clear()
        self.http.get(f"/inbox/open?key={self.backend.principals.create_link(tenant)}")


@pytest.fixture
def world(backend: Backend) -> Iterator[World]:
    with browser_of(backend) as http:
        made = World(http, backend, "", "", "")
        maya = made.token("Maya", "agent")
        items = [{"domain": "skills", "payload": {"name": f"{MARKER} {n}"}} for n in "ab"]
        answer = http.post(wire.IMPORT_PATH, json={"items": items}, headers=maya).json()
        made.batch_id, made.pending, made.approved = answer["batchId"], *(item["itemId"] for item in answer["items"])
        tenant = http.get(wire.PROFILE_PATH, headers=maya).json()["tenantId"]
        backend.service.review(tenant, [made.approved], "approved")
        made.token("Jonas", "agent")
        yield made


def under(rule: str) -> list[tuple[str, str]]:
    return [route for route, found in RULES.items() if found == rule]


SCOPE_SETS = [(), *((scope,) for scope in get_args(wire.Scope)), get_args(wire.Scope)]
TOKENS = [*itertools.product(wire.TOKEN_TYPES, [None, *SCOPE_SETS])]


def test_every_route_has_a_rule_and_every_rule_a_route(world: World) -> None:
    assert set(routes(world.http.app)) == set(RULES)


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if isinstance(rule, tuple)], ids=" ".join)
def test_an_endpoint_opens_for_agents_with_one_of_its_scopes_and_for_nobody_else(
    world: World, route: tuple[str, str]
) -> None:
    needed = RULES[route]
    assert world.call(route, {}).status_code == 401
    for kind, scopes in TOKENS:
        answer = world.call(route, world.token("Maya", kind, scopes))
        held = wire.TOKEN_TYPES[kind].scopes if scopes is None else scopes
        if kind != "mcp" and set(held) & set(needed):
            assert answer.status_code in {200, 202}, (kind, scopes)
        else:
            assert (answer.status_code, answer.json()["requiredScope"]) == (403, needed[0]), (kind, scopes)
            assert f'scope="{needed[0]}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("route", [route for route, rule in RULES.items() if isinstance(rule, tuple)], ids=" ".join)
def test_an_endpoint_shows_another_tenant_nothing(world: World, route: tuple[str, str]) -> None:
    answer = world.call(route, world.token("Jonas", "agent"))
    assert answer.status_code in {200, 202, 404}
    assert MARKER not in answer.text
    if "{batch_id}" in route[1]:
        assert answer.status_code == 404


def test_mcp_opens_for_mcp_tokens_with_the_mcp_scope_alone(world: World) -> None:
    route = ("POST", wire.MCP_PATH)
    for kind, scopes in TOKENS:
        held = wire.TOKEN_TYPES[kind].scopes if scopes is None else scopes
        expected = 200 if kind == "mcp" and "mcp" in held else 403
        assert world.call(route, world.token("Maya", kind, scopes)).status_code == expected, (kind, scopes)
    assert world.call(route, {}).status_code == 401


@pytest.mark.parametrize("route", under(PAGE) + under(FORM), ids=" ".join)
def test_no_token_of_any_kind_opens_a_page(world: World, route: tuple[str, str]) -> None:
    world.http.cookies.clear()
    for kind, scopes in TOKENS:
        answer = world.call(route, world.token("Maya", kind, scopes) | HERE)
        assert answer.status_code == 403, (kind, scopes)
        assert MARKER not in answer.text


@pytest.mark.parametrize("route", under(PAGE), ids=" ".join)
def test_a_page_opens_for_its_tenant_and_shows_another_nothing(world: World, route: tuple[str, str]) -> None:
    world.sign_in("Maya")
    assert world.call(route, {}).status_code == 200
    world.sign_in("Jonas")
    answer = world.call(route, {})
    assert answer.status_code == (404 if "_id}" in route[1] else 200)
    assert MARKER not in answer.text


@pytest.mark.parametrize("route", under(FORM), ids=" ".join)
def test_a_form_is_taken_from_this_origin_alone_and_changes_nothing_of_another_tenant(
    world: World, route: tuple[str, str]
) -> None:
    world.sign_in("Maya")
    elsewhere = ({}, {"Origin": "null"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"})
    for headers in (*elsewhere, {"Sec-Fetch-Site": "same-site"}, HERE | {"Sec-Fetch-Site": "cross-site"}):
        assert world.call(route, headers).status_code == 403, headers
    before = held(world.backend)
    world.sign_in("Jonas")
    assert world.call(route, HERE).status_code != 403
    assert held(world.backend) == before


def held(backend: Backend) -> list[Any]:
    with backend.store.read() as connection:
        return list(connection.exec_driver_sql("SELECT id, status, payload FROM item ORDER BY seq").all())


@pytest.mark.parametrize("route", under(PUBLIC), ids=" ".join)
def test_what_is_public_shows_nothing_of_anybody(world: World, route: tuple[str, str]) -> None:
    world.http.cookies.clear()
    answer = world.call(route, {})
    assert answer.status_code in {200, 303, 307, 403, 404}
    assert MARKER not in answer.text
    assert "Maya" not in answer.text


def test_signing_out_ends_the_session_and_not_only_the_cookie(world: World) -> None:
    world.sign_in("Maya")
    session = world.http.cookies["askcv_session"]
    assert "Signed out" in world.http.post("/inbox/sign-out", headers=HERE).text
    assert "askcv_session" not in world.http.cookies
    world.http.cookies.set("askcv_session", session)
    assert world.http.get("/inbox").status_code == 403
