"""What MCP clients want in their settings to start ``askcv mcp``."""

from __future__ import annotations

import json
from typing import Any

_TOKEN = "askcv_agt_..."  # noqa: S105 - a place for one
_STDIO: dict[str, Any] = {"command": "askcv", "args": ["mcp"], "env": {"ASKCV_TOKEN": _TOKEN}}
_HTTP: dict[str, Any] = {"url": "http://127.0.0.1:8766/mcp", "headers": {"Authorization": "Bearer ..."}}


def _servers(server: dict[str, Any], key: str = "mcpServers") -> str:
    return json.dumps({key: {"askcv": server}}, indent=2)


SNIPPETS: dict[str, tuple[str, str]] = {
    "claude-desktop": ("claude_desktop_config.json", _servers(_STDIO)),
    "claude-code": (".mcp.json in the project", _servers(_STDIO)),
    "cursor": ("~/.cursor/mcp.json", _servers(_STDIO)),
    "vscode": (".vscode/mcp.json", _servers({"type": "stdio", **_STDIO}, "servers")),
    "codex": (
        "~/.codex/config.toml",
        f'[mcp_servers.askcv]\ncommand = "askcv"\nargs = ["mcp"]\nenv = {{ ASKCV_TOKEN = "{_TOKEN}" }}',
    ),
    "http": ("any client that speaks Streamable HTTP, beside askcv mcp --http", _servers(_HTTP)),
}
"""Where each client reads it from, and what it reads."""
