"""``Toolbox``: the tools that one token is offered, and the one way in which every framework calls them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from askcv_agents.client import AsyncClient, Client
from askcv_agents.config import Settings
from askcv_agents.errors import AskcvError
from askcv_agents.tools import CATALOGUE, ToolSpec, error_payload, offered, output_payload, to_json


@dataclass(frozen=True)
class ToolResult:
    """What a model reads of a call: JSON, and whether it is an error."""

    payload: dict[str, Any]
    is_error: bool = False

    @property
    def text(self) -> str:
        return to_json(self.payload)


class Toolbox:
    """The tools of ``catalogue`` that the known scopes of a token allow, and calls to them, sync and async.

    Bad arguments and errors of the service come back as a ``ToolResult`` for the model; programming errors propagate.

    Raises:
        ConfigError: no token, or settings that are unreadable or unsafe.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        read_only: bool = False,
        catalogue: Sequence[ToolSpec[Any, Any]] = CATALOGUE,
    ) -> None:
        self.settings = settings or Settings.load()
        self.settings.require_token()
        self.specs = offered(catalogue, self.settings.scopes, read_only=read_only)
        self._by_name = {spec.name: spec for spec in self.specs}
        self._client: Client | None = None
        # A connection belongs to the event loop it was made in, and a process may run several, one after the other.
        self._async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncClient] = WeakKeyDictionary()

    def call(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Calls a tool by name. ``KeyError`` where it is not offered."""
        spec = self._by_name[name]
        if self._client is None:
            self._client = Client(self.settings)
        try:
            return ToolResult(output_payload(spec.run(self._client, dict(arguments))))
        except AskcvError as error:
            return ToolResult(error_payload(error), is_error=True)

    async def acall(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """``call``, awaited."""
        spec = self._by_name[name]
        loop = asyncio.get_running_loop()
        client = self._async_clients.get(loop)
        if client is None:
            client = self._async_clients[loop] = AsyncClient(self.settings)
        try:
            return ToolResult(output_payload(await spec.arun(client, dict(arguments))))
        except AskcvError as error:
            return ToolResult(error_payload(error), is_error=True)

    def close(self) -> None:
        """Closes the blocking connection; a later call opens a new one."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def aclose(self) -> None:
        """Closes the running loop's connection, and the blocking one."""
        client = self._async_clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()
        self.close()
