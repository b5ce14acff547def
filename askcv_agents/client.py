"""``Client`` and ``AsyncClient``: two small drivers of the operations, and all that talks to the service."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar
from urllib.parse import urlsplit

import httpx2

from askcv_agents import operations, wire
from askcv_agents.config import Settings, is_loopback
from askcv_agents.exchange import (
    Answer,
    Emit,
    Operation,
    Outcome,
    Request,
    RetryPolicy,
    Send,
    TransportFault,
    Wait,
    resume,
)
from askcv_agents.operations import Position
from askcv_agents.overlay import Overlay
from askcv_agents.version import __version__

T = TypeVar("T")
E = TypeVar("E")
Items: TypeAlias = "Sequence[wire.ImportItem | Mapping[str, Any]]"  # a model: not imported to be named

_log = logging.getLogger("askcv_agents")

# Raised before a byte of the request left. Every other transport error may have reached the service.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


class _Connection:
    """What both clients share: settings, policy, and how requests, answers and faults are translated."""

    def __init__(
        self, settings: Settings | None, token: str | None, base_url: str | None, sleep: Callable[[float], Any]
    ) -> None:
        if settings is None:
            settings = Settings.load(token=token, base_url=base_url)
        else:
            settings = settings.replaced(token=token, base_url=base_url)
        self.settings = settings
        self.retry = RetryPolicy(max_wait=settings.max_wait)
        self._overlay = Overlay.load(settings.overlay) if settings.overlay else Overlay()
        self._sleep = sleep
        self._bearer = settings.require_token().value

    def _import(self, items: Items, key: str | None) -> Operation[wire.Receipt, None]:
        evidence = bool(self.settings.send_evidence)
        return operations.import_items(items, self.retry, key=key or operations.fresh_key(), evidence=evidence)

    def _http_options(self) -> dict[str, Any]:
        address = urlsplit(self.settings.base_url)
        options: dict[str, Any] = {
            "base_url": self.settings.base_url,
            "timeout": httpx2.Timeout(self.settings.timeout, connect=min(10.0, self.settings.timeout)),
            "follow_redirects": False,  # a redirect would carry the bearer to another address
            "trust_env": not is_loopback(address.hostname),  # no proxy between this machine and itself
            "headers": {"User-Agent": f"askcv-agents/{__version__}", "Accept": "application/json"},
        }
        if address.scheme == "http":  # no certificates are read where none is needed; this context trusts nobody
            options["verify"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return options

    def _http_request(self, request: Request) -> dict[str, Any]:
        request = self._overlay.request(request)
        headers = {"Authorization": f"Bearer {self._bearer}", **request.headers}
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        return {
            "method": request.method,
            "url": request.path,
            "params": dict(request.params) or None,
            "content": request.body,
            "headers": headers,
        }

    def _answer(self, request: Request, response: httpx2.Response) -> Answer:
        answer = Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, response.content)
        _log.debug("%s %s: %s, request id %s", request.method, request.path, answer.status, answer.request_id)
        return self._overlay.answer(request, answer)

    def _fault(self, request: Request, error: httpx2.TransportError | httpx2.DecodingError) -> TransportFault:
        reason = f"{type(error).__name__} at {self.settings.base_url}"
        fault = TransportFault(reason, sent=not isinstance(error, _NOT_SENT))
        _log.debug("%s %s: no answer (%s)", request.method, request.path, fault.reason)
        return fault

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.settings.base_url!r}, {self.settings.token!r})"


class Client(_Connection):
    """A blocking client of one tenant's record. Use it as a context manager, or close it.

    ``Client()`` takes everything from the environment and the settings file; ``token`` and ``base_url`` win over
    them. ``transport`` and ``sleep`` are for tests.

    Raises:
        ConfigError: no token, or settings that are unreadable or unsafe.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        token: str | None = None,
        base_url: str | None = None,
        transport: httpx2.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(settings, token, base_url, sleep)
        self._http = httpx2.Client(**self._http_options(), transport=transport)

    def import_items(self, items: Items, *, key: str | None = None) -> Iterator[wire.Receipt]:
        """Stages items in the review inbox, at most 100 a batch; yields a receipt per batch as it comes.

        Each item is an ``ImportItem`` or ``{"domain": …, "payload": …}``. All are checked before the first is sent.
        Iterate to the end: a batch is sent when its receipt is asked for.

        Raises:
            ValidationFailed: an item is invalid (nothing was sent), or the service refused the request.
            OutcomeUnknown: a batch left and no readable answer came; ``receipts`` of any error holds the earlier ones.
            ApiError: see the error tree.
        """
        return self.stream(self._import(items, key))

    def import_status(self, batch_id: str) -> wire.StatusAnswer:
        """What became of a batch's items so far."""
        return self.run(operations.import_status(batch_id, self.retry))

    def export(self, domain: str) -> Iterator[wire.ExportedItem]:
        """Every approved item of a domain, oldest first, fetched page by page."""
        return self.stream(operations.export(domain, self.retry))

    def export_page(
        self, domain: str, *, page: int = 1, limit: int = wire.MAX_PAGE_ITEMS, cursor: str | None = None
    ) -> wire.ExportPage:
        """One page of a domain's approved items."""
        return self.run(operations.export_page(domain, self.retry, Position(page, cursor), limit=limit))

    def profile(self) -> wire.ProfileAnswer:
        """Whose record the token opens, and what the token may do."""
        return self.run(operations.profile(self.retry))

    def run(self, operation: Operation[Any, T]) -> T:
        """Drives an operation to its result; values it emits on the way are dropped."""
        outcome: Outcome = None
        try:
            while True:
                outcome = self._perform(resume(operation, outcome))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            operation.close()

    def stream(self, operation: Operation[E, Any]) -> Iterator[E]:
        """Drives an operation as far as the caller iterates, yielding the values it emits."""
        outcome: Outcome = None
        try:
            while True:
                effect = resume(operation, outcome)
                if isinstance(effect, Emit):
                    yield effect.value
                outcome = self._perform(effect)
        except StopIteration:
            return
        finally:
            operation.close()

    def _perform(self, effect: Send | Wait | Emit[Any]) -> Outcome:
        if isinstance(effect, Wait):
            self._sleep(effect.seconds)
        elif isinstance(effect, Send):
            try:
                return self._answer(effect.request, self._http.request(**self._http_request(effect.request)))
            except (httpx2.TransportError, httpx2.DecodingError) as error:
                return self._fault(effect.request, error)
        return None

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Connection):
    """``Client`` for async code: the same calls, awaited. Iterate ``import_items`` and ``export`` with ``async for``.

    ``transport`` and ``sleep`` are for tests.

    Raises:
        ConfigError: no token, or settings that are unreadable or unsafe.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        token: str | None = None,
        base_url: str | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(settings, token, base_url, sleep or _sleep)
        self._http = httpx2.AsyncClient(**self._http_options(), transport=transport)

    def import_items(self, items: Items, *, key: str | None = None) -> AsyncIterator[wire.Receipt]:
        """Stages items, at most 100 a batch; yields a receipt per batch. See ``Client.import_items``."""
        return self.stream(self._import(items, key))

    async def import_status(self, batch_id: str) -> wire.StatusAnswer:
        """What became of a batch's items so far."""
        return await self.run(operations.import_status(batch_id, self.retry))

    def export(self, domain: str) -> AsyncIterator[wire.ExportedItem]:
        """Every approved item of a domain, oldest first, fetched page by page."""
        return self.stream(operations.export(domain, self.retry))

    async def export_page(
        self, domain: str, *, page: int = 1, limit: int = wire.MAX_PAGE_ITEMS, cursor: str | None = None
    ) -> wire.ExportPage:
        """One page of a domain's approved items."""
        return await self.run(operations.export_page(domain, self.retry, Position(page, cursor), limit=limit))

    async def profile(self) -> wire.ProfileAnswer:
        """Whose record the token opens, and what the token may do."""
        return await self.run(operations.profile(self.retry))

    async def run(self, operation: Operation[Any, T]) -> T:
        """Drives an operation to its result; values it emits on the way are dropped."""
        outcome: Outcome = None
        try:
            while True:
                outcome = await self._perform(resume(operation, outcome))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            operation.close()

    async def stream(self, operation: Operation[E, Any]) -> AsyncIterator[E]:
        """Drives an operation as far as the caller iterates, yielding the values it emits."""
        outcome: Outcome = None
        try:
            while True:
                try:
                    effect = resume(operation, outcome)
                except StopIteration:
                    return
                if isinstance(effect, Emit):
                    yield effect.value
                outcome = await self._perform(effect)
        finally:
            operation.close()

    async def _perform(self, effect: Send | Wait | Emit[Any]) -> Outcome:
        if isinstance(effect, Wait):
            await self._sleep(effect.seconds)
        elif isinstance(effect, Send):
            try:
                return self._answer(effect.request, await self._http.request(**self._http_request(effect.request)))
            except (httpx2.TransportError, httpx2.DecodingError) as error:
                return self._fault(effect.request, error)
        return None

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


async def _sleep(seconds: float) -> None:
    import asyncio  # noqa: PLC0415 - not for a blocking client

    await asyncio.sleep(seconds)
