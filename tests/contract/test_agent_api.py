"""The four endpoints, as the contract page says them: tenants, scopes, limits, validation, idempotency."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from askcv_agents import wire
from askcv_agents.staging.app import Backend, StagingConfig
from tests.conftest import Clock, browser_of


class Caller:
    """HTTP calls with one token."""

    def __init__(self, http: TestClient, token: str) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> Any:
        return self.http.get(path, headers=self.headers)

    def post(self, items: list[Any], **headers: str) -> Any:
        return self.http.post(wire.IMPORT_PATH, json={"items": items}, headers=self.headers | headers)


@pytest.fixture
def http(backend: Backend, clock: Clock) -> TestClient:
    return browser_of(backend)


@pytest.fixture
def maya(http: TestClient, backend: Backend) -> Caller:
    return Caller(http, backend.principals.create_token("Maya", "agent"))


def skill(name: str) -> dict[str, Any]:
    return {"domain": "skills", "payload": {"name": name}}


def approve_everything(backend: Backend, caller: Caller) -> None:
    tenant = caller.get(wire.PROFILE_PATH).json()["tenantId"]
    rows, _ = backend.service.inbox(tenant, "pending", None, 1)
    backend.service.review(tenant, [row["id"] for row in rows], "approved")


def test_two_tenants_do_not_see_each_others_batches_and_exports(
    http: TestClient, backend: Backend, maya: Caller
) -> None:
    jonas = Caller(http, backend.principals.create_token("Jonas", "agent"))
    batch_id = maya.post([skill("Python")]).json()["batchId"]
    approve_everything(backend, maya)
    assert maya.get(f"/api/agent/import/{batch_id}").status_code == 200
    assert maya.get("/api/agent/export/skills").json()["total"] == 1
    answer = jonas.get(f"/api/agent/import/{batch_id}")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert jonas.get("/api/agent/export/skills").json()["items"] == []
    assert jonas.get("/api/agent/profile").json()["domains"]["skills"]["count"] == 0


def test_one_tenants_review_cannot_touch_anothers_items(http: TestClient, backend: Backend, maya: Caller) -> None:
    jonas = Caller(http, backend.principals.create_token("Jonas", "agent"))
    item_id = maya.post([skill("Python")]).json()["items"][0]["itemId"]
    tenant = jonas.get(wire.PROFILE_PATH).json()["tenantId"]
    assert backend.service.review(tenant, [item_id], "approved") == 0


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic abc", "bearer askcv_agt_unknown"])
def test_no_valid_token_is_401(http: TestClient, header: str | None) -> None:
    answer = http.get(wire.PROFILE_PATH, headers={} if header is None else {"Authorization": header})
    assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("scopes", "method", "path", "required"),
    [
        (("agent:read",), "POST", "/api/agent/import", "agent:write"),
        (("agent:write",), "GET", "/api/agent/export/skills", "agent:read"),
        (("agent:query",), "GET", "/api/agent/profile", "agent:read"),
        (("agent:query",), "GET", "/api/agent/import/bat_x", "agent:read"),
    ],
)
def test_a_wrong_scope_is_403_and_names_the_one_it_needs(
    http: TestClient, backend: Backend, scopes: tuple[str, ...], method: str, path: str, required: str
) -> None:
    token = backend.principals.create_token("Maya", "agent", scopes)
    answer = http.request(method, path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert answer.json()["error"] == "insufficient_scope"
    assert answer.json()["requiredScope"] == required


@pytest.mark.parametrize("kind", ["mcp", "extension"])
def test_tokens_of_other_types_do_not_open_the_rest_endpoints(http: TestClient, backend: Backend, kind: str) -> None:
    token = backend.principals.create_token("Maya", kind)
    answer = http.get(wire.PROFILE_PATH, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_a_hundred_items_are_taken_and_101_are_413(maya: Caller) -> None:
    assert maya.post([skill(f"s{n}") for n in range(100)]).json()["accepted"] == 100
    answer = maya.post([skill(f"s{n}") for n in range(101)])
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")


def test_the_21st_batch_in_an_hour_is_429_and_the_wait_it_names_is_true(maya: Caller, clock: Clock) -> None:
    for n in range(20):
        assert maya.post([skill(f"s{n}")]).status_code == 202
        clock.now += 60
    answer = maya.post([skill("one more")])
    assert (answer.status_code, answer.json()["error"]) == (429, "rate_limited")
    wait = answer.json()["retryAfterMs"]
    assert wait == (3600 - 20 * 60) * 1000
    clock.now += wait / 1000 - 1
    assert maya.post([skill("a second early")]).status_code == 429
    clock.now += 1
    assert maya.post([skill("in time")]).status_code == 202


def test_the_window_slides(maya: Caller, clock: Clock) -> None:
    for n in range(20):
        maya.post([skill(f"s{n}")])
        clock.now += 170
    clock.now += 3600 - 20 * 170
    assert maya.post([skill("the first has left the window")]).status_code == 202
    assert maya.post([skill("the second has not")]).status_code == 429


def test_limits_are_counted_per_tenant_and_for_exports_per_domain(
    http: TestClient, backend: Backend, maya: Caller
) -> None:
    for _ in range(120):
        assert maya.get("/api/agent/export/skills").status_code == 200
    assert maya.get("/api/agent/export/skills").status_code == 429
    assert maya.get("/api/agent/export/awards").status_code == 200
    jonas = Caller(http, backend.principals.create_token("Jonas", "agent"))
    assert jonas.get("/api/agent/export/skills").status_code == 200


def test_with_limits_off_nothing_is_refused_for_its_rate(tmp_path: Any, clock: Clock) -> None:
    config = StagingConfig(f"sqlite:///{tmp_path}/free.db", limits=None, now=clock)
    backend = Backend.open(config)
    maya = Caller(browser_of(backend), backend.principals.create_token("Maya", "agent"))
    assert {maya.post([skill(f"s{n}")]).status_code for n in range(25)} == {202}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"items": {}}', b'{"items": []}', b'"x"', b'{"items": [NaN]}', b"[" * 100_000, b"\xff\xfe"],
)
def test_a_body_that_is_no_such_json_is_400(http: TestClient, maya: Caller, body: bytes) -> None:
    answer = http.post(wire.IMPORT_PATH, content=body, headers=maya.headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")


def test_a_body_over_the_size_limit_is_413(http: TestClient, maya: Caller) -> None:
    answer = http.post(wire.IMPORT_PATH, content=b" " * (8 * 1024 * 1024 + 1), headers=maya.headers)
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"domain": "hobbies", "payload": {}}, "domain"),
        ({"domain": "skills", "payload": {}}, "name"),
        ({"domain": "skills", "payload": {"name": " "}}, "name"),
        ({"domain": "skills", "payload": {"name": "x" * 201}}, "name"),
        ({"domain": "skills", "payload": {"name": "x", "yearsOfExperience": -1}}, "yearsOfExperience"),
        ({"domain": "awards", "payload": {"title": "x", "awardedOn": "2026-13"}}, "awardedOn"),
        ({"domain": "awards", "payload": {"title": "x", "awardedOn": "2026-02-30"}}, "awardedOn"),
        ({"domain": "projects", "payload": {"name": "x", "technologies": ["y"] * 51}}, "technologies"),
        ({"domain": "testimonials", "payload": {"quote": "x", "relationship": "enemy"}}, "relationship"),
        ({"domain": "skills"}, "payload"),
        ({"payload": {}}, "domain"),
        ("no object", "payload"),
    ],
)
def test_an_invalid_item_comes_back_with_its_index_and_field(maya: Caller, item: Any, path: str) -> None:
    answer = maya.post([skill("good"), item])
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (202, 1, 1)
    error = answer.json()["errors"][0]
    assert error["index"] == 1
    assert path in [issue["path"] for issue in error["issues"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"items": [{"domain": "\\ud800", "payload": {}}]}', 400),
        (
            b'{"items": [{"domain": "skills", "payload": {"name": "x"}, "evidence": '
            + b"[" * 900
            + b"]" * 900
            + b"}]}",
            422,
        ),
        (b'{"items": [{"domain": "skills", "payload": {"name": "x"}, "evidence": {"quote": "x", "more": 1}}]}', 422),
        (b'{"items": [{"domain": "skills", "payload": {"name": "x", "years_of_experience": 1}}]}', 422),
        (b'{"items": [{"domain": "skills", "payload": {"name": "x", "yearsOfExperience": true}}]}', 422),
        ('{"items": [{"domain": "awards", "payload": {"title": "x", "awardedOn": "٢٠٢٤"}}]}'.encode(), 422),
    ],
)
def test_what_only_looks_valid_is_refused_and_never_fails_the_backend(
    http: TestClient, maya: Caller, body: bytes, status: int
) -> None:
    answer = http.post(wire.IMPORT_PATH, content=body, headers=maya.headers)
    assert answer.status_code == status
    assert answer.json()["error"] in {"bad_request", "validation_failed"}


def test_a_parameter_that_is_not_understood_is_said_in_the_contracts_form(maya: Caller) -> None:
    answer = maya.post([skill("x")], **{"Idempotency-Key": "k" * 201})
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert "k" * 20 not in answer.text


def test_the_same_key_gives_the_same_answer_and_stages_once(maya: Caller) -> None:
    first = maya.post([skill("Python")], **{"Idempotency-Key": "k1"})
    again = maya.post([skill("Python")], **{"Idempotency-Key": "k1"})
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = maya.post([skill("Go")], **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["error"]) == (422, "validation_failed")


def test_a_key_is_forgotten_after_a_day_and_belongs_to_one_tenant(
    http: TestClient, backend: Backend, maya: Caller, clock: Clock
) -> None:
    first = maya.post([skill("Python")], **{"Idempotency-Key": "k1"}).json()["batchId"]
    jonas = Caller(http, backend.principals.create_token("Jonas", "agent"))
    assert jonas.post([skill("Python")], **{"Idempotency-Key": "k1"}).json()["batchId"] != first
    clock.now += 24 * 3600 + 1
    assert maya.post([skill("Python")], **{"Idempotency-Key": "k1"}).json()["batchId"] != first


def test_an_export_gives_pages_of_approved_items_oldest_first(backend: Backend, maya: Caller) -> None:
    maya.post([skill(f"s{n:03}") for n in range(60)])
    tenant = maya.get(wire.PROFILE_PATH).json()["tenantId"]
    rows, _ = backend.service.inbox(tenant, "pending", None, 1)
    backend.service.review(tenant, [rows[0]["id"]], "rejected")
    approve_everything(backend, maya)
    approve_everything(backend, maya)
    first = maya.get("/api/agent/export/skills").json()
    assert (len(first["items"]), first["total"], first["hasMore"], first["limit"]) == (50, 59, True, 50)
    second = maya.get("/api/agent/export/skills?page=2").json()
    assert (len(second["items"]), second["hasMore"]) == (9, False)
    names = [item["payload"]["name"] for item in first["items"] + second["items"]]
    assert names == sorted(names)
    assert "s000" not in names


@pytest.mark.parametrize("query", ["page=0", "page=x", "limit=0", "limit=101", "limit=1.5", "page=-1"])
def test_a_page_or_limit_out_of_range_is_422(maya: Caller, query: str) -> None:
    answer = maya.get(f"/api/agent/export/skills?{query}")
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")


def test_an_unknown_domain_or_address_is_404_in_the_contracts_form(maya: Caller) -> None:
    for path in ("/api/agent/export/hobbies", "/api/agent/nothing", "/api/agent/import/bat_x"):
        answer = maya.get(path)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_tokens_are_kept_as_hashes_only(backend: Backend) -> None:
    token = backend.principals.create_token("Maya", "agent")
    with backend.store.read() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM token").all()
    assert token not in str(row)
    assert token[20:] not in str(row)


def test_an_unforeseen_host_name_is_refused(http: TestClient, maya: Caller) -> None:
    answer = http.get("/health", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nothing_an_agent_sends_is_logged(maya: Caller, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        maya.post([skill("a very private skill")])
    assert "private" not in caplog.text
    assert maya.headers["Authorization"].split()[1] not in caplog.text
    assert json.dumps("/api/agent/import").strip('"') in caplog.text
