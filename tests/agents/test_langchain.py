"""LangChain: its own standard tests for every tool, and approval by interrupt."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.tools import BaseTool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from askcv_agents.pytest_plugin import Staging, serving
from askcv_pipelines.agent.desk import Desk
from askcv_pipelines.tools import catalogue
from askcv_pipelines.values import Subject
from langchain_askcv import AskCVToolkit
from tests.agents.adversarial import BOOK, CUT, NOTES, entry, item
from tests.agents.frameworks import ALL
from tests.agents.scripted import LangChainModel

EXAMPLES: dict[str, dict[str, Any]] = {
    "read_career_data": {"domain": "skills", "search": "python"},
    "read_profile": {},
    "get_import_status": {"batch_id": "bat_none"},
    "check_duplicates": {"items": [{"domain": "skills", "fields": [{"name": "name", "value": "Python"}]}]},
    "open_document": {"text": NOTES, "name": "notes.md", "kind": "meeting_notes"},
    "extract_career_items": {"handle": "doc_none"},
    "propose_items": {"handle": "doc_none", "items": [item("skills", BOOK, name="PostgreSQL")]},
    "import_career_data": {"items": [{"domain": "skills", "payload": {"name": "Python"}}]},
}


def test_the_standard_tests_are_run_for_every_tool() -> None:
    assert set(EXAMPLES) == {spec.name for spec in catalogue(ALL)}


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskCVToolkit]:
    with serving(tmp_path_factory.mktemp("standard")) as staging:
        toolkit = AskCVToolkit(settings=staging.settings(), toolsets=ALL, approve="never")
        yield toolkit
        toolkit.close()


@pytest.mark.parametrize("name", EXAMPLES)
class _Standard:
    """One tool after the other through LangChain's standard tests."""

    chosen: ClassVar[dict[str, Any]] = {}

    @pytest.fixture(autouse=True)
    async def _choose(self, name: str, standard: AskCVToolkit) -> AsyncIterator[None]:
        self.chosen.update(name=name, tools={tool.name: tool for tool in standard.get_tools()})
        yield
        await standard.aclose()

    @property
    def tool_constructor(self) -> BaseTool:
        tool: BaseTool = self.chosen["tools"][self.chosen["name"]]
        return tool

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return EXAMPLES[self.chosen["name"]]


class TestUnit(_Standard, ToolsUnitTests):
    pass


class TestIntegration(_Standard, ToolsIntegrationTests):
    pass


def toolkit(staging: Staging, **given: Any) -> AskCVToolkit:
    desk = Desk(subject=Subject("Maya Lindqvist", ("Maya",)))
    return AskCVToolkit(settings=staging.settings(staging.tokens.setdefault("m", staging.token())), desk=desk, **given)


def proposing(kit: AskCVToolkit) -> LangChainModel:
    """A model that proposes one item and then stops."""
    opened = {tool.name: tool for tool in kit.get_tools()}["open_document"].invoke(EXAMPLES["open_document"])
    handle = opened.split('"handle":"')[1].split('"')[0]
    return LangChainModel(
        script=[("propose_items", {"handle": handle, "items": [entry(CUT, "Cut the build time by 35 %")]}), "done"]
    )


HERE: Any = {"configurable": {"thread_id": "1"}}
ASKED: Any = {"messages": [("user", "Take my notes in.")]}


@pytest.mark.parametrize(
    ("answer", "staged"),
    [(True, 1), ({"decisions": [{"type": "approve"}]}, 1), ({"type": "approve"}, 1), (False, 0), ("yes", 0),
     ({"decisions": [{"type": "reject"}]}, 0), ({"decisions": []}, 0)],
)  # fmt: skip
async def test_a_tool_that_writes_pauses_its_graph_until_somebody_decides(
    staging: Staging, answer: Any, staged: int
) -> None:
    kit = toolkit(staging)
    agent = create_agent(proposing(kit), kit.get_tools(), checkpointer=InMemorySaver())
    paused = await agent.ainvoke(ASKED, HERE)
    (asked,) = paused["__interrupt__"]
    assert asked.value["action_requests"][0]["name"] == "propose_items"
    assert "Cut the build time by 35 %" in asked.value["action_requests"][0]["description"]
    assert staging.approve_all() == 0
    done = await agent.ainvoke(Command(resume=answer), HERE)
    (message,) = (m for m in done["messages"] if m.type == "tool")
    assert (message.artifact.get("staged"), message.artifact.get("error")) == (
        (1, None) if staged else (None, "not_approved")
    )
    assert staging.approve_all() == staged
    await kit.aclose()


def test_the_middleware_takes_the_toolkits_list_and_asks_once(staging: Staging) -> None:
    kit = toolkit(staging, approve="never")
    middleware = [HumanInTheLoopMiddleware(interrupt_on=kit.interrupt_on())]
    agent = create_agent(proposing(kit), kit.get_tools(), middleware=middleware, checkpointer=InMemorySaver())
    assert agent.invoke(ASKED, HERE)["__interrupt__"]
    done = agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), HERE)
    assert "__interrupt__" not in done
    assert staging.approve_all() == 1
    kit.close()


def test_outside_a_graph_a_tool_that_writes_is_refused_and_says_why(staging: Staging) -> None:
    kit = toolkit(staging)
    tools = {tool.name: tool for tool in kit.get_tools()}
    call = {"name": "propose_items", "args": EXAMPLES["propose_items"], "id": "1", "type": "tool_call"}
    assert tools["propose_items"].invoke(call).artifact["error"] == "not_approved"
    call = {"name": "propose_items", "args": {"handle": "x"}, "id": "1", "type": "tool_call"}
    assert tools["propose_items"].invoke(call).artifact["error"] == "validation_failed"
    kit.close()
