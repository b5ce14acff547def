"""The record as it is read: searched, by date, and one entry with all that is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askcv_agents.domains import DOMAINS
from askcv_agents.staging.alike import folded
from askcv_agents.staging.repository import analysis, items, jobs, records
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Shop
from askcv_agents.staging.store import Store
from askcv_agents.staging.vectors import likeness, packed

PAGE_RECORDS = 50
MOST_DATED = 500
MOST_LINKED = 50
MOST_SEARCH_WORDS = 8
MOST_RELATED = 5
RELATED = 0.2
"""The least likeness of a search and an entry that is shown as related: below it lies what hashed words share by
chance."""
MOST_GAPS = 100


@dataclass(frozen=True)
class Entry:
    """A live item: the record's row, the staged item it was, what was done to that, and what it is linked with."""

    record: Row
    item: Row
    events: Sequence[Row]
    linked: Sequence[Row]


@dataclass(frozen=True)
class Knowledge:
    """The records of one shop's store. ``now`` gives milliseconds since 1970 (UTC)."""

    shop: Shop
    now: Callable[[], int]

    @property
    def store(self) -> Store:
        return self.shop.store

    def search(self, tenant_id: str, query: str, domain: str | None, before: int) -> Sequence[Row]:
        """Up to a page of records and one more, newest first, that hold every word of the query."""
        words = folded(query).replace("\x00", "").split()[:MOST_SEARCH_WORDS]
        with self.store.read() as connection:
            return records.search(connection, tenant_id, words, domain, (before, PAGE_RECORDS + 1))

    def related(self, tenant_id: str, query: str, domain: str | None) -> Sequence[Row]:
        """Records whose embedding is like the query's, the most like first, whether or not they hold its words."""
        if not (words := folded(query).strip()):
            return []
        encoder = self.shop.encoder
        with self.store.read() as connection:
            known = records.embedded(connection, tenant_id, encoder.name, domain)
            others = records.embedded_otherwise(connection, tenant_id, encoder.name)
        if others:  # they are made anew, and found then
            with self.store.write() as connection:
                jobs.add_job_once(connection, tenant_id, "ingest", self.now())
        if not known:
            return []
        scores = likeness(packed(encoder, [words]), [vector for _, vector in known])[0]
        best = [known[at][0] for at in (-scores).argsort(kind="stable")[:MOST_RELATED] if scores[at] >= RELATED]
        with self.store.read() as connection:
            rows = records.records_by_id(connection, tenant_id, best)
        return [rows[item_id] for item_id in best if item_id in rows]

    def gaps(self, tenant_id: str) -> dict[str, Sequence[Row]]:
        """What is missing, by kind: periods without entries, positions and skills that no entry speaks of."""
        with self.store.read() as connection:
            return {kind: analysis.gaps(connection, tenant_id, kind, MOST_GAPS) for kind in analysis.GAPS}

    def counts(self, tenant_id: str) -> dict[str, int]:
        """How many live items there are by domain, in the order of the domains."""
        with self.store.read() as connection:
            found = items.tallies(connection, tenant_id)
        return {name: found["approved", name][0] for name in DOMAINS if ("approved", name) in found}

    def timeline(self, tenant_id: str) -> Sequence[Row]:
        with self.store.read() as connection:
            return records.timeline(connection, tenant_id, MOST_DATED)

    def entry(self, tenant_id: str, item_id: str) -> Entry | None:
        with self.store.read() as connection:
            live = records.record_of_tenant(connection, tenant_id, item_id)
            item = items.item_of_tenant(connection, tenant_id, item_id)
            if live is None or item is None:
                return None
            linked = records.linked(connection, item_id, MOST_LINKED)
            return Entry(live, item, items.events(connection, item_id), linked)
