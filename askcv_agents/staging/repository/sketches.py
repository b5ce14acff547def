"""Bands of hashes by which items that share most of their words are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from askcv_agents.staging.repository.rows import Row, every
from askcv_agents.staging.tables import item, sketch


def add_sketches(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(sketch.insert(), list(rows))


def remove_sketches(connection: Connection, item_ids: Sequence[str]) -> None:
    connection.execute(sketch.delete().where(sketch.c.item_id.in_(item_ids)))


def alike(connection: Connection, tenant_id: str, domain: str, bands: Sequence[int], most: int) -> Sequence[Row]:
    """Items of a domain that share a band and are not rejected."""
    ids = (
        select(sketch.c.item_id)
        .where(sketch.c.tenant_id == tenant_id, sketch.c.domain == domain, sketch.c.band.in_(bands))
        .distinct()
        .limit(most)
    )
    return every(connection, select(item).where(item.c.id.in_(ids), item.c.status != "rejected"))


def set_near(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each row: id, near_id, near_percent."""
    for row in rows:
        found = item.update().where(item.c.id == row["id"])
        connection.execute(found.values(near_id=row["near_id"], near_percent=row["near_percent"]))
