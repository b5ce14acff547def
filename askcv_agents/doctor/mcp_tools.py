"""The MCP endpoint, as far as it can be seen without an MCP library: who is let in, and which tools there are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from askcv_agents import wire
from askcv_agents.config import Token
from askcv_agents.doctor.examination import NOBODY, Examination, Step
from askcv_agents.exchange import Answer, Request
from askcv_agents.version import __version__

PROTOCOL = "2025-06-18"
_HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": PROTOCOL}
_HELLO = {
    "protocolVersion": PROTOCOL,
    "capabilities": {},
    "clientInfo": {"name": "askcv-doctor", "version": __version__},
}


def mcp(exam: Examination, token: Token | None) -> Step[None]:
    """Says who is let in, and with an MCP token which tools are offered. Nothing is called."""
    stranger = _request("initialize", _HELLO, {"Authorization": NOBODY})
    answer = yield from exam.ask(stranger)
    if answer.status in {404, 405} and (yield from exam.elsewhere("mcp", "POST")):
        answer = yield from exam.ask(stranger)
    if answer.status in {404, 501}:
        yield from exam.say("mcp", f"POST {wire.MCP_PATH} is there", False, f"{answer.status}", "documented")
        return
    yield from exam.refused("mcp", stranger, answer, 401, wire.UNAUTHORIZED)
    own = exam.token.type
    if own is not None and own.name != "mcp":
        request = _request("initialize", _HELLO, {})
        yield from exam.refused("mcp", request, (yield from exam.ask(request)), 403, wire.INSUFFICIENT_SCOPE)
    if token is None:
        yield from exam.say("mcp", "the tools", "not checked", "that needs an MCP token, in ASKCV_MCP_TOKEN")
        return
    yield from _tools(exam, token)


def _tools(exam: Examination, token: Token) -> Step[None]:
    bearer = {"Authorization": f"Bearer {token.value}"}
    answer = yield from exam.ask(_request("initialize", _HELLO, bearer))
    yield from exam.say("mcp", "an MCP token is let in", answer.status == 200, f"{answer.status}", "documented")
    if answer.status != 200:
        return
    if session := answer.headers.get("mcp-session-id"):
        bearer |= {"Mcp-Session-Id": session}
    yield from exam.ask(_request("notifications/initialized", {}, bearer))
    answer = yield from exam.ask(_request("tools/list", {}, bearer))
    listed = _result(answer).get("tools")
    names = [tool.get("name") for tool in listed if isinstance(tool, dict)] if isinstance(listed, list) else []
    for name in wire.MCP_TOOLS:
        yield from exam.say("mcp", f"the tool {name}", name in names, "not offered", "documented")
    if more := [str(name)[:40] for name in names if name not in wire.MCP_TOOLS]:
        yield from exam.say("mcp", "no other tools", False, f"{', '.join(more[:5])} too", "documented")


def _request(method: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> Request:
    call: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
    if not method.startswith("notifications/"):
        call["id"] = 1
    return Request("POST", wire.MCP_PATH, body=json.dumps(call).encode(), headers={**_HEADERS, **headers})


def _result(answer: Answer) -> dict[str, Any]:
    """The result of a call: the body, or the last message of an event stream."""
    body = answer.body
    if answer.headers.get("content-type", "").startswith("text/event-stream"):
        lines = [line.removeprefix(b"data:") for line in body.splitlines() if line.startswith(b"data:")]
        body = lines[-1] if lines else b""
    content = Answer(answer.status, {}, body).json_object() or {}
    result = content.get("result")
    return result if isinstance(result, dict) else {}
