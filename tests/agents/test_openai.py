"""OpenAI: strict schemas, the dispatcher, and the Agents SDK."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from agents import Agent, Runner, set_tracing_disabled
from agents.tool_context import ToolContext
from mcp_strict_check import judge_server_mcp_openai
from openai.lib._pydantic import to_strict_json_schema

from askcv_agents.errors import ValidationFailed
from askcv_agents.pytest_plugin import Staging
from askcv_agents.toolbox import ToolCall
from askcv_pipelines.agent.desk import Desk
from askcv_pipelines.tools import catalogue
from askcv_pipelines.values import Subject
from openai_askcv import AskCVTools
from openai_askcv.agents import agents_tools
from openai_askcv.strict import arguments, strict
from tests.agents.adversarial import CUT, NOTES, entry
from tests.agents.frameworks import ALL, completion, response
from tests.agents.scripted import AgentsModel

SPECS = {spec.name: spec for spec in catalogue(ALL)}
TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
KEYWORDS = {"type", "description", "enum", "const", "anyOf", "items", "properties", "required", "additionalProperties"}
"""Of the published subset, what these schemas use; formats and bounds are known to newer models only."""


def nodes(schema: dict[str, Any], depth: int = 1) -> Iterator[tuple[dict[str, Any], int]]:
    yield schema, depth
    for inner in (
        *schema.get("properties", {}).values(),
        *schema.get("anyOf", ()),
        *filter(None, [schema.get("items")]),
    ):
        yield from nodes(inner, depth + ("anyOf" not in schema))


@pytest.mark.parametrize("name", SPECS)
def test_a_strict_schema_keeps_the_published_rules(name: str) -> None:
    schema = strict(SPECS[name].input_model)
    assert (schema["type"], "anyOf" in schema) == ("object", False)
    every = list(nodes(schema))
    for node, depth in every:
        assert set(node) <= KEYWORDS
        assert depth <= 10
        assert "anyOf" in node or node["type"] in TYPES
        if node.get("type") == "object":
            assert (node["required"], node["additionalProperties"]) == (list(node["properties"]), False)
    assert sum(len(node.get("properties", {})) for node, _ in every) <= 5_000
    assert sum(len(node.get("enum", ())) for node, _ in every) <= 1_000


def test_an_independent_checker_finds_nothing_in_the_strict_schemas() -> None:
    tools = [{"name": n, "description": s.description, "inputSchema": strict(s.input_model)} for n, s in SPECS.items()]
    found = judge_server_mcp_openai({"server_name": "askcv", "pkg": "", "tools": tools})
    assert (found["n_tools"], found["A_hits"], found["B_soft_hits"]) == (len(SPECS), [], [])
    # It holds Azure's five levels, counted by node; OpenAI publishes ten, which the test above holds.
    assert {hit["code"] for hit in found["B_hits"]} <= {"B6-too-deep"}
    loose = [{"name": n, "inputSchema": s.input_model.model_json_schema()} for n, s in SPECS.items()]
    assert judge_server_mcp_openai({"server_name": "", "pkg": "", "tools": loose})["B_soft_hits"]


@pytest.mark.parametrize("name", ["read_career_data", "open_document", "propose_items"])
def test_a_strict_schema_has_the_fields_of_openais_own_transformer(name: str) -> None:
    ours, theirs = strict(SPECS[name].input_model), to_strict_json_schema(SPECS[name].input_model)
    assert ours["required"] == theirs["required"]
    assert list(ours["properties"]) == list(theirs["properties"])


def test_nulls_of_absent_arguments_are_left_out_and_free_objects_are_read() -> None:
    model = SPECS["import_career_data"].input_model
    item = {"domain": "skills", "payload": '{"name": "Rust", "level": null}', "evidence": None}
    assert arguments(model, json.dumps({"items": [item]})) == {
        "items": [{"domain": "skills", "payload": {"name": "Rust", "level": None}}]
    }
    assert arguments(SPECS["read_career_data"].input_model, '{"domain": null, "search": null, "odd": null}') == {
        "domain": None,
        "odd": None,
    }
    for text in ("[]", "{", "null", "[" * 100_000):
        with pytest.raises(ValidationFailed):
            arguments(model, text)


@pytest.fixture
async def tools(staging: Staging) -> AsyncIterator[AskCVTools]:
    desk = Desk(subject=Subject("Maya Lindqvist", ("Maya",)))
    made = AskCVTools(staging.settings(), approve="never", desk=desk)
    yield made
    await made.aclose()


async def test_parallel_calls_are_answered_each_by_its_id_and_others_are_left_to_their_owner(tools: AskCVTools) -> None:
    calls = (("read_profile", "{}"), ("weather", "{}"), ("read_career_data", "{"), ("open_document", '{"text": "a"}'))
    for answers in (tools.answer(completion(*calls)), await tools.aanswer(completion(*calls))):
        assert [answer["tool_call_id"] for answer in answers] == ["call_0", "call_2", "call_3"]
        assert all(answer["role"] == "tool" for answer in answers)
        assert json.loads(answers[0]["content"])["name"] == "Maya Lindqvist"
        assert json.loads(answers[1]["content"])["error"] == "validation_failed"
    for answers in (tools.answer(response(*calls)), await tools.aanswer(response(*calls).model_dump())):
        assert [answer["call_id"] for answer in answers] == ["call_0", "call_2", "call_3"]
        assert {answer["type"] for answer in answers} == {"function_call_output"}
    assert tools.answer(response(text="done")) == tools.answer(completion(text="done")) == []


def test_an_approver_is_asked_once_a_call_and_only_about_good_arguments(staging: Staging) -> None:
    asked: list[ToolCall] = []

    def approve(call: ToolCall) -> bool:
        asked.append(call)
        return False

    tools = AskCVTools(staging.settings(), approve=approve)
    item = entry(CUT, "Cut the build time")
    good, bad = ({"handle": "x", "items": [item]}, {"handle": "x", "items": [{}]})
    answers = tools.answer(completion(("propose_items", json.dumps(good)), ("propose_items", json.dumps(bad))))
    assert [json.loads(a["content"])["error"] for a in answers] == ["not_approved", "validation_failed"]
    assert [call.spec.name for call in asked] == ["propose_items"]
    assert "1 items" in asked[0].question
    assert CUT in asked[0].question
    tools.close()


@pytest.mark.parametrize("approved", [True, False])
async def test_an_agents_run_stops_before_it_writes(tools: AskCVTools, staging: Staging, approved: bool) -> None:
    set_tracing_disabled(True)
    opened = tools.toolbox.call("open_document", {"text": NOTES, "name": "n.md", "kind": "meeting_notes"})
    arguments = {"handle": opened.payload["handle"], "items": [entry(CUT, "Cut the build time by 35 %")]}
    agent = Agent("a", tools=agents_tools(tools=tools), model=AgentsModel([("propose_items", arguments), "done"]))
    result = await Runner.run(agent, "go")
    (asked,) = result.interruptions
    assert staging.approve_all() == 0
    state = result.to_state()
    if approved:
        state.approve(asked)
    else:
        state.reject(asked)
    assert (await Runner.run(agent, state)).final_output == "done"
    assert staging.approve_all() == approved


async def test_in_the_agents_sdk_errors_reach_the_model_and_programming_errors_end_the_run(
    tools: AskCVTools, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_tracing_disabled(True)
    model = AgentsModel([("read_career_data", {"domain": "hobbies"}), "done"])
    result = await Runner.run(Agent("a", tools=agents_tools(tools=tools), model=model), "go")
    assert "validation_failed" in str(result.to_input_list())

    async def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(tools.toolbox, "acall", broken)
    (tool,) = (tool for tool in agents_tools(tools=tools) if tool.name == "read_profile")
    with pytest.raises(ZeroDivisionError):
        await tool.on_invoke_tool(ToolContext(None, tool_name="", tool_call_id="", tool_arguments="{}"), "{}")
