"""One request and its answer: the effects that operations yield, the retry policy, and what a refusal stands for.

An operation is a generator without I/O. It yields effects and is driven by ``client``: ``Send`` is answered with an
``Answer`` (or a ``TransportFault`` is thrown in), ``Wait`` asks for a pause, ``Emit`` hands a value to whoever
iterates. What it returns is the result.
"""

from __future__ import annotations

import json
import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeAlias, TypeVar

from askcv_agents import wire
from askcv_agents.errors import (
    ApiError,
    ConnectionFailed,
    InsufficientScope,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    Unauthorized,
    UnreadableAnswer,
    ValidationFailed,
)

T = TypeVar("T")
E = TypeVar("E")


@dataclass(frozen=True)
class Request:
    """One request to the service. ``safe``: it changes nothing there, so it may be sent again."""

    method: str
    path: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def safe(self) -> bool:
        return self.method == "GET"


@dataclass(frozen=True)
class Answer:
    """What came back, unread. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str | None:
        return self.headers.get(wire.REQUEST_ID_HEADER.lower())

    def json_object(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None where it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


@dataclass(frozen=True)
class Send:
    request: Request


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class Emit(Generic[E]):
    value: E


class TransportFault(Exception):
    """No answer came. ``sent``: bytes of the request may have reached the service."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


Operation: TypeAlias = Generator[Send | Wait | Emit[E], Answer | None, T]
Outcome: TypeAlias = Answer | TransportFault | None
"""What performing an effect gave: an answer or a fault for ``Send``, None for the others."""


def resume(operation: Operation[E, Any], outcome: Outcome) -> Send | Wait | Emit[E]:
    """The operation's next effect, told the ``outcome`` of the last one. ``StopIteration`` carries its result."""
    if isinstance(outcome, TransportFault):
        return operation.throw(outcome)
    return operation.send(outcome)


@dataclass(frozen=True)
class RetryPolicy:
    """``attempts`` on connection errors and 5xx of safe calls; waits for rate limits of up to ``max_wait`` seconds in
    all, and never less than the service asks for."""

    attempts: int = 3
    base: float = 0.5
    max_wait: float = 60.0
    shortest_wait: float = 1.0

    def backoff(self, attempt: int) -> float:
        return self.base * float(2 ** (attempt - 1)) + random.uniform(0, self.base)  # noqa: S311 - jitter is no secret

    def after_limit(self, retry_after: float) -> float:
        """Positive jitter only: an early attempt would be refused again, and count. A service that asks for no wait
        gets a short one: the same refusal again and again helps nobody."""
        return max(self.shortest_wait, retry_after) + random.uniform(0.05, 0.05 + min(1.0, retry_after * 0.1))  # noqa: S311


def exchange(request: Request, retry: RetryPolicy) -> Operation[Any, Answer]:
    """Sends ``request`` until an answer is worth reading, as the policy allows.

    Raises:
        ConnectionFailed: nothing was sent, after all attempts.
        OutcomeUnknown: a request that changes something left, and no answer came. It is not sent again.
        RateLimited: the service asks for a longer wait than the policy allows inline.
    """
    attempt, waited = 1, 0.0
    while True:
        try:
            answer = yield Send(request)
            assert answer is not None, "a driver answers every Send"  # noqa: S101
        except TransportFault as fault:
            if fault.sent and not request.safe:
                raise OutcomeUnknown(
                    f"the import was sent and no answer came ({fault.reason})",
                    "Look for the items in the review inbox before sending them again.",
                ) from fault
            if attempt >= retry.attempts:
                raise ConnectionFailed(
                    f"no answer from the service ({fault.reason})",
                    "Check the base address and that the service is up.",
                    retryable=True,
                ) from fault
            yield Wait(retry.backoff(attempt))
            attempt += 1
            continue
        if answer.status == 429 and not _staged_something(answer):
            error = failure(request, answer)
            delay = error.retry_after if isinstance(error, RateLimited) else None
            if delay is None or waited + max(delay, retry.shortest_wait) > retry.max_wait:
                raise error
            pause = retry.after_limit(delay)
            waited += pause
            yield Wait(pause)
        elif answer.status >= 500 and request.safe and attempt < retry.attempts:
            yield Wait(retry.backoff(attempt))
            attempt += 1
        else:
            return answer


def failure(request: Request, answer: Answer) -> ApiError:
    """The error that a refusing ``answer`` stands for."""
    read = wire.ErrorAnswer.read(answer.json_object() or {})
    said = read.message or read.error or f"status {answer.status}"
    api: dict[str, Any] = {"status": answer.status, "request_id": answer.request_id}
    match answer.status:
        case 401:
            return Unauthorized(
                f"the service does not know this token: {said}", "Make a new one in Settings → API Keys.", **api
            )
        case 403:
            scope = read.required_scope
            hint = f"Make a token with the scope {scope}." if scope else "Make a token with the scope this call needs."
            return InsufficientScope(f"the token may not do this: {said}", hint, required_scope=scope, **api)
        case 404:
            return NotFound(f"{request.path}: {said}", "Check the id; another tenant's things are not shown.", **api)
        case 429:
            delay = _retry_after(read, answer)
            hint = "The service did not say when to try again." if delay is None else f"Try again in {delay:.0f} s."
            return RateLimited(f"rate limit reached: {said}", hint, retry_after=delay, **api)
        case 400 | 413 | 422:
            refused = wire.Receipt.read(answer.json_object() or {}, wire.MAX_IMPORT_ITEMS).refused
            return ValidationFailed(f"the service refused the request: {said}", "", items=refused, **api)
        case status if 300 <= status < 400:
            return UnreadableAnswer(
                f"{request.path} answers with a redirect ({status})",
                "Redirects are not followed, so that the token stays with its origin. Check the base address.",
                **api,
            )
        case status if status >= 500:
            return ServerError(f"the service failed: {said}", "Try again later.", retryable=True, **api)
    return UnreadableAnswer(f"{request.path}: unexpected answer: {said}", "", **api)


def _staged_something(answer: Answer) -> bool:
    return bool((answer.json_object() or {}).get("batchId"))


def _retry_after(read: wire.ErrorAnswer, answer: Answer) -> float | None:
    """Seconds: the body's ``retryAfterMs`` (documented), else the ``Retry-After`` header."""
    if read.retry_after_ms is not None and 0 <= read.retry_after_ms < float("inf"):
        return read.retry_after_ms / 1000
    header = answer.headers.get("retry-after", "")
    if header.isascii() and header.isdecimal():
        return float(header)
    try:
        sent, due = (parsedate_to_datetime(answer.headers.get(name, "")) for name in ("date", "retry-after"))
        return max(0.0, (due - sent).total_seconds())
    except (TypeError, ValueError):
        return None
