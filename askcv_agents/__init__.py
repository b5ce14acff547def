"""The AskCV service: its contract, how to talk to it, and what agents are offered.

Names are imported when they are first used, so that ``import askcv_agents`` costs nothing by itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from askcv_agents.version import __version__

if TYPE_CHECKING:
    from askcv_agents.client import AsyncClient, Client
    from askcv_agents.config import Settings, Token
    from askcv_agents.domains import DOMAINS
    from askcv_agents.errors import AskcvError
    from askcv_agents.toolbox import Toolbox
    from askcv_agents.tools import CATALOGUE, ToolSpec
    from askcv_agents.wire import ImportItem, Receipt

_HOMES = {
    "CATALOGUE": "tools",
    "DOMAINS": "domains",
    "AskcvError": "errors",
    "AsyncClient": "client",
    "Client": "client",
    "ImportItem": "wire",
    "Receipt": "wire",
    "Settings": "config",
    "Token": "config",
    "ToolSpec": "tools",
    "Toolbox": "toolbox",
}

__all__ = [
    "CATALOGUE",
    "DOMAINS",
    "AskcvError",
    "AsyncClient",
    "Client",
    "ImportItem",
    "Receipt",
    "Settings",
    "Token",
    "ToolSpec",
    "Toolbox",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"askcv_agents.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
