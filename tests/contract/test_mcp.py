"""``/api/mcp`` as an MCP client sees it: three tools, the endpoints' limits, and nobody without an MCP token."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from askcv_agents import wire
from askcv_agents.staging import app as staging_app
from askcv_agents.staging.app import Backend
from tests.conftest import Staging, browser_of

HELLO = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
SKILL = {"domain": "skills", "payload": {"name": "PostgreSQL"}}


class Session:
    """An MCP session of the official client with one token."""

    def __init__(self, staging: Staging, token: str) -> None:
        self.url = staging.base_url + wire.MCP_PATH
        self.headers = {"Authorization": f"Bearer {token}"}

    async def __aenter__(self) -> Session:
        self.http = httpx2.AsyncClient(headers=self.headers)
        self.client = Client(streamable_http_client(self.url, http_client=self.http))
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.client.__aexit__(None, None, None)
        await self.http.aclose()

    async def call(self, name: str, arguments: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        result = await self.client.call_tool(name, arguments)
        body = json.loads(result.content[0].text)
        if not result.is_error:
            assert result.structured_content == body
        return bool(result.is_error), body


async def test_exactly_the_three_documented_tools_are_offered_each_described(staging: Staging) -> None:
    async with Session(staging, staging.token(kind="mcp")) as session:
        listed = (await session.client.list_tools()).tools
    assert [tool.name for tool in listed] == ["import_career_data", "get_import_status", "read_career_data"]
    assert all(tool.description and tool.input_schema["type"] == "object" for tool in listed)


async def test_what_is_imported_waits_for_the_person_and_is_read_once_they_approve(staging: Staging) -> None:
    async with Session(staging, staging.token(kind="mcp")) as session:
        failed, answer = await session.call("import_career_data", {"items": [SKILL, {"domain": "skills"}]})
        assert (failed, answer["accepted"], answer["rejected"]) == (False, 1, 1)
        assert answer["errors"][0]["index"] == 1
        _, status = await session.call("get_import_status", {"batchId": answer["batchId"]})
        assert status["counts"] == {"pending": 1, "approved": 0, "rejected": 0}
        assert (await session.call("read_career_data", {"domain": "skills"}))[1]["total"] == 0
        staging.approve_all()
        _, page = await session.call("read_career_data", {"domain": "skills", "limit": 10})
        assert [item["payload"] for item in page["items"]] == [SKILL["payload"]]


@pytest.mark.parametrize(
    ("tool", "arguments", "code"),
    [
        ("import_career_data", {"items": []}, "validation_failed"),
        ("import_career_data", {"items": [SKILL] * 101}, "validation_failed"),
        ("import_career_data", {"items": [{"domain": "skills", "payload": {}}]}, "validation_failed"),
        ("import_career_data", {}, "validation_failed"),
        ("get_import_status", {"batchId": "bat_none"}, "not_found"),
        ("get_import_status", {"batchId": "x", "more": 1}, "validation_failed"),
        ("read_career_data", {"domain": "hobbies"}, "not_found"),
        ("read_career_data", {"domain": "skills", "limit": 101}, "validation_failed"),
    ],
)
async def test_a_refusal_is_a_result_that_the_model_can_read(
    staging: Staging, tool: str, arguments: dict[str, Any], code: str
) -> None:
    async with Session(staging, staging.token(kind="mcp")) as session:
        failed, body = await session.call(tool, arguments)
    assert (failed, body["error"]) == (True, code)


async def test_imports_over_mcp_and_over_the_endpoint_share_one_limit(staging: Staging) -> None:
    agent = {"Authorization": f"Bearer {staging.token()}"}
    async with Session(staging, staging.token(kind="mcp")) as session:
        for _ in range(10):
            assert httpx2.post(staging.base_url + wire.IMPORT_PATH, json={"items": [SKILL]}, headers=agent).is_success
            assert not (await session.call("import_career_data", {"items": [SKILL]}))[0]
        failed, body = await session.call("import_career_data", {"items": [SKILL]})
    assert (failed, body["error"], body["retryAfterMs"]) == (True, "rate_limited", 3_600_000)


async def test_another_tenants_batch_is_not_found(staging: Staging) -> None:
    async with Session(staging, staging.token(kind="mcp")) as session:
        _, answer = await session.call("import_career_data", {"items": [SKILL]})
    async with Session(staging, staging.token("Jonas", kind="mcp")) as session:
        assert (await session.call("get_import_status", {"batchId": answer["batchId"]}))[1]["error"] == "not_found"


@pytest.mark.parametrize(
    ("kind", "scopes", "status"),
    [
        (None, None, 401),
        ("agent", None, 403),
        ("extension", None, 403),
        ("agent", ("mcp",), 403),
        ("mcp", ("agent:read",), 403),
    ],
)
def test_a_wrong_token_is_refused_before_the_protocol_and_told_how_to_authenticate(
    backend: Backend, kind: str | None, scopes: tuple[str, ...] | None, status: int
) -> None:
    token = backend.principals.create_token("Maya", kind, scopes) if kind else "askcv_mcp_unknown"
    answer = browser_of(backend).post(wire.MCP_PATH, json=HELLO, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status
    challenge = answer.headers["www-authenticate"]
    assert challenge == ("Bearer" if status == 401 else 'Bearer error="insufficient_scope", scope="mcp"')


def test_other_methods_are_405_and_addresses_nearby_404(backend: Backend) -> None:
    http = browser_of(backend)
    for method in ("GET", "DELETE", "PUT"):
        answer = http.request(method, wire.MCP_PATH)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    for path in (
        "/api/mcp/x",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/api/mcp",
    ):
        assert http.get(path).status_code == 404


def test_a_page_of_another_origin_cannot_speak_it(backend: Backend) -> None:
    headers = {"Authorization": f"Bearer {backend.principals.create_token('Maya', 'mcp')}"}
    answer = browser_of(backend).post(wire.MCP_PATH, json=HELLO, headers=headers | {"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_without_the_extra_the_address_says_what_to_install(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging_app, "find_spec", lambda _: None)
    answer = browser_of(backend).post(wire.MCP_PATH, json=HELLO)
    assert answer.status_code == 501
    assert "askcv-agents[mcp]" in answer.json()["message"]
