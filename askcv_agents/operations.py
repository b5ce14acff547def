"""Each endpoint once, as a generator without I/O. The retry policy lives here.

An operation yields effects and is driven by ``client``: ``Send`` is answered with an ``Answer`` (or a
``TransportFault`` is thrown in), ``Wait`` asks for a pause, ``Emit`` hands a value to whoever iterates. What it returns
is the result. Blocking and awaiting clients drive the same generators, so nothing is written twice; larger operations
(the pipeline, the tools) are built with ``yield from``.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, field_issues, parse_payload
from askcv_agents.errors import (
    ApiError,
    ConnectionFailed,
    FieldIssue,
    InsufficientScope,
    ItemIssues,
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
M = TypeVar("M", bound=wire.WireModel)


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

    def backoff(self, attempt: int) -> float:
        return self.base * float(2 ** (attempt - 1)) + random.uniform(0, self.base)  # noqa: S311 - jitter is no secret

    def after_limit(self, retry_after: float) -> float:
        """Positive jitter only: an early attempt would be refused again, and count."""
        return retry_after + random.uniform(0.05, 0.05 + min(1.0, retry_after * 0.1))  # noqa: S311


def import_items(
    items: Sequence[wire.ImportItem | Mapping[str, Any]], retry: RetryPolicy, *, key: str, evidence: bool
) -> Operation[wire.Receipt, None]:
    """Stages ``items`` in batches of at most 100 and emits a receipt per batch.

    Every item is checked before the first byte leaves. An error on a later batch carries the receipts of the earlier
    ones.
    """
    ready = checked_items(items, evidence=evidence)
    received: list[wire.Receipt] = []
    for start in range(0, len(ready), wire.MAX_IMPORT_ITEMS):
        chunk = ready[start : start + wire.MAX_IMPORT_ITEMS]
        try:
            receipt = yield from import_batch(chunk, retry, key=f"{key}-{start}", first_index=start)
        except ApiError as error:
            error.receipts = tuple(received)
            raise
        received.append(receipt)
        yield Emit(receipt)


def import_batch(
    items: Sequence[wire.ImportItem], retry: RetryPolicy, *, key: str, first_index: int = 0
) -> Operation[Any, wire.Receipt]:
    """Stages one batch. Whatever the status, an answer that carries a batch id has staged something."""
    body = json.dumps(wire.import_body(items), ensure_ascii=False, separators=(",", ":")).encode()
    request = Request("POST", wire.IMPORT_PATH, body=body, headers={wire.IDEMPOTENCY_HEADER: key})
    answer = yield from exchange(request, retry)
    content = answer.json_object()
    try:
        read = wire.ImportAnswer.model_validate(content) if content is not None else None
    except ValidationError:
        read = None
    if read is not None and (read.batch_id or (answer.status == 422 and read.errors)):
        return wire.Receipt(
            batch_id=read.batch_id,
            staged=tuple(item.model_copy(update={"index": item.index + first_index}) for item in read.items),
            refused=tuple(_item_issues(refused, first_index) for refused in read.errors),
            request_id=answer.request_id,
        )
    if answer.status >= 500 or answer.status < 300:
        raise OutcomeUnknown(
            f"the import was sent, but the answer ({answer.status}) does not say what became of it",
            "Look for the items in the review inbox before sending them again.",
            status=answer.status,
            request_id=answer.request_id,
        )
    raise failure(request, answer)


def fresh_key() -> str:
    """An idempotency key for a call that nothing else identifies."""
    return uuid.uuid4().hex


def import_status(batch_id: str, retry: RetryPolicy) -> Operation[Any, wire.StatusAnswer]:
    """What became of a batch's items so far."""
    path = wire.STATUS_PATH.format(batch_id=quote(batch_id, safe=""))
    return (yield from _get(path, wire.StatusAnswer, retry))


@dataclass(frozen=True)
class Position:
    """A place in an export: a page counted from 1, or the cursor that the service gave."""

    page: int = 1
    cursor: str | None = None

    def after(self, answer: wire.ExportPage) -> Position | None:
        """The place behind ``answer``, or None where it was the last page."""
        if answer.next_cursor and answer.next_cursor != self.cursor:
            return Position(self.page + 1, answer.next_cursor)
        if answer.has_more and answer.items:
            return Position(self.page + 1)
        return None


def export_page(
    domain: str, retry: RetryPolicy, at: Position = Position(), *, limit: int = wire.MAX_PAGE_ITEMS
) -> Operation[Any, wire.ExportPage]:
    """One page of the approved items of ``domain``, oldest first."""
    if domain not in DOMAINS:
        raise ValidationFailed(f"unknown domain {domain!r}", f"Use one of {', '.join(DOMAINS)}.")
    if not 1 <= limit <= wire.MAX_PAGE_ITEMS or at.page < 1:
        raise ValidationFailed(
            f"page {at.page} with limit {limit}", f"Pages count from 1; a limit is 1 to {wire.MAX_PAGE_ITEMS}."
        )
    params: dict[str, str | int] = {"limit": limit}
    params |= {"cursor": at.cursor} if at.cursor else {"page": at.page}
    return (yield from _get(wire.EXPORT_PATH.format(domain=domain), wire.ExportPage, retry, params))


def export(domain: str, retry: RetryPolicy) -> Operation[wire.ExportedItem, None]:
    """Every approved item of ``domain``, page after page, as they come."""
    at: Position | None = Position()
    while at is not None:
        answer = yield from export_page(domain, retry, at)
        for item in answer.items:
            yield Emit(item)
        at = at.after(answer)


def export_all(domain: str, retry: RetryPolicy) -> Operation[Any, list[wire.ExportedItem]]:
    """``export``, as one list."""
    items: list[wire.ExportedItem] = []
    at: Position | None = Position()
    while at is not None:
        answer = yield from export_page(domain, retry, at)
        items += answer.items
        at = at.after(answer)
    return items


def profile(retry: RetryPolicy) -> Operation[Any, wire.ProfileAnswer]:
    """Whose record the token opens, how much it holds, and what the token may do."""
    return (yield from _get(wire.PROFILE_PATH, wire.ProfileAnswer, retry))


def checked_items(
    items: Sequence[wire.ImportItem | Mapping[str, Any]], *, evidence: bool
) -> tuple[wire.ImportItem, ...]:
    """``items`` as they go over the wire, every payload valid for its domain.

    Raises:
        ValidationFailed: names the index, domain and field of everything that is wrong; nothing was sent.
    """
    ready: list[wire.ImportItem] = []
    wrong: list[ItemIssues] = []
    for index, given in enumerate(items):
        try:
            item = given if isinstance(given, wire.ImportItem) else wire.ImportItem.model_validate(given)
        except ValidationError as error:
            wrong.append(ItemIssues(index, str(given.get("domain", "?")), field_issues(error)))  # type: ignore[union-attr]
            continue
        payload = parse_payload(item.domain, item.payload)
        if isinstance(payload, tuple):
            wrong.append(ItemIssues(index, item.domain, payload))
            continue
        ready.append(
            wire.ImportItem(domain=item.domain, payload=payload.to_wire(), evidence=item.evidence if evidence else None)
        )
    if wrong:
        first = wrong[0]
        raise ValidationFailed(
            f"{len(wrong)} of {len(items)} items are invalid; the first is item {first.index} ({first.domain}), "
            f"{first.issues[0].path}: {first.issues[0].message}",
            "Correct them; nothing was sent.",
            items=tuple(wrong),
        )
    return tuple(ready)


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
            if delay is None or waited + delay > retry.max_wait:
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
    read = _error_answer(answer)
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
            content = answer.json_object() or {}
            return ValidationFailed(f"the service refused the request: {said}", "", items=_refused(content), **api)
        case status if 300 <= status < 400:
            return UnreadableAnswer(
                f"{request.path} answers with a redirect ({status})",
                "Redirects are not followed, so that the token stays with its origin. Check the base address.",
                **api,
            )
        case status if status >= 500:
            return ServerError(f"the service failed: {said}", "Try again later.", retryable=True, **api)
    return UnreadableAnswer(f"{request.path}: unexpected answer: {said}", "", **api)


def _get(
    path: str, model: type[M], retry: RetryPolicy, params: Mapping[str, str | int] | None = None
) -> Operation[Any, M]:
    request = Request("GET", path, params=params or {})
    answer = yield from exchange(request, retry)
    if not 200 <= answer.status < 300:
        raise failure(request, answer)
    content = answer.json_object()
    try:
        if content is not None:
            return model.model_validate(content)
        issues: tuple[FieldIssue, ...] = (FieldIssue("body", "no JSON object"),)
    except ValidationError as error:
        issues = field_issues(error)
    raise UnreadableAnswer(
        f"{path}: the answer is not what the contract says ({issues[0].path}: {issues[0].message})",
        "Compare the service with the contract (docs/contract.md).",
        status=answer.status,
        request_id=answer.request_id,
    )


def _staged_something(answer: Answer) -> bool:
    return bool((answer.json_object() or {}).get("batchId"))


def _error_answer(answer: Answer) -> wire.ErrorAnswer:
    content = answer.json_object() or {}
    readable = {
        name: value
        for name, value in content.items()
        if not (name in {"error", "message", "requiredScope"} and not isinstance(value, str))
    }
    try:
        return wire.ErrorAnswer.model_validate(readable)
    except ValidationError:
        return wire.ErrorAnswer(error=str(readable.get("error", "")), message=str(readable.get("message", "")))


def _retry_after(read: wire.ErrorAnswer, answer: Answer) -> float | None:
    """Seconds: the body's ``retryAfterMs`` (documented), else the ``Retry-After`` header."""
    if read.retry_after_ms is not None and 0 <= read.retry_after_ms < float("inf"):
        return read.retry_after_ms / 1000
    header = answer.headers.get("retry-after", "")
    if header.isdigit():
        return float(header)
    try:
        sent, due = (parsedate_to_datetime(answer.headers.get(name, "")) for name in ("date", "retry-after"))
        return max(0.0, (due - sent).total_seconds())
    except (TypeError, ValueError):
        return None


def _item_issues(refused: wire.RefusedItem, first_index: int = 0) -> ItemIssues:
    issues = tuple(FieldIssue(issue.path, issue.message) for issue in refused.issues)
    return ItemIssues(refused.index + first_index, refused.domain or "?", issues)


def _refused(content: Mapping[str, Any]) -> tuple[ItemIssues, ...]:
    try:
        return tuple(_item_issues(refused) for refused in wire.ImportAnswer.model_validate(content).errors)
    except ValidationError:
        return ()
