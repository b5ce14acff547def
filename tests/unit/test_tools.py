"""The catalogue and the toolbox: what is offered, and how errors are worded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from askcv_agents import errors
from askcv_agents.toolbox import Policy, Toolbox, ToolResult
from askcv_agents.tools import CATALOGUE, error_payload, offered
from langchain_askcv import AskCVToolkit
from tests.conftest import Staging

SETS = ("read", "direct")
SKILL = {"domain": "skills", "payload": {"name": "Python"}}


class Harness:
    """One backend and the service tools on it."""

    def __init__(self, staging: Staging) -> None:
        self.settings = staging.settings()
        self.toolbox = Toolbox(self.settings, policy=Policy(approve="never"))

    def bare(self, name: str, arguments: dict[str, Any]) -> ToolResult:
        return self.toolbox.call(name, arguments)


@pytest.fixture
def harness(staging: Staging) -> Iterator[Harness]:
    made = Harness(staging)
    yield made
    made.toolbox.close()


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
    toolkit = AskCVToolkit(settings=harness.settings, toolsets=SETS)
    tool = next(tool for tool in toolkit.get_tools() if tool.name == "read_profile")
    assert json.loads(tool.invoke({}))["name"] == "Maya Lindqvist"
    toolkit.close()


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
