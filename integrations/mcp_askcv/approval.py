"""Asking the person by elicitation, where the client can show a question.

Up to protocol 2025-11-25 the question is a request to the client while the call waits; from 2026-07-28 on it is the
call's first answer, and the client calls again with what the person said.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError

from askcv_agents.toolbox import Answer, ToolCall

KEY = "approve"
ASKED = "asked"
"""State of a call that was answered with the question: the server seals it, so no client can say that it was asked."""
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {KEY: {"type": "boolean", "title": "Stage these items", "default": True}},
    "required": [KEY],
}
CALLS_AGAIN = "2026-07-28"
"""The first protocol version in which a question is the call's answer."""


@dataclass(frozen=True)
class _Around:
    context: ServerRequestContext[Any, Any]
    params: types.CallToolRequestParams


_around: ContextVar[_Around] = ContextVar("askcv_mcp_call")


class Asking(Exception):
    def __init__(self, result: types.InputRequiredResult) -> None:
        super().__init__("the person is asked")
        self.result = result


@contextmanager
def around(context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams) -> Iterator[None]:
    """Within it ``by_elicitation`` knows whom to ask."""
    token = _around.set(_Around(context, params))
    try:
        yield
    finally:
        _around.reset(token)


async def by_elicitation(call: ToolCall) -> Answer:
    """Asks the person through the client; None where it cannot show a question.

    Raises:
        Asking: the question is the answer to this call.
    """
    here = _around.get()
    session, params = here.context.session, here.params
    capabilities = session.client_capabilities
    if capabilities is None or capabilities.elicitation is None:
        return None
    if here.context.protocol_version < CALLS_AGAIN:
        try:
            return _yes(await session.elicit_form(call.question, SCHEMA, here.context.request_id))
        except MCPError:
            return None
    said = (params.input_responses or {}).get(KEY)
    if params.request_state == ASKED and said is not None:
        return _yes(said)
    form = types.ElicitRequestFormParams(message=call.question, requested_schema=SCHEMA)
    asked: types.InputRequests = {KEY: types.ElicitRequest(params=form)}
    raise Asking(types.InputRequiredResult(input_requests=asked, request_state=ASKED))


def _yes(said: Any) -> bool:
    return isinstance(said, types.ElicitResult) and said.action == "accept" and (said.content or {}).get(KEY) is True
