"""What every answer is put in: a request id, the security headers, and a log line without content."""

from __future__ import annotations

import logging
import secrets
import time
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askcv_agents import wire

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


@dataclass(frozen=True)
class Envelope:
    """ASGI middleware. It streams: nothing of an answer is held back."""

    app: ASGIApp

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
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers[wire.REQUEST_ID_HEADER] = request_id
            await send(message)

        try:
            await self.app(scope, receive, enveloped)
        finally:
            took = (time.perf_counter() - started) * 1000
            # The pattern, not the address: ids and links stay out of the log.
            pattern = getattr(scope.get("route"), "path", "-")
            fields = {
                "request_id": request_id,
                "method": scope["method"],
                "route": pattern,
                "status": status,
                "ms": round(took, 1),
            }
            log.info("%s %s %s %.1f ms %s", scope["method"], pattern, status, took, request_id, extra=fields)
