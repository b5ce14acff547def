"""Each endpoint once, as an operation: a generator without I/O (see ``exchange``).

Blocking and awaiting clients drive the same generators, so nothing is written twice; larger operations (the pipeline,
the tools) are built with ``yield from``.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, field_issues, parse_payload
from askcv_agents.errors import ApiError, OutcomeUnknown, UnreadableAnswer, ValidationFailed
from askcv_agents.exchange import Emit, Operation, Request, RetryPolicy, exchange, failure, item_issues
from askcv_agents.issues import FieldIssue, ItemIssues

M = TypeVar("M", bound=wire.WireModel)


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
            refused=tuple(item_issues(refused, first_index) for refused in read.errors),
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
