"""The person's desk: what waits for a verdict, verdicts and their undoing, corrections, and what became of an item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from askcv_agents import wire
from askcv_agents.domains import parse_payload
from askcv_agents.issues import FieldIssue
from askcv_agents.staging import verdicts
from askcv_agents.staging.alike import Sketch
from askcv_agents.staging.neighbours import Near, caught_up, nearest, pairs
from askcv_agents.staging.repository import items, people, sketches
from askcv_agents.staging.repository.items import Filter, Span
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Shop
from askcv_agents.staging.verdicts import Verdict

PAGE_ITEMS = 50
MOST_DOCUMENTS = 100


@dataclass(frozen=True)
class InboxPage:
    """One page of the filtered items. ``counts`` are all of the tenant's, by state and domain; ``nearest`` are the
    items that pending ones of the page are most alike, by their ids, ``compared`` whether all items were looked at for
    them; ``until`` is the newest item there was; ``going`` are verdicts that jobs are still busy with."""

    rows: Sequence[Row]
    counts: dict[tuple[str, str], int]
    documents: Sequence[str]
    nearest: dict[str, Near]
    compared: bool
    earlier: bool
    later: bool
    until: int
    going: Sequence[Row]


class Desk:
    """One store's desks. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, shop: Shop, now: Callable[[], int]) -> None:
        self.shop = shop
        self.store = shop.store
        self._ms = now

    def page(self, tenant_id: str, chosen: Filter, after: int | None = None, before: int | None = None) -> InboxPage:
        """A page of the inbox, oldest first: the first one, or the one after or before an item."""
        pending = chosen.status == "pending"
        compared = caught_up(self.shop, tenant_id, self._ms()) if pending else True
        with self.store.read() as connection:
            rows = items.page(connection, tenant_id, chosen, Span(PAGE_ITEMS + 1, after=after, before=before))
            more = len(rows) > PAGE_ITEMS
            rows = rows[-PAGE_ITEMS:] if before is not None else rows[:PAGE_ITEMS]
            return InboxPage(
                rows=rows,
                counts={key: n for key, (n, _) in items.tallies(connection, tenant_id).items()},
                documents=items.documents(connection, tenant_id, chosen.status, MOST_DOCUMENTS),
                nearest=nearest(connection, rows) if pending else {},
                compared=compared,
                earlier=more if before is not None else after is not None,
                later=before is not None or more,
                until=items.last_seq(connection, tenant_id, chosen.status),
                going=items.going(connection, tenant_id),
            )

    def count(self, tenant_id: str, chosen: Filter, most: int) -> int:
        with self.store.read() as connection:
            return items.count(connection, tenant_id, chosen, most)

    # -- verdicts ------------------------------------------------------------------------------------------------------

    def review(self, tenant_id: str, item_ids: Sequence[str], verdict: wire.ItemStatus) -> Verdict:
        """Approves or rejects those of the items that are the tenant's and still pending."""
        with self.store.write() as connection:
            return verdicts.decide(
                connection, items.pending_items(connection, tenant_id, item_ids), verdict, self._ms()
            )

    def review_all(self, tenant_id: str, chosen: Filter, until: int, verdict: wire.ItemStatus) -> Verdict:
        """Approves or rejects every pending item of a filter that had arrived with ``until``: the first of them now,
        and where they are many the others by jobs."""
        with self.store.write() as connection:
            return verdicts.decide_all(connection, tenant_id, chosen, until, verdict, self._ms())

    def verdict(self, tenant_id: str, review_id: str) -> Row | None:
        with self.store.read() as connection:
            return items.review_of_tenant(connection, tenant_id, review_id)

    def undo(self, tenant_id: str, review_id: str) -> int:
        """Takes a verdict back: its items are pending again, and what was live is so no more. How many they are by now;
        where they are many, jobs do the others."""
        with self.store.write() as connection:
            return verdicts.undo(connection, tenant_id, review_id, self._ms())

    def take_back(self, tenant_id: str, item_id: str) -> bool:
        """Makes one approved item pending again; whether it was one of the tenant's."""
        with self.store.write() as connection:
            people.lock_tenant(connection, tenant_id)
            row = items.item_of_tenant(connection, tenant_id, item_id)
            if row is None or row["status"] != "approved":
                return False
            verdicts.take_back(connection, row, self._ms())
            return True

    # -- one item ------------------------------------------------------------------------------------------------------

    def item(self, tenant_id: str, item_id: str) -> Row | None:
        with self.store.read() as connection:
            return items.item_of_tenant(connection, tenant_id, item_id)

    def near(self, row: Row) -> Near | None:
        """What a pending item is nearest."""
        if row["status"] != "pending":
            return None
        caught_up(self.shop, row["tenant_id"], self._ms())
        with self.store.read() as connection:
            return nearest(connection, [row]).get(row["id"])

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
                verdicts.log(connection, rows, "edited", now, {"before": row["payload"]})
                sketches.add_sketches(connection, pairs([row["seq"]], [Sketch.of(tenant_id, row["domain"], corrected)]))
        return ()


def version_of(row: Row) -> int:
    """What an edit names as the state that it changes."""
    return int(row["edited_at"] or row["created_at"])
