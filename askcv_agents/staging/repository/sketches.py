"""Bands of hashes by which items that share most of their words are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from askcv_agents.staging.repository.rows import Row, every
from askcv_agents.staging.tables import item, sketch

_ADD = sa.text(
    "INSERT INTO sketch (tenant_id, domain, band, item_id) VALUES (:tenant_id, :domain, :band, :item_id) "
    "ON CONFLICT DO NOTHING"
)


def add_sketches(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(_ADD, list(rows))


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
    statement = sa.text("UPDATE item SET near_id = :near_id, near_percent = :near_percent WHERE id = :id")
    if rows:
        connection.execute(statement, list(rows))
