"""The record as it is read: searched, by date, and one entry with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from askcv_agents.domains import DOMAINS
from askcv_agents.staging.alike import folded
from askcv_agents.staging.repository import items, records
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.store import Store

PAGE_RECORDS = 50
MOST_DATED = 500
MOST_LINKED = 50
MOST_SEARCH_WORDS = 8


@dataclass(frozen=True)
class Entry:
    """A live item: the record's row, the staged item it was, what was done to that, and what it is linked with."""

    record: Row
    item: Row
    events: Sequence[Row]
    linked: Sequence[Row]


@dataclass(frozen=True)
class Knowledge:
    """The records of one store."""

    store: Store

    def search(self, tenant_id: str, query: str, domain: str | None, before: int) -> Sequence[Row]:
        """Up to a page of records and one more, newest first, that hold every word of the query."""
        words = folded(query).replace("\x00", "").split()[:MOST_SEARCH_WORDS]
        with self.store.read() as connection:
            return records.search(connection, tenant_id, words, domain, (before, PAGE_RECORDS + 1))

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
