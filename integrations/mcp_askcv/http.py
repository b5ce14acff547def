"""The MCP server over Streamable HTTP: on this machine unless told otherwise, and with a bearer of its own.

Whoever reaches the server acts with the token it was started with. So it wants its own bearer, checks Host and Origin
(a web page must not reach it through a rebound name), and never opens files.
"""

from __future__ import annotations

import hmac

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp, Receive, Scope, Send

from askcv_agents.config import is_loopback
from askcv_agents.errors import ConfigError
from askcv_agents.toolbox import Toolbox
from mcp_askcv.server import server_of

PATH = "/mcp"
SHORTEST_BEARER = 16


class Bearer:
    """Lets requests through that carry the bearer; the rest get a 401."""

    def __init__(self, app: ASGIApp, bearer: str) -> None:
        self.app = app
        self.expected = f"Bearer {bearer}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, self.expected):
                headers = [(b"www-authenticate", b"Bearer"), (b"content-length", b"0")]
                await send({"type": "http.response.start", "status": 401, "headers": headers})
                await send({"type": "http.response.body", "body": b""})
                return
        await self.app(scope, receive, send)


def http_app(toolbox: Toolbox, *, bearer: str | None, host: str = "127.0.0.1") -> ASGIApp:
    """The server as an ASGI application at ``/mcp``; ``bearer=None`` leaves it open, on this machine only.

    Raises:
        ConfigError: the toolbox opens files, the bearer is short, or an open server would be reached from elsewhere.
    """
    if getattr(toolbox.desk, "roots", ()):
        raise ConfigError("files are never opened over HTTP", "Leave out --roots, or serve over stdio.")
    if bearer is None and not is_loopback(host):
        raise ConfigError(f"a server on {host} needs a bearer", "--no-auth is for this machine only.")
    if bearer is not None and (len(bearer) < SHORTEST_BEARER or not bearer.isascii()):
        raise ConfigError("the bearer is too short", f"Use at least {SHORTEST_BEARER} random ASCII characters.")
    names = {"127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host}
    security = TransportSecuritySettings(
        allowed_hosts=sorted(f"{name}:*" for name in names),
        allowed_origins=sorted(f"http://{name}:*" for name in names),
    )
    app: ASGIApp = server_of(toolbox).streamable_http_app(streamable_http_path=PATH, transport_security=security)
    return app if bearer is None else Bearer(app, bearer)


def serve_http(toolbox: Toolbox, *, bearer: str | None, host: str = "127.0.0.1", port: int = 8766) -> None:
    """Serves until it is interrupted.

    Raises:
        ConfigError: as ``http_app``.
    """
    app = http_app(toolbox, bearer=bearer, host=host)
    uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning")).run()
