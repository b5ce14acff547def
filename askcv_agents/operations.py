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

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, parse_payload
from askcv_agents.errors import ApiError, NotFound, OutcomeUnknown, UnreadableAnswer, ValidationFailed
from askcv_agents.exchange import Answer, Emit, Operation, Request, RetryPolicy, exchange, failure
from askcv_agents.issues import FieldIssue, ItemIssues

M = TypeVar("M", bound="wire.WireModel")


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


AMBIGUOUS = frozenset({408, 409, 425})
"""Refusals of an import that leave open whether it, or an earlier one with its key, was staged."""


def import_batch(
    items: Sequence[wire.ImportItem], retry: RetryPolicy, *, key: str, first_index: int = 0
) -> Operation[Any, wire.Receipt]:
    """Stages one batch."""
    return (yield from send_batch(batch_body(items), len(items), retry, key=key, first_index=first_index))


def batch_body(items: Sequence[wire.ImportItem]) -> bytes:
    """The bytes of an import request."""
    return json.dumps(wire.import_body(items), ensure_ascii=False, separators=(",", ":")).encode()


def send_batch(
    body: bytes, size: int, retry: RetryPolicy, *, key: str, first_index: int = 0
) -> Operation[Any, wire.Receipt]:
    """Sends the body of a batch of ``size`` items. Whatever the status, an answer that carries a batch id has staged
    something; one without, that lists refused items, has staged nothing."""
    request = Request("POST", wire.IMPORT_PATH, body=body, headers={wire.IDEMPOTENCY_HEADER: key})
    answer = yield from exchange(request, retry)
    content, request_id = answer.json_object() or {}, answer.request_id
    receipt = wire.Receipt.read(content, size, first_index=first_index, request_id=request_id)
    if receipt.batch_id or (receipt.refused and answer.status in {400, 413, 422}):
        return receipt
    if answer.status >= 500 or answer.status < 300 or answer.status in AMBIGUOUS:
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
    if batch_id.strip(".") == "":
        raise NotFound(f"{batch_id!r} is no batch id", "Give the id that an import answered.")
    path = wire.STATUS_PATH.format(batch_id=quote(batch_id, safe=""))
    return (yield from _get(path, wire.StatusAnswer, retry))


@dataclass(frozen=True)
class Position:
    """A place in an export: a page counted from 1, or the cursor that the service gave; and the page before it."""

    page: int = 1
    cursor: str | None = None
    before: wire.ExportPage | None = None

    def after(self, answer: wire.ExportPage, limit: int = wire.MAX_PAGE_ITEMS) -> Position | None:
        """The place behind ``answer``, or None where it was the last page. A service that gives the same page again
        knows no pages."""
        if not answer.items or (self.before is not None and self.before.items == answer.items):
            return None
        if answer.next_cursor and answer.next_cursor != self.cursor:
            return Position(self.page + 1, answer.next_cursor, answer)
        more = answer.has_more
        if more is None and answer.total is not None:
            more = self.page * limit < answer.total
        if more is None:
            more = len(answer.items) >= limit
        return Position(self.page + 1, None, answer) if more else None


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


def tenancy(retry: RetryPolicy) -> Operation[Any, wire.Tenancy]:
    """Of the profile what a submission needs: whose record it is, and the limits."""
    return wire.Tenancy.read((yield from _content(wire.PROFILE_PATH, retry))[0])


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
        item = given if isinstance(given, wire.ImportItem) else wire.ImportItem.of(given)
        if isinstance(item, tuple):
            domain = given.get("domain") if isinstance(given, Mapping) else None
            wrong.append(ItemIssues(index, domain if isinstance(domain, str) else "?", item))
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
    content, answer = yield from _content(path, retry, params)
    read = model.of(content)
    if isinstance(read, tuple):
        raise _unreadable(path, answer, read[0])
    return read


def _content(
    path: str, retry: RetryPolicy, params: Mapping[str, str | int] | None = None
) -> Operation[Any, tuple[dict[str, Any], Answer]]:
    """The JSON object that is answered, and the answer it came with."""
    request = Request("GET", path, params=params or {})
    answer = yield from exchange(request, retry)
    if not 200 <= answer.status < 300:
        raise failure(request, answer)
    content = answer.json_object()
    if content is None:
        raise _unreadable(path, answer, FieldIssue("body", "no JSON object"))
    return content, answer


def _unreadable(path: str, answer: Answer, issue: FieldIssue) -> UnreadableAnswer:
    return UnreadableAnswer(
        f"{path}: the answer is not what the contract says ({issue.path}: {issue.message})",
        "Compare the service with the contract (docs/contract.md).",
        status=answer.status,
        request_id=answer.request_id,
    )
