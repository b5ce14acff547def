"""What the analysis of a record reads, and the gaps that it found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, exists, select

from askcv_agents.staging.repository.rows import Row, every
from askcv_agents.staging.tables import gap, link, record

GAPS = ("period", "position", "skill")


def spans(connection: Connection, tenant_id: str, domains: Sequence[str], limit: int) -> Sequence[Row]:
    """Records that may last from one date to another, the newest first."""
    wanted = select(record.c.item_id, record.c.domain, record.c.payload)
    mine = wanted.where(record.c.tenant_id == tenant_id, record.c.domain.in_(domains))
    return every(connection, mine.order_by(record.c.seq.desc()).limit(limit))


def moments(connection: Connection, tenant_id: str, domains: Sequence[str], limit: int) -> Sequence[Row]:
    """Records of one date each, the newest first: ``happened``, ``organization`` and ``project``, each where named."""
    wanted = select(
        record.c.happened,
        record.c.payload["organization"].as_string().label("organization"),
        record.c.payload["project"].as_string().label("project"),
    )
    mine = wanted.where(record.c.tenant_id == tenant_id, record.c.domain.in_(domains))
    return every(connection, mine.order_by(record.c.seq.desc()).limit(limit))


def unshown_skills(connection: Connection, tenant_id: str, limit: int) -> list[str]:
    """The skills that no entry of the record shows."""
    shown = exists().where(link.c.skill_id == record.c.item_id)
    wanted = select(record.c.item_id).where(record.c.tenant_id == tenant_id, record.c.domain == "skills", ~shown)
    return list(connection.execute(wanted.order_by(record.c.seq).limit(limit)).scalars())


def set_gaps(connection: Connection, tenant_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """In the place of all that were found before. Each row: kind, item_id, since, until."""
    connection.execute(gap.delete().where(gap.c.tenant_id == tenant_id))
    if rows:
        connection.execute(gap.insert(), [{**row, "tenant_id": tenant_id} for row in rows])


def gaps(connection: Connection, tenant_id: str, kind: str, limit: int) -> Sequence[Row]:
    """Gaps of a kind, with the domain and payload of the record they are of; of those that are live still."""
    columns = (gap.c.kind, gap.c.item_id, gap.c.since, gap.c.until, record.c.domain, record.c.payload)
    found = select(*columns).outerjoin(record, record.c.item_id == gap.c.item_id)
    mine = found.where(gap.c.tenant_id == tenant_id, gap.c.kind == kind)
    live = mine.where(gap.c.item_id.is_(None) | record.c.item_id.is_not(None))
    return every(connection, live.order_by(gap.c.seq).limit(limit))
