"""Verdicts on items, and their undoing. One on all that match is given part by part, each a short transaction of its
own: who imports meanwhile waits for a part, not for the whole. What is left to do is written with what was done, so
that a job goes on where an earlier one ended, whatever became of its process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from askcv_agents import wire
from askcv_agents.staging import tables
from askcv_agents.staging.ingestion import make_live, withdraw
from askcv_agents.staging.principals import new_id
from askcv_agents.staging.repository import items, jobs
from askcv_agents.staging.repository.items import Filter, Span
from askcv_agents.staging.repository.rows import Row, add
from askcv_agents.staging.steps import Shop, Step

AT_ONCE = 250
"""How many items a part has."""


@dataclass(frozen=True)
class Verdict:
    """What a review did so far. ``id`` undoes it, and is empty where nothing was changed. ``going``: jobs do more."""

    id: str
    items: int
    going: bool = False


def decide(connection: Connection, rows: Sequence[Row], verdict: wire.ItemStatus, now: int) -> Verdict:
    """Approves or rejects pending items of one tenant, all in this transaction."""
    if not rows:
        return Verdict("", 0)
    review_id, tenant_id = new_id("rev"), rows[0]["tenant_id"]
    _give(connection, rows, verdict, review_id, now)
    _add_review(connection, review_id, tenant_id, verdict, now, items=len(rows))
    if verdict == "approved":
        jobs.add_job(connection, tenant_id, "ingest", review_id, now)
    return Verdict(review_id, len(rows))


def decide_all(
    connection: Connection, tenant_id: str, chosen: Filter, until: int, verdict: wire.ItemStatus, now: int
) -> Verdict:
    """Approves or rejects every pending item of a filter that had arrived with ``until``: a part of them now."""
    if not items.page(connection, tenant_id, chosen, Span(1, until=until)):
        return Verdict("", 0)
    review_id = new_id("rev")
    matching = {**asdict(chosen), "until": until, "after": 0}
    _add_review(connection, review_id, tenant_id, verdict, now, items=0, filter=matching)
    return _next_part(connection, tenant_id, review_id, now)


def decided(_: Shop, tenant_id: str, review_id: str, now: int) -> Step:
    """The next part of a verdict."""

    def give(connection: Connection) -> None:
        _next_part(connection, tenant_id, review_id, now)

    return give


def undo(connection: Connection, tenant_id: str, review_id: str, now: int) -> int:
    """Takes a verdict back: its items are pending again, and what was live is so no more. A part of them now; how many
    they are. A verdict that was still being given ends where it is."""
    found = items.review_of_tenant(connection, tenant_id, review_id, lock=True)
    if found is None or found["undone_at"] is not None:
        return 0
    items.set_review(connection, review_id, undone_at=now)
    return _restore_part(connection, found, now)


def undone(_: Shop, tenant_id: str, review_id: str, now: int) -> Step:
    """The next part of a verdict that is taken back."""

    def restore(connection: Connection) -> None:
        found = items.review_of_tenant(connection, tenant_id, review_id, lock=True)
        if found is not None:
            _restore_part(connection, found, now)

    return restore


def take_back(connection: Connection, approved: Row, now: int) -> None:
    """Makes one approved item pending again."""
    _restore(connection, [approved], now)
    jobs.add_job_once(connection, approved["tenant_id"], "gaps", now)


def log(connection: Connection, rows: Sequence[Row], kind: str, now: int, change: Any = None) -> None:
    """Writes down what was done to items."""
    events = [
        {"tenant_id": row["tenant_id"], "item_id": row["id"], "at": now, "kind": kind, "change": change} for row in rows
    ]
    items.add_events(connection, events)


# -- one part ----------------------------------------------------------------------------------------------------------


def _next_part(connection: Connection, tenant_id: str, review_id: str, now: int) -> Verdict:
    review = items.review_of_tenant(connection, tenant_id, review_id, lock=True)
    if review is None or review["undone_at"] is not None:
        return Verdict("", 0)
    left = dict(review["filter"])
    until, after = left.pop("until"), left.pop("after")
    rows = items.page(connection, tenant_id, Filter(**left), Span(AT_ONCE, after=after, until=until))
    after = rows[-1]["seq"] if rows else after
    more = bool(items.page(connection, tenant_id, Filter(**left), Span(1, after=after, until=until)))
    still = _still_pending(connection, tenant_id, rows)
    if still:
        _give(connection, still, review["verdict"], review_id, now)
    count = review["items"] + len(still)
    going = "deciding" if more else None
    left |= {"until": until, "after": after}
    items.set_review(connection, review_id, items=count, going=going, filter=left)
    if more:
        jobs.add_job(connection, tenant_id, "decide", review_id, now)
    elif review["verdict"] == "approved":
        jobs.add_job(connection, tenant_id, "ingest", review_id, now)
    return Verdict(review_id, count, more)


def _restore(connection: Connection, rows: Sequence[Row], now: int) -> int:
    """Makes reviewed items, all of one verdict, pending again; how many they are."""
    if not rows:
        return 0
    verdict, tenant_id = rows[0]["status"], rows[0]["tenant_id"]
    if verdict == "approved":
        withdraw(connection, rows)
    items.set_status(connection, [r["id"] for r in rows], status="pending", reviewed_at=None, review_id=None)
    log(connection, rows, "undone", now)
    _move(connection, tenant_id, now, (verdict, "pending"), rows)
    return len(rows)


def _restore_part(connection: Connection, review: Row, now: int) -> int:
    done = _restore(connection, items.items_of_review(connection, review["id"], AT_ONCE), now)
    more = bool(items.items_of_review(connection, review["id"], 1))
    going = "undoing" if more else None
    items.set_review(connection, review["id"], restored=review["restored"] + done, going=going)
    if more:
        jobs.add_job(connection, review["tenant_id"], "undo", review["id"], now)
    elif review["verdict"] == "approved":
        jobs.add_job_once(connection, review["tenant_id"], "gaps", now)
    return done


def _still_pending(connection: Connection, tenant_id: str, rows: Sequence[Row]) -> Sequence[Row]:
    """SQLite has one writer: what was read in its transaction is so until its end. Elsewhere others may be quicker."""
    if connection.dialect.name == "sqlite" or not rows:
        return rows
    return items.pending_items(connection, tenant_id, [row["id"] for row in rows])


def _give(connection: Connection, rows: Sequence[Row], verdict: str, review_id: str, now: int) -> None:
    ids = [row["id"] for row in rows]
    items.set_status(connection, ids, status=verdict, reviewed_at=now, review_id=review_id)
    log(connection, rows, verdict, now)
    if verdict == "approved":
        make_live(connection, rows, now)
    _move(connection, rows[0]["tenant_id"], now, ("pending", verdict), rows)


def _add_review(connection: Connection, review_id: str, tenant_id: str, verdict: str, now: int, **more: Any) -> None:
    row: Mapping[str, Any] = {"id": review_id, "tenant_id": tenant_id, "at": now, "verdict": verdict, **more}
    add(connection, tables.review, **row)


def _move(connection: Connection, tenant_id: str, now: int, way: tuple[str, str], rows: Sequence[Row]) -> None:
    """Counts items of each domain from one state into another."""
    done = Counter(row["domain"] for row in rows)
    changes = {(way[0], domain): -n for domain, n in done.items()} | {(way[1], d): n for d, n in done.items()}
    items.add_to_tally(connection, tenant_id, now, changes)
