"""What frameworks offer and how much they answer: limits, scopes, bounded pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from askcv_agents.pytest_plugin import Staging
from askcv_agents.tools import to_json
from askcv_pipelines.tools import catalogue
from langchain_askcv import AskCVToolkit
from llama_index.tools.askcv import AskCVToolSpec
from mcp_askcv import mcp_toolbox
from openai_askcv import AskCVTools
from openai_askcv.agents import agents_tools
from tests.agents.frameworks import Frameworks

SKILL = {"domain": "skills", "payload": {"name": "Python"}}


@pytest.fixture
async def frameworks(staging: Staging) -> AsyncIterator[Frameworks]:
    made = Frameworks(staging.settings())
    yield made
    await made.aclose()


async def test_a_rate_limits_delay_reaches_the_model_as_that_number_in_every_framework(
    frameworks: Frameworks, staging: Staging
) -> None:
    for _ in range(20):
        assert not frameworks.bare.call("import_career_data", {"items": [SKILL]}).is_error
    staging.clock.now += 1800
    for way, call in frameworks.calls.items():
        payload = await call("import_career_data", {"items": [SKILL]})
        assert payload["error"] == "rate_limited", way
        assert (payload["retryable"], payload["retryAfterMs"]) == (True, 1_800_000), way


async def test_a_read_of_ten_thousand_items_gives_a_bounded_page_and_a_cursor(
    frameworks: Frameworks, staging: Staging
) -> None:
    with staging.client() as client:
        items = [
            {"domain": "skills", "payload": {"name": f"Skill {n} of a long list", "category": "other"}}
            for n in range(10_000)
        ]
        for first in range(0, len(items), 1_000):
            staging.clock.sleep(3_600)
            list(client.import_items(items[first : first + 1_000]))
    assert staging.approve_all() == 10_000
    for way, call in frameworks.calls.items():
        payload = await call("read_career_data", {"domain": "skills", "limit": 100})
        assert payload["total"] == 10_000, way
        assert 1 < len(payload["items"]) <= 100, way
        assert len(to_json(payload)) < 20_000, way
        following = await call("read_career_data", {"domain": "skills", "limit": 100, "cursor": payload["nextCursor"]})
        assert not {item["id"] for item in payload["items"]} & {item["id"] for item in following["items"]}, way


def names(settings: Any, **given: Any) -> dict[str, set[str]]:
    """The tools that each framework offers."""
    openai = AskCVTools(settings, **given)
    return {
        "langchain": {tool.name for tool in AskCVToolkit(settings=settings, **given).get_tools()},
        "llama_index": {str(tool.metadata.name) for tool in AskCVToolSpec(settings, **given).to_tool_list()},
        "chat": {tool["function"]["name"] for tool in openai.chat_tools()},
        "responses": {tool["name"] for tool in openai.responses_tools()},
        "agents sdk": {tool.name for tool in agents_tools(settings, **given)},
        "mcp": {spec.name for spec in mcp_toolbox(settings, **given).specs},
    }


def test_a_token_known_to_be_read_only_is_offered_no_tool_that_writes_in_any_framework(staging: Staging) -> None:
    writing = {spec.name for spec in catalogue(("write", "direct"))}
    everything = ("read", "documents", "write", "direct")
    for framework, offered in names(staging.settings(scopes=("agent:read",)), toolsets=everything).items():
        assert offered, framework
        assert not offered & writing, framework
    for framework, offered in names(staging.settings(), toolsets=everything, read_only=True).items():
        assert not offered & writing, framework


def test_every_framework_offers_the_same_tools(staging: Staging) -> None:
    default = {spec.name for spec in catalogue()}
    assert set(map(frozenset, names(staging.settings()).values())) == {frozenset(default)}
    assert "import_career_data" not in default


def test_names_descriptions_and_schemas_are_the_catalogues(staging: Staging) -> None:
    specs = {spec.name: spec for spec in catalogue()}
    for tool in AskCVToolkit(settings=staging.settings()).get_tools():
        assert (tool.description, tool.args_schema) == (specs[tool.name].description, specs[tool.name].input_model)
    for tool in AskCVToolSpec(staging.settings()).to_tool_list():
        spec = specs[str(tool.metadata.name)]
        assert (tool.metadata.description, tool.metadata.fn_schema) == (spec.description, spec.input_model)
        assert tool.metadata.to_openai_tool()["function"]["name"] == spec.name
    for made in AskCVTools(staging.settings()).responses_tools():
        assert made["description"] == specs[made["name"]].description
