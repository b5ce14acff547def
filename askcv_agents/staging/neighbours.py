"""What an item in the inbox is near: found when somebody looks, so that nobody pays for it who does not.

An import leaves its batch marked. Whoever opens the inbox next has the words of what is new hashed into bands first; a
great deal of it is a job's. Whether two items are near is seen as they are then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from askcv_agents.staging.alike import ALIKE_PERCENT, Sketch, bands, folded, shared_percent, texts
from askcv_agents.staging.repository import items, jobs, records, sketches
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Shop, Step
from askcv_agents.staging.vectors import likeness, packed

AT_SIGHT = 5
"""How many new batches whoever looks waits for."""
AT_ONCE = 20
"""How many a job does in one go."""
MOST_CANDIDATES = 8
SAME_MEANING_PERCENT = 85
"""From here on two texts probably say the same in other words, as encoders of meaning measure it."""


@dataclass(frozen=True)
class Near:
    """The item that one is nearest, and how much of the words, or of the meaning, is the same."""

    row: Row
    percent: int
    by_meaning: bool = False


def caught_up(shop: Shop, tenant_id: str, now: int) -> bool:
    """Sees to it that new items can be found as near ones; False where a job is still at it."""
    with shop.store.read() as connection:
        new = sketches.to_sketch(connection, tenant_id, AT_SIGHT + 1)
    if not new:
        return True
    many = len(new) > AT_SIGHT or shop.by_meaning
    step = None if many else _sketch(shop, tenant_id, new, now)
    with shop.store.write() as connection:
        if step is None:
            jobs.add_job_once(connection, tenant_id, "sketch", now)
        else:
            step(connection)
    return not many


def sketched(shop: Shop, tenant_id: str, _: str, now: int) -> Step:
    """Makes the oldest new items of a tenant findable. Where there are more, another job follows."""
    with shop.store.read() as connection:
        new = sketches.to_sketch(connection, tenant_id, AT_ONCE + 1)
    step = _sketch(shop, tenant_id, new[:AT_ONCE], now)

    def keep(connection: Connection) -> None:
        step(connection)
        if len(new) > AT_ONCE:
            jobs.add_job_once(connection, tenant_id, "sketch", now)

    return keep


def pairs(numbers: Sequence[int], of_items: Sequence[Sketch]) -> Iterable[tuple[int, int]]:
    """The bands of items, each with the item's number."""
    return ((band, number) for number, its in zip(numbers, bands(of_items), strict=True) for band in its)


def sketch_of(row: Row) -> Sketch:
    return Sketch.of(row["tenant_id"], row["domain"], row["payload"])


def nearest(connection: Connection, rows: Sequence[Row]) -> dict[str, Near]:
    """By id: what each of the items is nearest among those that came before it, in the record and in the inbox."""
    own = [sketch_of(row) for row in rows]
    shared = [
        sketches.sharing(connection, row["seq"], its, MOST_CANDIDATES)
        for row, its in zip(rows, bands(own), strict=True)
    ]
    wanted = {seq for each in shared for seq in each}
    known = {row["seq"]: (row, sketch_of(row)) for row in sketches.not_rejected(connection, sorted(wanted))}
    by_meaning = items.items_by_id(
        connection, rows[0]["tenant_id"] if rows else "", [row["near_id"] for row in rows if row["near_id"]]
    )
    found = {}
    for row, sketch, seqs in zip(rows, own, shared, strict=True):
        best = _best(sketch, [known[seq] for seq in seqs if seq in known])
        if best is None and (other := by_meaning.get(row["near_id"])) is not None and other["status"] == "approved":
            best = Near(other, row["near_percent"], by_meaning=True)
        if best is not None:
            found[row["id"]] = best
    return found


def _best(sketch: Sketch, candidates: Sequence[tuple[Row, Sketch]]) -> Near | None:
    best = None
    for row, its in candidates:
        percent = shared_percent(sketch, its)
        if its.space == sketch.space and percent >= ALIKE_PERCENT and (best is None or percent > best.percent):
            best = Near(row, percent)
    return best


def _sketch(shop: Shop, tenant_id: str, batch_ids: Sequence[str], now: int) -> Step:
    with shop.store.read() as connection:
        rows = sketches.items_of_batches(connection, batch_ids)
        near = _meant(shop, connection, tenant_id, rows) if shop.by_meaning else []
    found = list(pairs([row["seq"] for row in rows], [sketch_of(row) for row in rows]))

    def keep(connection: Connection) -> None:
        sketches.add_sketches(connection, found)
        sketches.set_near(connection, near)
        sketches.set_sketched(connection, batch_ids, now)

    return keep


def _meant(shop: Shop, connection: Connection, tenant_id: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The entries of the record that say what pending items say, in other words."""
    near = []
    for domain in sorted({row["domain"] for row in rows}):
        mine = [row for row in rows if row["domain"] == domain and row["status"] == "pending"]
        known = records.embedded(connection, tenant_id, shop.encoder.name, domain)
        made = packed(shop.encoder, [folded(texts(row["payload"])) for row in mine]) if known and mine else []
        for row, scores in zip(mine, likeness(made, [vector for _, vector in known]), strict=False):
            at = int(scores.argmax())
            if (percent := int(100 * scores[at])) >= SAME_MEANING_PERCENT:
                near.append({"id": row["id"], "near_id": known[at][0], "near_percent": min(percent, 100)})
    return near
