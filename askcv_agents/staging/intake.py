"""Imports: an item is checked by itself, the valid ones are staged together. Everything is made ready before the
transaction begins: who waits for the writer waits for its inserts alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Required, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json
from sqlalchemy import Connection
from typing_extensions import TypedDict  # pydantic cannot read those of typing before Python 3.12

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, field_issues, parse_payload
from askcv_agents.issues import FieldIssue
from askcv_agents.staging.body import parsed
from askcv_agents.staging.principals import Principal, Refusal, new_ids
from askcv_agents.staging.repository import items, people, requests
from askcv_agents.staging.store import Store

DOCUMENT_NAME = 200
"""As much of a document's name as is filtered by."""


@dataclass(frozen=True)
class ImportOutcome:
    """The answer to an import. ``replayed``: it is the remembered answer of an earlier one with the same key."""

    status: int
    body: Mapping[str, Any]
    replayed: bool = False


class _Valid(NamedTuple):
    """An item as it is stored: payload and evidence by wire names."""

    place: int
    domain: str
    payload: dict[str, Any]
    evidence: dict[str, Any] | None


@dataclass(frozen=True)
class _Batch:
    """A batch as it will be stored and answered."""

    id: str
    rows: Sequence[items.NewItem]
    domains: Mapping[str, int]
    answer: dict[str, Any]


class Intake:
    """Takes imports into one store. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self.store = store
        self._ms = now

    def take(self, principal: Principal, body: bytes, key: str | None) -> ImportOutcome:
        """Stages the valid items of an import body; the invalid ones come back with their issues."""
        valid, errors = _all_valid(body), list[wire.RefusedItem]()
        if not valid:
            valid, errors = _checked(_items_of(body))
        if not valid:
            shown = [error.to_wire() for error in errors]
            raise Refusal(422, wire.VALIDATION_FAILED, "No item matches its domain's schema.", errors=shown)
        now = self._ms()
        batch = _batch(principal.tenant_id, valid, errors, now)
        if key is None:
            with self.store.write() as connection:
                _stage(connection, principal.tenant_id, batch, now)
            return ImportOutcome(202, batch.answer)
        return self._once(principal.tenant_id, batch, key, hashlib.sha256(body).hexdigest())

    def stage(self, principal: Principal, given: Sequence[Any]) -> dict[str, Any]:
        """Stages items as an import of theirs would; the answer to it."""
        return dict(self.take(principal, json.dumps({"items": given}).encode(), None).body)

    def _once(self, tenant_id: str, batch: _Batch, key: str, digest: str) -> ImportOutcome:
        """Stages a batch unless its key was seen: then the answer is what it was then."""
        now = self._ms()
        with self.store.write() as connection:
            people.lock_tenant(connection, tenant_id)
            since = now - wire.IDEMPOTENCY_HOURS * 3_600_000
            known = requests.remembered_answer(connection, tenant_id, key, since)
            if known is not None and known["body_sha256"] != digest:
                raise Refusal(422, wire.VALIDATION_FAILED, "This idempotency key came with another body.")
            if known is not None:
                return ImportOutcome(202, known["answer"], replayed=True)
            _stage(connection, tenant_id, batch, now)
            row = {"tenant_id": tenant_id, "key": key, "body_sha256": digest}
            requests.remember_answer(connection, {**row, "answer": batch.answer, "created_at": now})
        return ImportOutcome(202, batch.answer)


def _stage(connection: Connection, tenant_id: str, batch: _Batch, now: int) -> None:
    items.add_batch(connection, batch.id, tenant_id, now, batch.rows)
    items.add_to_tally(connection, tenant_id, now, {("pending", domain): n for domain, n in batch.domains.items()})


def _batch(tenant_id: str, valid: Sequence[_Valid], errors: Sequence[wire.RefusedItem], now: int) -> _Batch:
    batch_id = new_ids("bat", now, 1)[0]
    rows = [
        items.NewItem(
            item_id,
            tenant_id,
            batch_id,
            found.place,
            found.domain,
            to_json(found.payload).decode(),
            to_json(found.evidence).decode() if found.evidence else None,
            "pending",
            now,
            _document(found.evidence),
        )
        for found, item_id in zip(valid, new_ids("itm", now, len(valid)), strict=True)
    ]
    answer = wire.ImportAnswer(
        batch_id=batch_id, status="pending", accepted=len(rows), rejected=len(errors), errors=list(errors)
    ).to_wire()
    pairs = zip(valid, rows, strict=True)
    answer["items"] = [wire.staged_entry(v.place, row.id, v.domain) for v, row in pairs]
    return _Batch(batch_id, rows, Counter(found.domain for found in valid), answer)


_TYPED_DICT: Any = TypedDict  # of fields that are known when the program runs


def _plain(model: type[BaseModel]) -> Any:
    """A model as a typed dict of its wire names. What is read by it is checked by the same rules, and no object is made
    of each: for a hundred items that would be most of what reading them costs."""
    fields: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        ruled = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
        fields[info.alias or name] = Required[ruled] if info.is_required() else ruled
    return _closed(model.__name__, fields)


def _closed(name: str, fields: dict[str, Any]) -> Any:
    made = _TYPED_DICT(name, fields, total=False)
    made.__pydantic_config__ = ConfigDict(extra="forbid")
    return made


def _body_type() -> TypeAdapter[Any]:
    """An import body whose items are all valid, read in one go. It takes nothing that ``_checked`` does not take."""
    evidence = _plain(wire.WireEvidence)
    items_of_domains = tuple(
        _closed(
            f"Item_{domain.name}",
            {
                "domain": Required[Literal[domain.name]],
                "payload": Required[_plain(domain.model)],
                "evidence": evidence | None,
            },
        )
        for domain in DOMAINS.values()
    )
    one: Any = Annotated[Union[items_of_domains], Field(discriminator="domain")]  # noqa: UP007 - made of a tuple
    several: Any = Annotated[list[one], Field(min_length=1, max_length=wire.MAX_IMPORT_ITEMS)]
    return TypeAdapter(_closed("ImportBody", {"items": Required[several]}))


_BODY = _body_type()


def _all_valid(body: bytes) -> list[_Valid]:
    """The items of a body where nothing is wrong with any of them; none where something is, whatever it be."""
    try:
        read = _BODY.validate_json(body)["items"]
    except ValidationError:
        return []
    return [
        _Valid(place, item["domain"], _said(item["payload"]), _said(item.get("evidence") or {}) or None)
        for place, item in enumerate(read)
    ]


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """As the models write it: fields without a value are left out."""
    return {name: value for name, value in fields.items() if value is not None} if None in fields.values() else fields


def _items_of(body: bytes) -> list[Any]:
    content = parsed(body)
    given = content.get("items") if isinstance(content, dict) else None
    if not isinstance(given, list) or not given:
        raise Refusal(400, wire.BAD_REQUEST, 'The body must be {"items": [...]} with at least one item.')
    if len(given) > wire.MAX_IMPORT_ITEMS:
        raise Refusal(413, wire.TOO_LARGE, f"At most {wire.MAX_IMPORT_ITEMS} items in a request.")
    return given


def _checked(all_given: Sequence[Any]) -> tuple[list[_Valid], list[wire.RefusedItem]]:
    valid: list[_Valid] = []
    errors: list[wire.RefusedItem] = []
    for index, given in enumerate(all_given):
        try:
            item = wire.ImportItem.model_validate(given)
            payload = parse_payload(item.domain, item.payload, by_alias=True)
        except ValidationError as error:
            payload = field_issues(error)
        if isinstance(payload, tuple):
            domain = given.get("domain") if isinstance(given, dict) else None
            errors.append(_refused(index, domain, payload))
        else:
            evidence = item.evidence.to_wire() if item.evidence else None
            valid.append(_Valid(index, item.domain, payload.to_wire(), evidence))
    return valid, errors


def _document(evidence: dict[str, Any] | None) -> str | None:
    named = evidence.get("document") if evidence else None
    return named.replace("\x00", "")[:DOCUMENT_NAME] or None if named else None


def _refused(index: int, domain: Any, issues: Sequence[FieldIssue]) -> wire.RefusedItem:
    shown = [wire.WireIssue(path=issue.path, message=issue.message) for issue in issues]
    name = domain if isinstance(domain, str) and domain in DOMAINS else None  # another could be anything
    return wire.RefusedItem(index=index, domain=name, issues=shown)
