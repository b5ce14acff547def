"""Faults that can be asked for: what the network and a service in trouble do, at a chosen request."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any, Literal

import anyio
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askcv_agents import wire

MOST_RECORDED = 1_000
MOST_BODY = 100_000
CONTROL = "/control"


class Fault(BaseModel):
    """What happens to the next ``times`` requests that it fits, after ``skip`` of them.

    ``status`` answers with an error, ``drop`` closes the connection without a byte, ``truncate`` in the middle of the
    answer, ``delay`` waits first. ``when`` says whether the request is carried out: ``before`` it is not, ``after`` it
    is, and the answer is lost all the same.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["status", "drop", "truncate", "delay"]
    when: Literal["before", "after"] = "before"
    method: str | None = None
    path: str | None = Field(None, description="What the path begins with.")
    status: int = Field(503, ge=400, le=599)
    retry_after_ms: int | None = Field(None, ge=0)
    seconds: float = Field(0, ge=0, le=60)
    times: int = Field(1, ge=1, le=1_000_000)
    skip: int = Field(0, ge=0)

    def fits(self, scope: Scope) -> bool:
        return self.method in {None, scope["method"]} and scope["path"].startswith(self.path or "/")


class Trouble:
    """The faults that are to happen, and the requests that came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._requests: deque[dict[str, Any]] = deque(maxlen=MOST_RECORDED)

    def ask_for(self, faults: list[Fault]) -> None:
        with self._lock:
            self._faults += faults

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()
            self._requests.clear()

    def pending(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.model_dump(exclude_none=True) for fault in self._faults]

    def recorded(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._requests)

    def record(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._requests.append(entry)

    def next_for(self, scope: Scope) -> Fault | None:
        """The first fault that fits, counted down."""
        with self._lock:
            for number, fault in enumerate(self._faults):
                if not fault.fits(scope):
                    continue
                if fault.skip:
                    self._faults[number] = fault.model_copy(update={"skip": fault.skip - 1})
                    return None
                if fault.times > 1:
                    self._faults[number] = fault.model_copy(update={"times": fault.times - 1})
                else:
                    del self._faults[number]
                return fault
        return None


class TroubleMiddleware:
    """The outermost layer: it has the connection itself in hand."""

    def __init__(self, app: ASGIApp, trouble: Trouble) -> None:
        self.app, self.trouble = app, trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        entry = {"method": scope["method"], "path": scope["path"], "query": scope["query_string"].decode("latin-1")}
        body, fault = bytearray(), self.trouble.next_for(scope)

        async def heard() -> Message:
            message = await receive()
            body.extend(message.get("body", b"")[: MOST_BODY - len(body)])
            return message

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            await send(message)

        try:
            if fault is None:
                await self.app(scope, heard, told)
            else:
                entry["fault"] = fault.kind
                await _happen(fault, self.app, scope, (heard, told))
        finally:
            self.trouble.record({**entry, "body": body.decode("utf-8", "replace")})


async def _happen(fault: Fault, app: ASGIApp, scope: Scope, ways: tuple[Receive, Send]) -> None:
    receive, send = ways
    await anyio.sleep(fault.seconds)
    if fault.kind == "delay":
        await app(scope, receive, send)
        return
    answer: list[Message] = []

    async def kept(message: Message) -> None:
        answer.append(message)

    if fault.when == "after" or fault.kind == "truncate":
        await app(scope, receive, kept)
    if fault.kind == "truncate":
        await _truncated(answer, send)
    elif fault.kind == "drop":
        raise ConnectionDropped
    else:
        await _error(fault)(scope, receive, send)


class ConnectionDropped(BaseException):
    """Leaves the application without an answer: no handler of errors may give one. ``drops_connections`` closes the
    connection for it."""


def drops_connections(app: ASGIApp) -> ASGIApp:
    """Around everything: uvicorn's ``send`` knows its connection, and nothing else does."""

    async def dropping(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except ConnectionDropped:
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            if transport is not None:
                transport.abort()

    return dropping


async def _truncated(answer: list[Message], send: Send) -> None:
    """The head, which promises the whole body, and half of the body."""
    body = b"".join(message.get("body", b"") for message in answer)
    for message in answer:
        if message["type"] == "http.response.start":
            await send(message)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


def _error(fault: Fault) -> JSONResponse:
    code = wire.RATE_LIMITED if fault.status == 429 else wire.SERVER_ERROR
    body: dict[str, Any] = {"error": code, "message": "A fault that was asked for."}
    if fault.status == 429 or fault.retry_after_ms is not None:
        body["retryAfterMs"] = fault.retry_after_ms or 0
    return JSONResponse(body, status_code=fault.status)
