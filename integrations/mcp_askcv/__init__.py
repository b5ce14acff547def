"""AskCV tools as an MCP server over the catalogue: ``askcv mcp``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from askcv_agents.config import Settings
from askcv_agents.toolbox import DEFAULT_TOOLSETS, Approver, Policy, Toolbox
from mcp_askcv.approval import by_elicitation
from mcp_askcv.server import server_of


def mcp_toolbox(
    settings: Settings | Callable[[], Settings] | None = None,
    *,
    toolsets: Sequence[str] = DEFAULT_TOOLSETS,
    read_only: bool = False,
    approve: Literal["ask", "never"] | Approver = "ask",
    desk: Any = None,
) -> Toolbox:
    """The tools that a server offers. Those that write want approval: with ``approve="ask"`` the person is asked
    through the client, and where it cannot ask they are refused; a callable says yes or no to a ``ToolCall``; with
    ``"never"`` nobody is asked.

    Raises:
        ConfigError: no token, settings that are unreadable or unsafe, or an unknown toolset.
    """
    from askcv_pipelines.tools import toolbox  # noqa: PLC0415 - importing this package stays quick

    policy = Policy(approve=by_elicitation if approve == "ask" else approve)
    return toolbox(settings, toolsets=toolsets, read_only=read_only, policy=policy, desk=desk)


def build_server(settings: Settings | Callable[[], Settings] | None = None, **offer: Any) -> Server[Any]:
    """An MCP server that offers what the token may use: ``mcp_toolbox(settings, **offer)``, served."""
    return server_of(mcp_toolbox(settings, **offer))


def serve_stdio(toolbox: Toolbox) -> None:
    """Serves over standard input and output until the client closes them."""
    server = server_of(toolbox)

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)


__all__ = ["build_server", "mcp_toolbox", "serve_stdio"]
