"""The person's desk: what waits for a verdict, verdicts and their undoing, corrections, and what became of an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from askcv_agents import wire
from askcv_agents.domains import parse_payload
from askcv_agents.issues import FieldIssue
from askcv_agents.staging import tables
from askcv_agents.staging.ingestion import make_live, withdraw
from askcv_agents.staging.principals import new_id
from askcv_agents.staging.repository import items, jobs, people
from askcv_agents.staging.repository.items import Filter, Span
from askcv_agents.staging.repository.rows import Row, add
from askcv_agents.staging.store import Store

PAGE_ITEMS = 50
AT_ONCE = 500
"""How many items of a large verdict are held in memory at a time."""
MOST_DOCUMENTS = 100


@dataclass(frozen=True)
class InboxPage:
    """One page of the filtered items. ``counts`` are all of the tenant's, by state and domain; ``nearest`` are the
    items that those of the page are most alike, by id; ``until`` is the newest item there was."""

    rows: Sequence[Row]
    counts: dict[tuple[str, str], int]
    documents: Sequence[str]
    nearest: dict[str, Row]
    earlier: bool
    later: bool
    until: int


@dataclass(frozen=True)
class Verdict:
    """What a review did. ``id`` undoes it; it is empty where nothing was changed."""

    id: str
    items: int


class Desk:
    """One store's desks. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self.store = store
        self._ms = now

    def page(self, tenant_id: str, chosen: Filter, after: int | None = None, before: int | None = None) -> InboxPage:
        """A page of the inbox, oldest first: the first one, or the one after or before an item."""
        with self.store.read() as connection:
            rows = items.page(connection, tenant_id, chosen, Span(PAGE_ITEMS + 1, after=after, before=before))
            more = len(rows) > PAGE_ITEMS
            rows = rows[-PAGE_ITEMS:] if before is not None else rows[:PAGE_ITEMS]
            return InboxPage(
                rows=rows,
                counts={key: n for key, (n, _) in items.tallies(connection, tenant_id).items()},
                documents=items.documents(connection, tenant_id, chosen.status, MOST_DOCUMENTS),
                nearest=items.items_by_id(connection, tenant_id, [row["near_id"] for row in rows if row["near_id"]]),
                earlier=more if before is not None else after is not None,
                later=before is not None or more,
                until=items.last_seq(connection, tenant_id, chosen.status),
            )

    def count(self, tenant_id: str, chosen: Filter, most: int) -> int:
        with self.store.read() as connection:
            return items.count(connection, tenant_id, chosen, most)

    # -- verdicts ------------------------------------------------------------------------------------------------------

    def review(self, tenant_id: str, item_ids: Sequence[str], verdict: wire.ItemStatus) -> Verdict:
        """Approves or rejects those of the items that are the tenant's and still pending."""
        with self.store.write() as connection:
            rows = items.pending_items(connection, tenant_id, item_ids)
            return self._decide(connection, tenant_id, iter([rows] if rows else []), verdict)

    def review_all(self, tenant_id: str, chosen: Filter, until: int, verdict: wire.ItemStatus) -> Verdict:
        """Approves or rejects every pending item of a filter that had arrived with ``until``."""
        with self.store.write() as connection:
            return self._decide(connection, tenant_id, _pending(connection, tenant_id, chosen, until), verdict)

    def _decide(
        self, connection: Connection, tenant_id: str, parts: Iterator[Sequence[Row]], verdict: wire.ItemStatus
    ) -> Verdict:
        review_id, now, done = new_id("rev"), self._ms(), Counter[str]()
        for rows in parts:
            ids = [row["id"] for row in rows]
            items.set_status(connection, ids, status=verdict, reviewed_at=now, review_id=review_id)
            _log(connection, rows, verdict, now)
            if verdict == "approved":
                make_live(connection, rows, now)
            done.update(row["domain"] for row in rows)
        if not done:
            return Verdict("", 0)
        _move(connection, tenant_id, now, ("pending", verdict), done)
        row = {"id": review_id, "tenant_id": tenant_id, "at": now, "verdict": verdict, "items": done.total()}
        add(connection, tables.review, **row)
        if verdict == "approved":
            jobs.add_job(connection, tenant_id, "ingest", review_id, now)
        return Verdict(review_id, done.total())

    def verdict(self, tenant_id: str, review_id: str) -> Row | None:
        with self.store.read() as connection:
            return items.review_of_tenant(connection, tenant_id, review_id)

    def undo(self, tenant_id: str, review_id: str) -> int:
        """Takes a verdict back: its items are pending again, and what was live is so no more. How many they were."""
        with self.store.write() as connection:
            found = items.review_of_tenant(connection, tenant_id, review_id, lock=True)
            if found is None or found["undone_at"] is not None:
                return 0
            now = self._ms()
            items.set_undone(connection, review_id, now)
            return sum(_restore(connection, rows, now) for rows in _reviewed(connection, review_id))

    def take_back(self, tenant_id: str, item_id: str) -> bool:
        """Makes one approved item pending again; whether it was one of the tenant's."""
        with self.store.write() as connection:
            people.lock_tenant(connection, tenant_id)
            row = items.item_of_tenant(connection, tenant_id, item_id)
            if row is None or row["status"] != "approved":
                return False
            return _restore(connection, [row], self._ms()) == 1

    # -- one item ------------------------------------------------------------------------------------------------------

    def item(self, tenant_id: str, item_id: str) -> Row | None:
        with self.store.read() as connection:
            return items.item_of_tenant(connection, tenant_id, item_id)

    def history(self, item_id: str) -> Sequence[Row]:
        """What was done to an item, the first first."""
        with self.store.read() as connection:
            return items.events(connection, item_id)

    def edit(
        self, tenant_id: str, item_id: str, payload: dict[str, Any], version: int
    ) -> tuple[FieldIssue, ...] | None:
        """Corrects a pending item. The issues where its domain's model refuses it; None where it is no longer pending,
        or was changed since ``version``."""
        with self.store.write() as connection:
            rows = items.pending_items(connection, tenant_id, [item_id])
            if not rows or version_of(rows[0]) != version:
                return None
            row = rows[0]
            checked = parse_payload(row["domain"], payload, by_alias=True)
            if isinstance(checked, tuple):
                return checked
            if (corrected := checked.to_wire()) != row["payload"]:
                now = max(self._ms(), version + 1)
                items.set_payload(connection, item_id, corrected, now)
                _log(connection, rows, "edited", now, {"before": row["payload"]})
                jobs.add_job(connection, tenant_id, "resketch", item_id, now)
        return ()


def version_of(row: Row) -> int:
    """What an edit names as the state that it changes."""
    return int(row["edited_at"] or row["created_at"])


def _restore(connection: Connection, rows: Sequence[Row], now: int) -> int:
    """Makes reviewed items, all of one verdict, pending again; how many they are."""
    verdict, ids = rows[0]["status"], [row["id"] for row in rows]
    if verdict == "approved":
        withdraw(connection, rows)
    items.set_status(connection, ids, status="pending", reviewed_at=None, review_id=None)
    _log(connection, rows, "undone", now)
    _move(connection, rows[0]["tenant_id"], now, (verdict, "pending"), Counter(row["domain"] for row in rows))
    return len(rows)


def _move(connection: Connection, tenant_id: str, now: int, way: tuple[str, str], done: Mapping[str, int]) -> None:
    """Counts items of each domain from one state into another."""
    changes = {(way[0], domain): -n for domain, n in done.items()} | {(way[1], d): n for d, n in done.items()}
    items.add_to_tally(connection, tenant_id, now, changes)


def _log(connection: Connection, rows: Sequence[Row], kind: str, now: int, change: Any = None) -> None:
    events = [
        {"tenant_id": row["tenant_id"], "item_id": row["id"], "at": now, "kind": kind, "change": change} for row in rows
    ]
    items.add_events(connection, events)


def _pending(connection: Connection, tenant_id: str, chosen: Filter, until: int) -> Iterator[Sequence[Row]]:
    """The items that are still pending, some at a time: those that were given are pending no longer."""
    after = 0
    while rows := items.page(connection, tenant_id, chosen, Span(AT_ONCE, after=after, until=until)):
        after = rows[-1]["seq"]
        if still := items.pending_items(connection, tenant_id, [row["id"] for row in rows]):
            yield still


def _reviewed(connection: Connection, review_id: str) -> Iterator[Sequence[Row]]:
    after = 0
    while rows := items.items_of_review(connection, review_id, after, AT_ONCE):
        after = rows[-1]["seq"]
        yield rows
