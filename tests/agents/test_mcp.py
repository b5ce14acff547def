"""MCP: approval by elicitation in both protocol eras, resources and prompts, and the server over HTTP."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from mcp import types
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from starlette.testclient import TestClient

from askcv_agents.cli import cli
from askcv_agents.domains import DOMAINS
from askcv_agents.errors import ConfigError
from askcv_agents.pytest_plugin import Staging
from askcv_agents.toolbox import Toolbox
from askcv_pipelines.agent.desk import Desk
from askcv_pipelines.tools import catalogue
from askcv_pipelines.values import Subject
from mcp_askcv import build_server, mcp_toolbox
from mcp_askcv.http import http_app
from mcp_askcv.server import server_of
from tests.agents.adversarial import CUT, NOTES, entry

BEARER = "a-bearer-of-its-own"


@pytest.fixture
def toolbox(staging: Staging) -> Toolbox:
    return mcp_toolbox(staging.settings(), desk=Desk(subject=Subject("Maya Lindqvist", ("Maya",))))


def proposal(toolbox: Toolbox) -> dict[str, Any]:
    opened = toolbox.call("open_document", {"text": NOTES, "name": "n.md", "kind": "meeting_notes"})
    return {"handle": opened.payload["handle"], "items": [entry(CUT, "Cut the build time by 35 %")]}


ACCEPT = types.ElicitResult(action="accept", content={"approve": True})


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize(
    ("answer", "staged"),
    [(ACCEPT, 1), (types.ElicitResult(action="accept", content={"approve": False}), 0),
     (types.ElicitResult(action="accept", content={}), 0), (types.ElicitResult(action="decline"), 0),
     (types.ElicitResult(action="cancel"), 0), (types.ErrorData(code=-1, message="no"), 0)],
)  # fmt: skip
async def test_the_person_is_asked_through_the_client_and_only_a_yes_stages(
    toolbox: Toolbox, staging: Staging, mode: Any, answer: Any, staged: int
) -> None:
    asked: list[str] = []

    async def ask(_: Any, params: types.ElicitRequestFormParams) -> Any:
        asked.append(params.message)
        return answer

    async with Client(server_of(toolbox), mode=mode, elicitation_callback=ask) as client:
        try:
            result = await client.call_tool("propose_items", proposal(toolbox))
            payload = json.loads(result.content[0].text)
            assert payload.get("error") == (None if staged else "not_approved")
        except MCPError:
            assert isinstance(answer, types.ErrorData)
    (message,) = asked
    assert "Cut the build time by 35 %" in message
    assert staging.approve_all() == staged


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_where_the_client_cannot_ask_a_tool_that_writes_is_refused_unless_nobody_is_to_be_asked(
    toolbox: Toolbox, staging: Staging, mode: Any
) -> None:
    async with Client(server_of(toolbox), mode=mode) as client:
        result = await client.call_tool("propose_items", proposal(toolbox))
    assert json.loads(result.content[0].text)["error"] == "not_approved"
    free = mcp_toolbox(staging.settings(), approve="never", desk=Desk(subject=Subject("Maya Lindqvist", ("Maya",))))
    async with Client(server_of(free), mode=mode) as client:
        result = await client.call_tool("propose_items", proposal(free))
    assert result.structured_content["staged"] == 1


async def test_a_client_cannot_say_yes_to_a_question_it_was_not_asked(toolbox: Toolbox, staging: Staging) -> None:
    async def ask(_: Any, __: Any) -> Any:
        return ACCEPT

    async with Client(server_of(toolbox), elicitation_callback=ask) as client:
        first = await client.session.call_tool(
            "propose_items", proposal(toolbox), input_responses={"approve": ACCEPT}, allow_input_required=True
        )
        assert isinstance(first, types.InputRequiredResult)
        for state in ("asked", first.request_state):  # made up, and of another call
            with pytest.raises(MCPError):
                await client.session.call_tool(
                    "propose_items",
                    proposal(toolbox) | {"handle": "other"},
                    input_responses={"approve": ACCEPT},
                    request_state=state,
                )
    assert staging.approve_all() == 0


async def test_the_profile_and_what_each_domain_is_made_of_can_be_read(toolbox: Toolbox) -> None:
    async with Client(server_of(toolbox)) as client:
        uris = [resource.uri for resource in (await client.list_resources()).resources]
        assert uris == ["askcv://profile", *(f"askcv://domains/{name}" for name in DOMAINS)]
        texts = {uri: (await client.read_resource(uri)).contents[0].text for uri in uris}
        assert json.loads(texts["askcv://profile"])["name"] == "Maya Lindqvist"
        assert "title" in json.loads(texts["askcv://domains/awards"])["payload"]["properties"]
        with pytest.raises(MCPError):
            await client.read_resource("askcv://domains/hats")


async def test_the_three_workflows_are_prompts(toolbox: Toolbox) -> None:
    async with Client(server_of(toolbox)) as client:
        prompts = (await client.list_prompts()).prompts
        assert len(prompts) == 3
        for prompt in prompts:
            given = {"document": "I shipped it."} if prompt.arguments else {}
            (message,) = (await client.get_prompt(prompt.name, given)).messages
            assert ("I shipped it." in message.content.text) == bool(prompt.arguments)
        with pytest.raises(MCPError):
            await client.get_prompt(prompts[0].name, {})
        with pytest.raises(MCPError):
            await client.get_prompt("poem", {})


async def test_there_is_no_other_tool(staging: Staging) -> None:
    async with Client(build_server(staging.settings())) as client:
        with pytest.raises(MCPError):
            await client.call_tool("import_career_data", {})


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HEADERS = {"authorization": f"Bearer {BEARER}", "accept": "application/json, text/event-stream"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"authorization": ""}, 401), ({"authorization": "Bearer other"}, 401), ({"authorization": BEARER}, 401),
     ({"host": "evil.example"}, 421), ({"origin": "http://evil.example"}, 403)],
)  # fmt: skip
def test_over_http_strangers_and_rebound_names_are_kept_out(
    toolbox: Toolbox, headers: dict[str, str], status: int
) -> None:
    with TestClient(http_app(toolbox, bearer=BEARER), base_url="http://127.0.0.1:8766") as web:
        assert web.post("/mcp", json=PING, headers=HEADERS | headers).status_code == status


async def test_over_http_with_the_bearer_tools_are_called(toolbox: Toolbox, unused_tcp_port: int) -> None:
    import anyio
    import uvicorn

    app = http_app(toolbox, bearer=BEARER)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=unused_tcp_port, log_level="critical"))
    async with anyio.create_task_group() as group:
        group.start_soon(server.serve)
        while not server.started:
            await anyio.lowlevel.checkpoint()
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {BEARER}"}) as http,
            Client(streamable_http_client(f"http://127.0.0.1:{unused_tcp_port}/mcp", http_client=http)) as client,
        ):
            assert {tool.name for tool in (await client.list_tools()).tools} == {spec.name for spec in catalogue()}
            result = await client.call_tool("read_profile", {})
            assert result.structured_content["name"] == "Maya Lindqvist"
            opened = await client.call_tool("open_document", {"path": "/etc/hostname"})
            assert json.loads(opened.content[0].text)["error"] == "source_error"
        server.should_exit = True


def test_an_open_server_is_for_this_machine_and_no_server_over_http_opens_files(
    staging: Staging, toolbox: Toolbox, tmp_path: Any
) -> None:
    assert http_app(toolbox, bearer=None)
    for given in ({"bearer": None, "host": "0.0.0.0"}, {"bearer": "short"}, {"bearer": ""}):
        with pytest.raises(ConfigError):
            http_app(toolbox, **given)
    with pytest.raises(ConfigError, match="files are never opened"):
        http_app(mcp_toolbox(staging.settings(), desk=Desk(roots=[tmp_path])), bearer=BEARER)


def run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(cli, ["mcp", *arguments], env=environment)


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--roots", "."], "files are never opened"), (["--no-auth", "--host", "0.0.0.0"], "needs a bearer"),
     (["--toolsets", "hats"], "unknown toolset")],
)  # fmt: skip
def test_the_command_refuses_what_would_be_unsafe(staging: Staging, options: list[str], said: str) -> None:
    done = run("--http", *options, ASKCV_TOKEN=staging.token(), ASKCV_BASE_URL=staging.base_url)
    assert isinstance(done.exception, ConfigError)
    assert said in done.exception.message


def test_the_command_makes_a_bearer_unless_it_is_given_one(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr("mcp_askcv.http.serve_http", lambda toolbox, **given: served.append(given))
    environment = {"ASKCV_TOKEN": staging.token(), "ASKCV_BASE_URL": staging.base_url}
    made = run("--http", **environment)
    assert served[-1]["bearer"] in made.stderr
    assert run("--http", **environment, ASKCV_MCP_BEARER=BEARER).stderr.count(BEARER) == 0
    assert (served[-1]["bearer"], served[-1]["host"]) == (BEARER, "127.0.0.1")
    run("--http", "--no-auth", **environment)
    assert served[-1]["bearer"] is None


@pytest.mark.parametrize("client", ["claude-desktop", "claude-code", "cursor", "vscode", "codex", "http"])
def test_the_command_prints_the_settings_of_a_client(client: str) -> None:
    printed = run("config", "--client", client).stdout
    entry = tomllib.loads(printed)["mcp_servers"] if client == "codex" else next(iter(json.loads(printed).values()))
    assert "url" in entry["askcv"] or entry["askcv"]["args"] == ["mcp"]
