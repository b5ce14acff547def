"""Answers that a submission meets, read entry by entry: whatever carries a batch id has staged something, however odd
the rest is. Plain values: a hundred entries at a time, and no models to import for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from askcv_agents.issues import FieldIssue, ItemIssues


@dataclass(frozen=True)
class Staged:
    """An item that now waits in the review inbox. ``index`` is its place in the request."""

    index: int
    item_id: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of one batch: the service's ``batch_id`` (None where nothing was staged), how many items it
    ``accepted``, which were ``staged`` (as far as the answer lists them) and which were refused. Indexes count from the
    first item the caller gave, over all batches of the call."""

    batch_id: str | None
    accepted: int
    staged: tuple[Staged, ...]
    refused: tuple[ItemIssues, ...]
    request_id: str | None = None

    @classmethod
    def read(
        cls, content: Mapping[str, Any], sent: int, *, first_index: int = 0, request_id: str | None = None
    ) -> Self:
        """The answer to an import of ``sent`` items. Entries without a usable index take the places that are left, in
        order; ``first_index`` is added to all. Without a batch id nothing is staged, whatever else is listed."""
        taken: set[int] = set()
        refused = tuple(
            ItemIssues(
                _place(_fields(entry), taken, sent) + first_index, _domain(_fields(entry)) or "?", _issues(entry)
            )
            for entry in _entries(content, "errors")
        )
        batch_id = _text(content.get("batchId", content.get("batch_id")))
        if not batch_id:
            return cls(None, 0, (), refused, request_id)
        staged = tuple(
            Staged(_place(fields, taken, sent) + first_index, _text(fields.get("itemId", fields.get("id"))))
            for fields in map(_fields, _entries(content, "items"))
        )
        told = _count(content.get("accepted"))
        accepted = len(staged) or (sent - len(refused) if told is None else told)
        return cls(batch_id, accepted, staged, refused, request_id)


@dataclass(frozen=True)
class Tenancy:
    """What a profile tells of whose record a token opens. ``limits`` is None where the service lists none."""

    tenant_id: str | None
    limits: Mapping[str, Any] | None

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        limits = content.get("limits", {}) if "limits" in content else None
        known = limits if limits is None or isinstance(limits, Mapping) else {}
        return cls(_text(content.get("tenantId", content.get("tenant_id"))), known)


@dataclass(frozen=True)
class ErrorAnswer:
    """The body of every error. Fields beyond ``error`` and ``message`` depend on the code."""

    error: str = ""
    message: str = ""
    required_scope: str | None = None
    retry_after_ms: float | None = None

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """A field that is not what it should be says nothing."""
        error, message = content.get("error"), content.get("message")
        scope = content.get("requiredScope", content.get("required_scope"))
        return cls(
            error if isinstance(error, str) else "",
            message if isinstance(message, str) else "",
            scope if isinstance(scope, str) else None,
            _number(content.get("retryAfterMs", content.get("retry_after_ms"))),
        )


def _fields(entry: Any) -> dict[str, Any]:
    return entry if isinstance(entry, dict) else {}


def _text(value: Any) -> str | None:
    """An id, which may be a number."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None


def _count(value: Any) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number.is_integer() else None


def _entries(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    return found if isinstance(found, list) else []


def _domain(fields: dict[str, Any]) -> str | None:
    domain = fields.get("domain")
    return domain if isinstance(domain, str) else None


def _issues(entry: Any) -> tuple[FieldIssue, ...]:
    return tuple(_issue(issue) for issue in _entries(_fields(entry), "issues") or [entry])


def _issue(entry: Any) -> FieldIssue:
    if not isinstance(entry, dict):
        return FieldIssue("payload", str(entry))
    path = entry.get("path", "payload")
    parts = path if isinstance(path, list) else [path]
    return FieldIssue(".".join(map(str, parts)), str(entry.get("message", "refused")))


def _place(fields: dict[str, Any], taken: set[int], sent: int) -> int:
    """The entry's index, or the first place that is free where it names none of the request's."""
    index = fields.get("index")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < sent or index in taken:
        index = next((place for place in range(sent) if place not in taken), max(0, sent - 1))
    taken.add(index)
    return index
