"""The catalogue and its adapters: the same call gives the same payload everywhere, good or bad."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from langchain_core.messages import ToolMessage
from mcp.client import Client as McpClient

from askcv_agents import errors
from askcv_agents.toolbox import Policy, Toolbox, ToolResult
from askcv_agents.tools import CATALOGUE, error_payload, offered
from langchain_askcv import AskCVToolkit
from mcp_askcv import build_server
from tests.conftest import Staging

SETS = ("read", "direct")
SKILL = {"domain": "skills", "payload": {"name": "Python"}}


class Harness:
    """One backend, called through each framework; every call starts from the same state."""

    def __init__(self, staging: Staging) -> None:
        self.staging = staging
        self.settings = staging.settings()
        self.toolbox = Toolbox(self.settings, policy=Policy(approve="never"))
        self.toolkit = AskCVToolkit(settings=self.settings, toolsets=SETS, approve="never")

    def bare(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        return self.toolbox.call(name, arguments)

    def langchain(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        message = self._tool(name).invoke({"name": name, "args": arguments, "id": "1", "type": "tool_call"})
        return self._result(message)

    async def langchain_async(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        message = await self._tool(name).ainvoke({"name": name, "args": arguments, "id": "1", "type": "tool_call"})
        return self._result(message)

    async def mcp(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        async with McpClient(build_server(self.settings, toolsets=SETS, approve="never")) as client:
            result = await client.call_tool(name, arguments)
        payload = json.loads(result.content[0].text)
        if not result.is_error:
            assert result.structured_content == payload
        return ToolResult(payload, bool(result.is_error))

    def _tool(self, name: str) -> Any:
        return next(tool for tool in self.toolkit.get_tools() if tool.name == name)

    @staticmethod
    def _result(message: ToolMessage) -> ToolResult:
        assert json.loads(str(message.content)) == message.artifact
        return ToolResult(message.artifact, message.status == "error")


@pytest.fixture
async def harness(staging: Staging) -> AsyncIterator[Harness]:
    made = Harness(staging)
    yield made
    await made.toolbox.aclose()
    await made.toolkit.aclose()


CALLS = [
    ("read_profile", {}),
    ("read_career_data", {"domain": "skills"}),
    ("read_career_data", {"domain": "hobbies"}),
    ("read_career_data", {"domain": "skills", "limit": 0}),
    ("read_career_data", {"domain": "skills", "cursor": "x"}),
    ("read_career_data", {}),
    ("read_career_data", {"domain": "skills", "colour": "red"}),
    ("get_import_status", {"batch_id": "bat_none"}),
    ("import_career_data", {"items": [SKILL, {"domain": "awards", "payload": {"title": "x", "awardedOn": "soon"}}]}),
    ("import_career_data", {"items": []}),
]


@pytest.mark.parametrize(("name", "arguments"), CALLS)
async def test_the_same_call_gives_the_same_payload_in_every_framework(
    harness: Harness, name: str, arguments: dict[str, Any]
) -> None:
    expected = harness.bare(name, arguments)
    assert harness.langchain(name, arguments) == expected
    assert await harness.langchain_async(name, arguments) == expected
    assert await harness.mcp(name, arguments) == expected
    assert await harness.toolbox.acall(name, arguments) == expected


async def test_a_rate_limits_delay_reaches_the_model_as_that_number(harness: Harness) -> None:
    for _ in range(20):
        assert not harness.bare("import_career_data", {"items": [SKILL]}).is_error
    harness.staging.clock.now += 1800
    results = [
        harness.bare("import_career_data", {"items": [SKILL]}),
        harness.langchain("import_career_data", {"items": [SKILL]}),
        await harness.mcp("import_career_data", {"items": [SKILL]}),
    ]
    for result in results:
        assert result.is_error
        assert result.payload["error"] == "rate_limited"
        assert result.payload["retryable"] is True
        assert result.payload["retryAfterMs"] == 1_800_000


def test_an_import_stages_the_item_and_says_where_it_waits(harness: Harness) -> None:
    item = SKILL | {"evidence": {"quote": "I write Python.", "document": "notes.md"}}
    result = harness.bare("import_career_data", {"items": [item]})
    assert (result.payload["staged"], result.payload["refused"]) == (1, [])
    status = harness.bare("get_import_status", {"batch_id": result.payload["batch_id"]})
    assert status.payload["counts"] == {"pending": 1, "approved": 0, "rejected": 0}


def test_an_invalid_item_is_named_by_index_and_field(harness: Harness) -> None:
    result = harness.bare("import_career_data", {"items": [SKILL, {"domain": "skills", "payload": {"nam": "x"}}]})
    assert result.payload["error"] == "validation_failed"
    assert result.payload["items"][0]["index"] == 1
    assert {issue["path"] for issue in result.payload["items"][0]["issues"]} == {"name", "nam"}


def test_langchain_tools_can_be_invoked_without_a_call_id(harness: Harness) -> None:
    tool = harness._tool("read_profile")
    assert json.loads(tool.invoke({}))["name"] == "Maya Lindqvist"


def test_a_token_known_to_be_read_only_is_offered_no_tool_that_writes(staging: Staging) -> None:
    names = {spec.name for spec in Toolbox(staging.settings(scopes=("agent:read",))).specs}
    assert names == {"read_career_data", "read_profile", "get_import_status"}


def test_where_scopes_are_not_known_every_tool_is_offered_and_read_only_still_holds() -> None:
    assert offered(CATALOGUE, None) == CATALOGUE
    assert all(spec.hints.read_only for spec in offered(CATALOGUE, None, read_only=True))


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_descriptions_fit_every_framework_and_say_what_a_call_costs(spec: Any) -> None:
    assert 100 < len(spec.description) <= 1024
    assert "Cost:" in spec.description
    for name, field in spec.input_model.model_fields.items():
        assert field.description, f"{spec.name}.{name} has no description"


def test_an_errors_payload_has_the_same_five_fields_always() -> None:
    for error in (errors.ConfigError("m", "h"), errors.RateLimited("m", retry_after=1.5), errors.NotFound("m")):
        assert {"error", "message", "hint", "retryable", "retryAfterMs"} <= set(error_payload(error))
    assert error_payload(errors.RateLimited("m", retry_after=1.5))["retryAfterMs"] == 1500
    assert error_payload(errors.InsufficientScope("m", required_scope="mcp"))["requiredScope"] == "mcp"


def test_programming_errors_are_not_turned_into_payloads(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    toolbox = Toolbox(staging.settings())
    with pytest.raises(KeyError):
        toolbox.call("no_such_tool", {})
