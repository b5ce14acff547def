"""``/api/mcp``: the three documented tools over Streamable HTTP. Who asks is settled before the protocol is spoken.

Requests are answered one by one, without a session: any process of several can answer any of them.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi.concurrency import run_in_threadpool
from mcp import types
from mcp.server import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, field_issues
from askcv_agents.staging.answers import refused
from askcv_agents.staging.backend import Backend
from askcv_agents.staging.body import MAX_BODY_BYTES
from askcv_agents.staging.origin import bearer, own_origin
from askcv_agents.staging.principals import Principal, Refusal
from askcv_agents.version import __version__

INSTRUCTIONS = (
    "Reads and extends a person's career record. Whatever is imported waits in the person's review inbox until they "
    "approve it. Read a domain before importing into it."
)


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class ImportArguments(Arguments):
    """The import endpoint's body; each item is checked by itself, as there."""

    items: list[dict[str, Any]] = Field(min_length=1, max_length=wire.MAX_IMPORT_ITEMS)


class ImportSchema(Arguments):
    """What an agent is told of it."""

    items: list[wire.ImportItem] = Field(
        min_length=1,
        max_length=wire.MAX_IMPORT_ITEMS,
        description="1 to 100 items, each with domain, payload (that domain's fields in camelCase), and evidence with "
        "the verbatim quote that proves it.",
    )


class StatusArguments(Arguments):
    batch_id: str = Field(min_length=1, max_length=200, description="The batchId that import_career_data gave.")


class ReadArguments(Arguments):
    domain: str = Field(description=f"One of: {', '.join(DOMAINS)}.", json_schema_extra={"enum": list(DOMAINS)})
    page: int = Field(1, ge=1, le=1_000_000, description="Pages count from 1.")
    limit: int = Field(wire.DEFAULT_PAGE_ITEMS, ge=1, le=wire.MAX_PAGE_ITEMS, description="Items a page.")


@dataclass(frozen=True)
class _Tool:
    name: str
    title: str
    description: str
    arguments: type[Arguments]
    run: Callable[[Backend, Principal, Any], dict[str, Any]]
    read_only: bool = True
    schema: type[Arguments] | None = None


def _import(backend: Backend, principal: Principal, given: ImportArguments) -> dict[str, Any]:
    backend.gate.count(principal, "import")
    return backend.intake.stage(principal, given.items)


def _status(backend: Backend, principal: Principal, given: StatusArguments) -> dict[str, Any]:
    backend.gate.count(principal, "status")
    return backend.service.import_status(principal, given.batch_id)


def _read(backend: Backend, principal: Principal, given: ReadArguments) -> dict[str, Any]:
    if given.domain not in DOMAINS:
        raise Refusal(404, wire.NOT_FOUND, f"There is no such domain; use one of {', '.join(DOMAINS)}.")
    backend.gate.count(principal, "export", given.domain)
    return backend.service.export(principal, given.domain, given.page, given.limit)


TOOLS = {
    tool.name: tool
    for tool in (
        _Tool(
            "import_career_data",
            "Import career data",
            "Stages 1 to 100 career items in the person's review inbox; they go live when the person approves them. "
            "Items that do not match their domain's schema come back in errors with index and field; the others are "
            "staged. At most 20 batches an hour.",
            ImportArguments,
            _import,
            read_only=False,
            schema=ImportSchema,
        ),
        _Tool(
            "get_import_status",
            "Get import status",
            "Says how many items of a batch are pending, approved or rejected. At most 120 requests an hour.",
            StatusArguments,
            _status,
        ),
        _Tool(
            "read_career_data",
            "Read career data",
            "Reads the approved items of one domain, oldest first, a page at a time: use it before importing, so that "
            "nothing is proposed twice. At most 120 requests an hour and domain.",
            ReadArguments,
            _read,
        ),
    )
}


class McpEndpoint:
    """The ASGI endpoint. ``run`` is entered in the application's lifespan."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        self._manager = StreamableHTTPSessionManager(
            _server(self._backend), json_response=True, stateless=True, max_request_body_size=MAX_BODY_BYTES
        )
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if "origin" in request.headers and not own_origin(request):
            body = {"error": wire.BAD_REQUEST, "message": "That request came from another origin."}
            await JSONResponse(body, 403)(scope, receive, send)
            return
        try:
            principal = await run_in_threadpool(self._backend.principals.authenticate, bearer(request))
            self._backend.gate.require_mcp(principal)
        except Refusal as refusal:
            await refused(request, refusal)(scope, receive, send)
            return
        if self._manager is None:
            raise RuntimeError("the application's lifespan was not entered")
        request.state.principal = principal
        await self._manager.handle_request(scope, receive, send)


def _server(backend: Backend) -> Server[Any]:
    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(
        context: ServerRequestContext[Any, Request], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None or context.request is None:
            raise MCPError(types.INVALID_PARAMS, "There is no such tool.")
        principal: Principal = context.request.state.principal
        return await run_in_threadpool(_called, backend, tool, principal, params.arguments or {})

    return Server(
        "askcv-staging",
        version=__version__,
        title="AskCV staging",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _called(backend: Backend, tool: _Tool, principal: Principal, arguments: dict[str, Any]) -> types.CallToolResult:
    """A refusal is a result that the model reads: an exception would never reach it."""
    try:
        return _result(tool.run(backend, principal, tool.arguments.model_validate(arguments)), is_error=False)
    except ValidationError as error:
        issues = [{"path": issue.path, "message": issue.message} for issue in field_issues(error)]
        body = {"error": wire.VALIDATION_FAILED, "message": "The arguments do not match the schema.", "issues": issues}
        return _result(body, is_error=True)
    except Refusal as refusal:
        return _result(refusal.body, is_error=True)


def _result(body: dict[str, Any], *, is_error: bool) -> types.CallToolResult:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content=None if is_error else body,
        is_error=is_error,
    )


def _described(tool: _Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=(tool.schema or tool.arguments).model_json_schema(by_alias=True),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=tool.read_only,
            destructive_hint=False,
            idempotent_hint=tool.read_only,
            open_world_hint=False,
        ),
    )
