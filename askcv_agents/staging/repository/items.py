"""Batches and their items: staged, filtered, reviewed, edited, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, select

from askcv_agents.staging.repository.rows import Row, every, one
from askcv_agents.staging.tables import batch, event, item, review, tally


@dataclass(frozen=True)
class Filter:
    """Which of a tenant's items: those of a state, and of a domain, document and batch where these are given."""

    status: str = "pending"
    domain: str | None = None
    document: str | None = None
    batch: str | None = None


@dataclass(frozen=True)
class Span:
    """Which part of the filtered items, in the order of their arrival: after or before one, up to another."""

    limit: int
    after: int | None = None
    before: int | None = None
    until: int | None = None


class NewItem(NamedTuple):
    """A row for ``add_batch``; payload and evidence are JSON text already."""

    id: str
    tenant_id: str
    batch_id: str
    position: int
    domain: str
    payload: str
    evidence: str | None
    status: str
    created_at: int
    document: str | None


_ADD_BATCH = batch.insert()


def add_batch(connection: Connection, batch_id: str, tenant_id: str, now: int, rows: Sequence[NewItem]) -> None:
    """The driver is given the rows as they are: this statement is most of what an import costs."""
    connection.execute(_ADD_BATCH, {"id": batch_id, "tenant_id": tenant_id, "created_at": now})
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(NewItem._fields))
    statement = f"INSERT INTO item ({', '.join(NewItem._fields)}) VALUES ({marks})"  # noqa: S608 - of the names above
    connection.exec_driver_sql(statement, list(rows))


def batch_of_tenant(connection: Connection, tenant_id: str, batch_id: str) -> Row | None:
    return one(connection, select(batch).where(batch.c.id == batch_id, batch.c.tenant_id == tenant_id))


def items_of_batch(connection: Connection, batch_id: str) -> Sequence[Row]:
    return every(connection, select(item).where(item.c.batch_id == batch_id).order_by(item.c.position))


def item_of_tenant(connection: Connection, tenant_id: str, item_id: str) -> Row | None:
    return one(connection, select(item).where(item.c.id == item_id, item.c.tenant_id == tenant_id))


def items_by_id(connection: Connection, tenant_id: str, item_ids: Sequence[str]) -> dict[str, Row]:
    wanted = select(item).where(item.c.id.in_(item_ids), item.c.tenant_id == tenant_id)
    return {row["id"]: row for row in every(connection, wanted)} if item_ids else {}


def page(connection: Connection, tenant_id: str, chosen: Filter, span: Span) -> Sequence[Row]:
    """Items in the order in which they arrived."""
    wanted = _filtered(tenant_id, chosen)
    if span.until is not None:
        wanted = wanted.where(item.c.seq <= span.until)
    if span.before is not None:
        backwards = wanted.where(item.c.seq < span.before).order_by(item.c.seq.desc()).limit(span.limit)
        return list(reversed(every(connection, backwards)))
    if span.after is not None:
        wanted = wanted.where(item.c.seq > span.after)
    return every(connection, wanted.order_by(item.c.seq).limit(span.limit))


def last_seq(connection: Connection, tenant_id: str, status: str) -> int:
    """The newest of a tenant's items in one state."""
    newest = select(sa.func.max(item.c.seq)).where(item.c.tenant_id == tenant_id, item.c.status == status)
    return connection.execute(newest).scalar() or 0


def count(connection: Connection, tenant_id: str, chosen: Filter, most: int) -> int:
    """How many items the filter lets through, counted up to ``most``."""
    found = _filtered(tenant_id, chosen).with_only_columns(item.c.seq).limit(most).subquery()
    return connection.execute(select(sa.func.count()).select_from(found)).scalar_one()


def documents(connection: Connection, tenant_id: str, status: str, most: int) -> list[str]:
    """The documents that items in one state come from. Each costs one look into the index, not one for every item."""
    mine = (item.c.tenant_id == tenant_id, item.c.status == status)
    first = select(sa.func.min(item.c.document).label("document")).where(*mine)
    found = first.cte("found", recursive=True)
    following = select(sa.func.min(item.c.document)).where(*mine, item.c.document > found.c.document)
    found = found.union_all(select(following.scalar_subquery()).where(found.c.document.is_not(None)))
    names = select(found.c.document).where(found.c.document.is_not(None)).limit(most)
    return list(connection.execute(names).scalars())


def _filtered(tenant_id: str, chosen: Filter) -> sa.Select[Any]:
    wanted = select(item).where(item.c.tenant_id == tenant_id, item.c.status == chosen.status)
    for column, value in (
        (item.c.domain, chosen.domain),
        (item.c.document, chosen.document),
        (item.c.batch_id, chosen.batch),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return wanted


# -- how many there are ------------------------------------------------------------------------------------------------

_ADD_TO_TALLY = sa.text(
    "INSERT INTO tally (tenant_id, status, domain, n, updated_at) VALUES (:tenant_id, :status, :domain, :n, :at) "
    "ON CONFLICT (tenant_id, status, domain) DO UPDATE SET n = tally.n + excluded.n, updated_at = excluded.updated_at"
)


def add_to_tally(connection: Connection, tenant_id: str, now: int, changes: Mapping[tuple[str, str], int]) -> None:
    """``changes``: by state and domain, how many more there are now. In one order, so that nobody waits in a circle."""
    rows = [
        {"tenant_id": tenant_id, "status": status, "domain": domain, "n": n, "at": now}
        for (status, domain), n in sorted(changes.items())
    ]
    connection.execute(_ADD_TO_TALLY, rows)


def tallies(connection: Connection, tenant_id: str) -> dict[tuple[str, str], tuple[int, int]]:
    """By state and domain: how many items, and when that last changed."""
    rows = every(connection, select(tally).where(tally.c.tenant_id == tenant_id))
    return {(row["status"], row["domain"]): (row["n"], row["updated_at"]) for row in rows if row["n"]}


# -- verdicts ----------------------------------------------------------------------------------------------------------


def pending_items(connection: Connection, tenant_id: str, item_ids: Sequence[str]) -> Sequence[Row]:
    """Those of the items that are this tenant's and still pending; they stay so until the transaction ends."""
    wanted = select(item).where(item.c.tenant_id == tenant_id, item.c.status == "pending", item.c.id.in_(item_ids))
    return every(connection, wanted.order_by(item.c.seq).with_for_update())


def items_of_review(connection: Connection, review_id: str, limit: int) -> Sequence[Row]:
    wanted = select(item).where(item.c.review_id == review_id)
    return every(connection, wanted.order_by(item.c.seq).limit(limit).with_for_update())


def set_status(connection: Connection, item_ids: Sequence[str], **values: Any) -> None:
    """The new state of items, with when and by which verdict they came into it."""
    connection.execute(item.update().where(item.c.id.in_(item_ids)).values(**values))


def set_payload(connection: Connection, item_id: str, payload: Mapping[str, Any], now: int) -> None:
    changed = item.update().where(item.c.id == item_id)
    connection.execute(changed.values(payload=payload, edited_at=now, near_id=None, near_percent=None))


def review_of_tenant(connection: Connection, tenant_id: str, review_id: str, *, lock: bool = False) -> Row | None:
    """Locked, nobody else undoes it before the transaction ends."""
    mine = select(review).where(review.c.id == review_id, review.c.tenant_id == tenant_id)
    return one(connection, mine.with_for_update() if lock else mine)


def set_review(connection: Connection, review_id: str, **values: Any) -> None:
    connection.execute(review.update().where(review.c.id == review_id).values(**values))


def going(connection: Connection, tenant_id: str) -> Sequence[Row]:
    """The verdicts of a tenant that are still being given or taken back."""
    wanted = select(review).where(review.c.tenant_id == tenant_id, review.c.going.is_not(None))
    return every(connection, wanted.order_by(review.c.at))


def add_events(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(event.insert(), list(rows))


def events(connection: Connection, item_id: str) -> Sequence[Row]:
    return every(connection, select(event).where(event.c.item_id == item_id).order_by(event.c.seq))
