"""The MCP server over a toolbox: tools with structured output, resources and prompts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp import types
from mcp.server.caching import CacheableMethod, CacheHint
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from askcv_agents.toolbox import Toolbox
from askcv_agents.tools import ToolSpec
from askcv_agents.version import __version__
from mcp_askcv import prompts, resources
from mcp_askcv.approval import Asking, around

INSTRUCTIONS = (
    "Reads and extends a person's career record in AskCV. Whatever is proposed waits in the person's review inbox "
    "until they approve it. Open a document, then propose only what it states of the person, each item with its quote."
)
LISTS = CacheHint(ttl_ms=300_000, scope="private")
LISTED: tuple[CacheableMethod, ...] = ("tools/list", "resources/list", "resources/templates/list", "prompts/list")
"""What is offered depends on the token and does not change while the server runs."""


def server_of(toolbox: Toolbox) -> Server[Any]:
    """An MCP server that offers the tools of ``toolbox``, and closes its connections at the end."""
    from mcp.server.request_state import (  # noqa: PLC0415 - cryptography, which importing this package does not need
        RequestStateBoundary,
        RequestStateSecurity,
    )

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

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> Any:
        if params.name not in names:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name!r}.")
        try:
            with around(context, params):
                result = await toolbox.acall(params.name, params.arguments or {})
        except Asking as asking:
            return asking.result
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=result.text)],
            structured_content=None if result.is_error else result.payload,
            is_error=result.is_error,
        )

    async def list_resources(_: Any, __: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=resources.listed(toolbox))

    async def list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[resources.TEMPLATE])

    async def read_resource(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await resources.read(toolbox, str(params.uri))

    async def list_prompts(_: Any, __: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=prompts.listed())

    async def get_prompt(_: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        return prompts.filled(params.name, params.arguments)

    server: Server[Any] = Server(
        "askcv",
        version=__version__,
        title="AskCV",
        instructions=INSTRUCTIONS,
        lifespan=lifespan,
        cache_hints=dict.fromkeys(LISTED, LISTS),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )
    server.middleware.append(RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience="askcv"))
    return server


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
