"""AskCV tools as an MCP server over the catalogue: ``askcv mcp``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from askcv_agents.config import Settings
from askcv_agents.toolbox import Policy
from askcv_agents.tools import ToolSpec
from askcv_agents.version import __version__

INSTRUCTIONS = (
    "Reads and extends a person's career record in AskCV. Whatever is imported waits in the person's review inbox "
    "until they approve it. Read a domain before importing into it; import only what a source states, with its quote."
)


def build_server(
    settings: Settings | None = None,
    *,
    toolsets: Sequence[str] = ("read", "documents", "write"),
    read_only: bool = False,
    approve: Any = None,
    desk: Any = None,
) -> Server[Any]:
    """An MCP server that offers what the token may use. Tools that write want approval: ``approve`` is a callable that
    says yes or no to a ``ToolCall``, or ``"never"``.

    Raises:
        ConfigError: no token, settings that are unreadable or unsafe, or an unknown toolset.
    """
    from askcv_pipelines.tools import toolbox as made  # noqa: PLC0415 - importing this package stays quick

    toolbox = made(settings, toolsets=toolsets, read_only=read_only, policy=Policy(approve=approve), desk=desk)
    offered = [_tool(spec) for spec in toolbox.specs]
    names = {tool.name for tool in offered}

    @asynccontextmanager
    async def lifespan(_: Server[Any]) -> AsyncIterator[dict[str, Any]]:
        try:
            yield {}
        finally:
            await toolbox.aclose()

    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=offered)

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in names:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name!r}.")
        result = await toolbox.acall(params.name, params.arguments or {})
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=result.text)],
            structured_content=None if result.is_error else result.payload,
            is_error=result.is_error,
        )

    return Server(
        "askcv",
        version=__version__,
        title="AskCV",
        instructions=INSTRUCTIONS,
        lifespan=lifespan,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve_stdio(settings: Settings | None = None, *, read_only: bool = False, approve: Any = None) -> None:
    """Serves over standard input and output until the client closes them."""
    server = build_server(settings, read_only=read_only, approve=approve)

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)


def _tool(spec: ToolSpec[Any, Any]) -> types.Tool:
    return types.Tool(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        input_schema=spec.input_model.model_json_schema(by_alias=True),
        output_schema=spec.output_model.model_json_schema(by_alias=True, mode="serialization"),
        annotations=types.ToolAnnotations(
            title=spec.title,
            read_only_hint=spec.hints.read_only,
            destructive_hint=spec.hints.destructive,
            idempotent_hint=spec.hints.idempotent,
            open_world_hint=True,
        ),
    )


__all__ = ["build_server", "serve_stdio"]
