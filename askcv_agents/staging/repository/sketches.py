"""Bands of hashes by which items that share most of their words are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from askcv_agents.staging.repository.rows import Row, every
from askcv_agents.staging.tables import batch, item

PER_BAND = 12
"""How many items of a band are looked at, the newest first: what everybody's items say tells none of them apart."""

_ADD = "INSERT INTO sketch (band, item) VALUES ({0}, {0}) ON CONFLICT DO NOTHING"


def to_sketch(connection: Connection, tenant_id: str, most: int) -> list[str]:
    """The oldest batches of a tenant whose items cannot be found yet."""
    wanted = select(batch.c.id).where(batch.c.tenant_id == tenant_id, batch.c.sketched_at.is_(None))
    return list(connection.execute(wanted.order_by(batch.c.id).limit(most)).scalars())


def items_of_batches(connection: Connection, batch_ids: Sequence[str]) -> Sequence[Row]:
    wanted = select(item.c.seq, item.c.id, item.c.tenant_id, item.c.domain, item.c.payload, item.c.status)
    return every(connection, wanted.where(item.c.batch_id.in_(batch_ids)).order_by(item.c.seq))


def set_sketched(connection: Connection, batch_ids: Sequence[str], now: int) -> None:
    connection.execute(batch.update().where(batch.c.id.in_(batch_ids)).values(sketched_at=now))


def add_sketches(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Each pair: band, item. In one order, so that nobody waits in a circle, and an index is written as it lies."""
    rows = sorted(pairs)
    if rows:
        connection.exec_driver_sql(_ADD.format("?" if connection.dialect.name == "sqlite" else "%s"), rows)


def _sharing(bands: int) -> sa.TextClause:
    arms = (
        f"SELECT item FROM (SELECT item FROM sketch WHERE band = :band{n} AND item < :item "  # noqa: S608 - of numbers
        f"ORDER BY item DESC LIMIT {PER_BAND}) AS of_band{n}"
        for n in range(bands)
    )
    return sa.text(
        f"SELECT item FROM ({' UNION ALL '.join(arms)}) AS found GROUP BY item ORDER BY count(*) DESC, item "  # noqa: S608
        "LIMIT :most"
    )


_SHARING = {bands: _sharing(bands) for bands in range(1, 9)}


def sharing(connection: Connection, item_seq: int, bands: Sequence[int], most: int) -> list[int]:
    """Items that came before one and share bands with it, those with the most first."""
    given = {"item": item_seq, "most": most} | {f"band{n}": band for n, band in enumerate(bands)}
    return [row[0] for row in connection.execute(_SHARING[len(bands)], given)] if bands else []


def not_rejected(connection: Connection, item_seqs: Sequence[int]) -> Sequence[Row]:
    """Of some items those that wait or are live."""
    columns = (item.c.seq, item.c.id, item.c.tenant_id, item.c.domain, item.c.payload, item.c.status)
    return every(connection, select(*columns).where(item.c.seq.in_(item_seqs), item.c.status != "rejected"))


def set_near(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Each row: id, near_id, near_percent."""
    statement = sa.text("UPDATE item SET near_id = :near_id, near_percent = :near_percent WHERE id = :id")
    if rows:
        connection.execute(statement, list(rows))
