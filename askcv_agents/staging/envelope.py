"""What every answer is put in: a request id, the security headers, and a log line without content."""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askcv_agents import wire
from askcv_agents.staging.body import MAX_BODY_BYTES
from askcv_agents.staging.metrics import Metrics

log = logging.getLogger("askcv_agents.staging")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


_ALL = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_TLS = [*_ALL, (b"strict-transport-security", b"max-age=31536000")]
_REQUEST_ID = wire.REQUEST_ID_HEADER.lower().encode()


@dataclass(frozen=True)
class Envelope:
    """ASGI middleware. It streams: nothing of an answer is held back."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 500

        async def enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name for name, _ in message["headers"]} | {_REQUEST_ID}
                added = [pair for pair in (_TLS if scope.get("scheme") == "https" else _ALL) if pair[0] not in given]
                own = [pair for pair in message["headers"] if pair[0] != _REQUEST_ID]
                message["headers"] = [*own, *added, (_REQUEST_ID, request_id.encode())]
            await send(message)

        try:
            await self._answer(scope)(scope, receive, enveloped)
        finally:
            seconds = time.perf_counter() - started
            # The pattern, not the address: ids and links stay out of the log.
            method, pattern = scope["method"], getattr(scope.get("route"), "path", "-")
            self.metrics.count(method, pattern, status, seconds)
            took = round(seconds * 1000, 1)
            fields = {"request_id": request_id, "method": method, "route": pattern, "status": status, "ms": took}
            log.info("%s %s %s %.1f ms %s", method, pattern, status, took, request_id, extra=fields)

    def _answer(self, scope: Scope) -> ASGIApp:
        """What is refused whatever it asks for never reaches the application."""
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return _NOT_AN_ADDRESS
        return _TOO_LARGE if _declared_length(scope) > MAX_BODY_BYTES else self.app


_NOT_AN_ADDRESS = JSONResponse(
    {"error": wire.BAD_REQUEST, "message": "The address has a character that no address has."}, status_code=400
)
_TOO_LARGE = JSONResponse(
    {"error": wire.TOO_LARGE, "message": f"The body is over {MAX_BODY_BYTES // 1048576} MB."}, status_code=413
)


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value[:20]) if value.isdigit() else 0
    return 0
