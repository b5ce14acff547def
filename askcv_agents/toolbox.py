"""``Toolbox``: the tools that one token is offered, and the one way in which every framework calls them."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

from askcv_agents.client import AsyncClient, Client
from askcv_agents.config import Settings
from askcv_agents.errors import AskcvError, NotApproved, ValidationFailed
from askcv_agents.tools import CATALOGUE, ToolSpec, error_payload, offered, output_payload, to_json

LARGEST_CALL = 1_200_000
"""Characters of JSON that the arguments of one call may have."""
CLIENTS = 32
"""Connections that are kept, one a token: a process may serve many people."""
DEFAULT_TOOLSETS = ("read", "documents", "write")
"""What an adapter offers unless it is told otherwise."""


@dataclass(frozen=True)
class ToolCall:
    """A call on its way: what hooks and approvers are asked about."""

    spec: ToolSpec[Any, Any]
    arguments: Mapping[str, Any]

    @property
    def question(self) -> str:
        """What a person is asked who is to approve the call: what it writes, shortened."""
        said = f"{self.spec.title}: may this be staged in the review inbox?"
        items = self.arguments.get("items")
        if not isinstance(items, list):
            return said
        told = "".join(f"\n- {_shortly(item)}" for item in items[:10])
        return f"{said} {len(items)} items:{told}" + ("\n…" if len(items) > 10 else "")


@dataclass(frozen=True)
class ToolResult:
    """What a model reads of a call: JSON, and whether it is an error."""

    payload: dict[str, Any]
    is_error: bool = False

    @property
    def text(self) -> str:
        return to_json(self.payload)


def _shortly(item: Any) -> str:
    """An item of a call for a person to read: its domain, what it says, and its quote."""
    if not isinstance(item, dict):
        return str(item)[:300]
    pairs = item.get("fields") or [{"value": value} for value in (item.get("payload") or {}).values()]
    said = next((str(pair.get("value")) for pair in pairs if isinstance(pair, dict)), "")
    quote = item.get("quote") or (item.get("evidence") or {}).get("quote")
    return f"{item.get('domain')}: {said[:200]}" + (f"  “{str(quote)[:200]}”" if quote else "")


Answer: TypeAlias = bool | None
"""Of whoever was asked: yes, no, or None where nobody was there to ask."""
Approver: TypeAlias = Callable[[ToolCall], "Answer | Awaitable[Answer]"]
Approval: TypeAlias = Literal["never"] | Approver
"""Who is asked before a tool that writes runs: a callable that says yes or no, or ``never``: nobody, the review inbox
alone decides. Nobody is asked about arguments that are wrong."""
Before: TypeAlias = Callable[[ToolCall], None]
After: TypeAlias = Callable[[ToolCall, ToolResult], None]


@dataclass(frozen=True)
class Policy:
    """What surrounds calls. Tools that write want approval: without ``approve`` they are refused, and say so.
    ``before`` may raise an ``AskcvError`` to refuse a call; ``after`` sees every result."""

    approve: Approval | None = None
    before: tuple[Before, ...] = ()
    after: tuple[After, ...] = ()


DEFAULT_POLICY = Policy()


class Toolbox:
    """The tools of ``catalogue`` that the known scopes of a token allow, and calls to them, sync and async.

    ``settings`` may be a callable: it is asked at each call, so that one process can serve many people. ``desk`` is
    kept for tools that need something kept. Bad arguments and errors of the service come back as a ``ToolResult`` for
    the model; programming errors propagate.

    Raises:
        ConfigError: no token, or settings that are unreadable or unsafe.
    """

    def __init__(
        self,
        settings: Settings | Callable[[], Settings] | None = None,
        *,
        read_only: bool = False,
        catalogue: Sequence[ToolSpec[Any, Any]] = CATALOGUE,
        policy: Policy = DEFAULT_POLICY,
        desk: Any = None,
    ) -> None:
        self._provider = settings if callable(settings) else None
        fixed = None if callable(settings) else settings or Settings.load()
        if fixed is not None:
            fixed.require_token()
        self._fixed = fixed
        self.policy = policy
        self.desk = desk
        self.specs = offered(catalogue, fixed.scopes if fixed else None, read_only=read_only)
        self._by_name = {spec.name: spec for spec in self.specs}
        self._making = threading.Lock()  # frameworks call tools from several threads
        self._clients: OrderedDict[Settings, Client] = OrderedDict()
        # A connection belongs to the event loop it was made in, and a process may run several, one after the other.
        self._async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict[Settings, AsyncClient]] = (
            WeakKeyDictionary()
        )

    @property
    def settings(self) -> Settings:
        """The settings of a call that is made now."""
        if self._fixed is not None:
            return self._fixed
        assert self._provider is not None  # noqa: S101 - one of the two is given
        given = self._provider()
        given.require_token()
        return given

    def call(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Calls a tool by name. ``KeyError`` where it is not offered."""
        call = ToolCall(self._by_name[name], arguments)
        try:
            self._admit(call)
            answer = self._asked(call)
            if inspect.isawaitable(answer):
                if inspect.iscoroutine(answer):
                    answer.close()
                raise TypeError("the approver is async: call the tool with acall")
            _settle(answer, call)
            result = ToolResult(output_payload(call.spec.run(self._client(), dict(arguments), self.desk)))
        except AskcvError as error:
            result = ToolResult(error_payload(error), is_error=True)
        return self._seen(call, result)

    async def acall(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """``call``, awaited."""
        call = ToolCall(self._by_name[name], arguments)
        try:
            self._admit(call)
            answer = self._asked(call)
            _settle(await answer if inspect.isawaitable(answer) else answer, call)
            client = await self._async_client()
            result = ToolResult(output_payload(await call.spec.arun(client, dict(arguments), self.desk)))
        except AskcvError as error:
            result = ToolResult(error_payload(error), is_error=True)
        return self._seen(call, result)

    def close(self) -> None:
        """Closes the blocking connections; a later call opens new ones."""
        with self._making:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    async def aclose(self) -> None:
        """Closes the running loop's connections, and the blocking ones."""
        for client in self._async_clients.pop(asyncio.get_running_loop(), OrderedDict()).values():
            await client.aclose()
        self.close()

    def _admit(self, call: ToolCall) -> None:
        try:
            size = len(to_json(dict(call.arguments)))
        except RecursionError:
            raise ValidationFailed(
                f"{call.spec.name}: the arguments are nested too deeply", "Send them flat."
            ) from None
        if size > LARGEST_CALL:
            said = f"{call.spec.name}: the arguments have {size} characters"
            raise ValidationFailed(said, f"At most {LARGEST_CALL} are taken: send less.")
        for hook in self.policy.before:
            hook(call)

    def _asked(self, call: ToolCall) -> Answer | Awaitable[Answer]:
        """Whether the call is approved; None where nobody is there to ask."""
        if call.spec.hints.read_only or self.policy.approve == "never":
            return True
        call.spec.check(call.arguments)
        return self.policy.approve(call) if callable(self.policy.approve) else None

    def _seen(self, call: ToolCall, result: ToolResult) -> ToolResult:
        for hook in self.policy.after:
            hook(call, result)
        return result

    def _client(self) -> Client:
        settings = self.settings
        with self._making:
            client = self._clients.pop(settings, None) or Client(settings)
            self._clients[settings] = client
            while len(self._clients) > CLIENTS:
                self._clients.popitem(last=False)[1].close()
        return client

    async def _async_client(self) -> AsyncClient:
        settings = self.settings
        kept = self._async_clients.setdefault(asyncio.get_running_loop(), OrderedDict())
        client = kept.pop(settings, None) or AsyncClient(settings)
        kept[settings] = client
        while len(kept) > CLIENTS:
            await kept.popitem(last=False)[1].aclose()
        return client


def _settle(approved: Answer, call: ToolCall) -> None:
    if approved is None:
        said = f"{call.spec.name} writes, and nobody was asked for approval"
        hint = "Ask the person. Whoever runs the agent gives an approver, or says that the review inbox alone decides."
        raise NotApproved(said, hint)
    if not approved:
        said = f"{call.spec.name} was not approved"
        raise NotApproved(said, "Do not call it again with the same items; ask the person.")
