"""The record: what is live, what it says, and what is linked in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from askcv_agents.staging.repository.rows import Row, every, one
from askcv_agents.staging.tables import item, link, record, review

MOST_COMPARED = 20_000
"""How many embeddings are compared with one, the newest first."""


def add_records(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(record.insert(), list(rows))


def remove_records(connection: Connection, item_ids: Sequence[str]) -> None:
    connection.execute(link.delete().where(link.c.item_id.in_(item_ids) | link.c.skill_id.in_(item_ids)))
    connection.execute(record.delete().where(record.c.item_id.in_(item_ids)))


def record_page(connection: Connection, tenant_id: str, domain: str, offset: int, limit: int) -> Sequence[Row]:
    wanted = select(record).where(record.c.tenant_id == tenant_id, record.c.domain == domain)
    return every(connection, wanted.order_by(record.c.seq).offset(offset).limit(limit))


def search(
    connection: Connection, tenant_id: str, words: Sequence[str], domain: str | None, span: tuple[int, int]
) -> Sequence[Row]:
    """Records that hold all the words, newest first; ``span`` is a place to go on from (0: the start) and a limit."""
    wanted = select(record).where(record.c.tenant_id == tenant_id)
    if domain is not None:
        wanted = wanted.where(record.c.domain == domain)
    for word in words:
        wanted = wanted.where(record.c.text.contains(word, autoescape=True))
    if span[0]:
        wanted = wanted.where(record.c.seq < span[0])
    return every(connection, wanted.order_by(record.c.seq.desc()).limit(span[1]))


def record_of_tenant(connection: Connection, tenant_id: str, item_id: str) -> Row | None:
    return one(connection, select(record).where(record.c.item_id == item_id, record.c.tenant_id == tenant_id))


def timeline(connection: Connection, tenant_id: str, limit: int) -> Sequence[Row]:
    """What has a date, the latest first."""
    wanted = select(record).where(record.c.tenant_id == tenant_id, record.c.happened.is_not(None))
    return every(connection, wanted.order_by(record.c.happened.desc(), record.c.seq.desc()).limit(limit))


# -- what ingestion adds -----------------------------------------------------------------------------------------------


def to_ingest(connection: Connection, tenant_id: str, review_id: str, encoder: str, limit: int) -> Sequence[Row]:
    """Records that were not looked at yet: those of one verdict, or of the tenant where there is none given; with an
    encoder those too whose embedding it did not make."""
    unlooked: sa.ColumnElement[bool] = record.c.findings.is_(sa.null())
    if encoder:
        unlooked = unlooked | record.c.encoder.is_distinct_from(encoder)
    wanted = select(record).where(record.c.tenant_id == tenant_id, unlooked)
    if review_id:
        wanted = wanted.join(item, item.c.id == record.c.item_id).join(review, review.c.id == item.c.review_id)
        wanted = wanted.where(review.c.id == review_id, review.c.undone_at.is_(None))  # else it is going anyhow
    return every(connection, wanted.order_by(record.c.seq).limit(limit))


def set_ingested(connection: Connection, item_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(record.update().where(record.c.item_id == item_id).values(**values))


def embedded(
    connection: Connection, tenant_id: str, encoder: str, domain: str | None = None
) -> list[tuple[str, bytes]]:
    """The newest records with an embedding of that encoder: id and vector."""
    wanted = select(record.c.item_id, record.c.embedding).where(
        record.c.tenant_id == tenant_id, record.c.encoder == encoder, record.c.embedding.is_not(None)
    )
    if domain is not None:
        wanted = wanted.where(record.c.domain == domain)
    found = connection.execute(wanted.order_by(record.c.seq.desc()).limit(MOST_COMPARED))
    return [(item_id, vector) for item_id, vector in found]


def embedded_otherwise(connection: Connection, tenant_id: str, encoder: str) -> bool:
    """Whether a record has an embedding that another encoder made."""
    other = select(record.c.seq).where(
        record.c.tenant_id == tenant_id, record.c.encoder.is_not(None), record.c.encoder != encoder
    )
    return one(connection, other.limit(1)) is not None


def records_by_id(connection: Connection, tenant_id: str, item_ids: Sequence[str]) -> dict[str, Row]:
    wanted = select(record).where(record.c.item_id.in_(item_ids), record.c.tenant_id == tenant_id)
    return {row["item_id"]: row for row in every(connection, wanted)} if item_ids else {}


def skills(connection: Connection, tenant_id: str) -> Sequence[Row]:
    wanted = select(record.c.item_id, record.c.payload)
    return every(connection, wanted.where(record.c.tenant_id == tenant_id, record.c.domain == "skills"))


def others(connection: Connection, tenant_id: str, limit: int) -> Sequence[Row]:
    """The texts of what is no skill, the newest first."""
    wanted = select(record.c.item_id, record.c.text).where(
        record.c.tenant_id == tenant_id, record.c.domain != "skills", record.c.text != ""
    )
    return every(connection, wanted.order_by(record.c.seq.desc()).limit(limit))


def live_ids(connection: Connection, item_ids: Collection[str]) -> set[str]:
    """Those of the items that are in the record."""
    found: set[str] = set()
    ids = sorted(item_ids)
    for start in range(0, len(ids), 500):
        wanted = select(record.c.item_id).where(record.c.item_id.in_(ids[start : start + 500]))
        found.update(connection.execute(wanted).scalars())
    return found


def add_links(connection: Connection, tenant_id: str, pairs: Sequence[tuple[str, str]]) -> None:
    """Skill and item; a pair that is linked already stays as it is."""
    statement = sa.text(
        "INSERT INTO link (skill_id, item_id, tenant_id) VALUES (:skill, :item, :tenant) ON CONFLICT DO NOTHING"
    )
    if pairs:
        connection.execute(statement, [{"skill": skill, "item": to, "tenant": tenant_id} for skill, to in pairs])


def linked(connection: Connection, item_id: str, limit: int) -> Sequence[Row]:
    """The skills of a record, or where a skill is used."""
    for own, other in ((link.c.item_id, link.c.skill_id), (link.c.skill_id, link.c.item_id)):
        found = select(record).join(link, other == record.c.item_id).where(own == item_id)
        if rows := every(connection, found.order_by(record.c.seq).limit(limit)):
            return rows
    return ()
