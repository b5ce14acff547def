"""What a tool call costs: ``read_profile`` through each framework, beside the client's own call, against the staging
backend in this process; medians of calls taken in turn, so that the ratio holds on any machine. And how large the
schemas of the default tools are, as each framework sends them to a model."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from agents.tool_context import ToolContext
from llama_index.core.tools.calling import acall_tool, call_tool
from mcp.client import Client as McpClient

from askcv_agents import AsyncClient, Client
from askcv_agents.config import Settings
from askcv_agents.pytest_plugin import Staging, serving
from askcv_agents.tools import to_json
from askcv_pipelines.tools import catalogue, toolbox
from langchain_askcv import AskCVToolkit
from llama_index.tools.askcv import AskCVToolSpec
from mcp_askcv import build_server
from openai_askcv import AskCVTools
from openai_askcv.agents import agents_tools

ROUNDS = 150
NAME = "read_profile"
Ways = dict[str, Callable[[], Any]]


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


async def atimed(call: Callable[[], Awaitable[Any]]) -> float:
    start = time.perf_counter()
    await call()
    return time.perf_counter() - start


def show(kind: str, times: dict[str, list[float]]) -> None:
    base = statistics.median(times["client"])
    for way, taken in times.items():
        median = statistics.median(taken)
        print(f"{way}, {kind}: {median / base:.2f} times the client's call ({median * 1000:.2f} ms)")


def blocking(settings: Settings) -> tuple[Ways, Callable[[], None]]:
    client, bare, openai = Client(settings), toolbox(settings), AskCVTools(settings)
    kit, spec = AskCVToolkit(settings=settings), AskCVToolSpec(settings)
    langchain = next(tool for tool in kit.get_tools() if tool.name == NAME)
    llama = next(tool for tool in spec.to_tool_list() if tool.metadata.name == NAME)
    function = {"name": NAME, "arguments": "{}"}
    ways: Ways = {
        "client": client.profile,
        "bare": lambda: bare.call(NAME, {}),
        "langchain": lambda: langchain.invoke({"name": NAME, "args": {}, "id": "1", "type": "tool_call"}),
        "llama_index": lambda: call_tool(llama, {}),
        "openai chat": lambda: openai.answer({"tool_calls": [{"id": "1", "function": function}]}),
        "openai responses": lambda: openai.answer({"output": [{"type": "function_call", "call_id": "1", **function}]}),
    }

    def close() -> None:
        for opened in (client, bare, kit, spec, openai):
            opened.close()

    return ways, close


async def awaiting(settings: Settings, staging: Staging) -> dict[str, list[float]]:
    client, bare, openai = AsyncClient(settings), toolbox(settings), AskCVTools(settings)
    kit, spec = AskCVToolkit(settings=settings), AskCVToolSpec(settings)
    langchain = next(tool for tool in kit.get_tools() if tool.name == NAME)
    llama = next(tool for tool in spec.to_tool_list() if tool.metadata.name == NAME)
    agent = next(tool for tool in agents_tools(tools=openai) if tool.name == NAME)
    context: Any = ToolContext(context=None, tool_name=NAME, tool_call_id="1", tool_arguments="{}")
    output = {"output": [{"type": "function_call", "call_id": "1", "name": NAME, "arguments": "{}"}]}
    async with McpClient(build_server(settings)) as mcp:
        ways: dict[str, Callable[[], Awaitable[Any]]] = {
            "client": client.profile,
            "bare": lambda: bare.acall(NAME, {}),
            "langchain": lambda: langchain.ainvoke({"name": NAME, "args": {}, "id": "1", "type": "tool_call"}),
            "llama_index": lambda: acall_tool(llama, {}),
            "openai responses": lambda: openai.aanswer(output),
            "agents sdk": lambda: agent.on_invoke_tool(context, "{}"),
            "mcp in memory": lambda: mcp.call_tool(NAME, {}),
        }
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, call in ways.items():
                staging.clock.sleep(60)
                times[way].append(await atimed(call))
    for opened in (client, bare, kit, spec, openai):
        await opened.aclose()
    return times


def sizes() -> None:
    specs = catalogue()
    plain = [
        {"name": s.name, "description": s.description, "parameters": s.input_model.model_json_schema()} for s in specs
    ]
    print(f"schemas of the {len(specs)} default tools: {len(to_json({'tools': plain}).encode())} bytes of compact JSON")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as staging:
        strict = AskCVTools(staging.settings()).responses_tools()
    print(f"  strict, as the Responses API takes them: {len(json.dumps(strict, separators=(',', ':')).encode())} bytes")


def main() -> None:
    sizes()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as staging:
        settings = staging.settings()
        ways, close = blocking(settings)
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(ROUNDS):
            for way, call in ways.items():
                staging.clock.sleep(60)
                times[way].append(timed(call))
        close()
        show("sync", times)
        show("async", asyncio.run(awaiting(settings, staging)))


if __name__ == "__main__":
    main()
