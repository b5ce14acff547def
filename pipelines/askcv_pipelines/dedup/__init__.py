"""Duplicate decisions: an ``Item`` against everything known → ``New | Duplicate | Review``.

For now by exact keys: items with an equal identity are the same; items with an equal label and another identity are
near, which a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from askcv_agents.domains import DOMAINS
from askcv_pipelines.dedup.keys import identity_key, label_key
from askcv_pipelines.values import Decision, Duplicate, Item, Known, New, Review

_SAME = {
    "approved": "already in the record",
    "pending": "already waiting in the review inbox",
    "queued": "already in the journal, to be submitted",
    "unknown": "already sent; the answer never came",
    "declined": "declined earlier",
    "refused": "refused by the service earlier",
    "this run": "found twice in this run",
}


class KnownItems:
    """Everything an item is compared with. Grows while a run decides, so that the run itself holds no doubles."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._by_identity: dict[tuple[str, str], Known] = {}
        self._by_label: dict[tuple[str, str], Known] = {}
        self._compared: set[str] = set()
        self._of_this_run = 0
        for item in known:
            self._add(item)

    def not_compared(self, domains: Iterable[str]) -> list[str]:
        """Those of the domains whose record was not added yet."""
        return sorted(set(domains) - self._compared)

    def extend(self, domain: str, record: Iterable[Known]) -> None:
        """Adds what the record holds in a domain. The record tells more surely than the journal what is approved."""
        self._compared.add(domain)
        for item in record:
            self._add(item, surer=True)

    def decide_all(self, items: Sequence[Item]) -> tuple[Decision, ...]:
        """A decision per item, in order; each item that is not a duplicate is known to those after it."""
        decisions = []
        for item in items:
            decisions.append(self.decide(item))
            if not isinstance(decisions[-1], Duplicate):
                self._of_this_run += 1
                self._add(Known(f"run-{self._of_this_run}", item.domain, item.payload.to_wire(), "this run"))
        return tuple(decisions)

    def decide(self, item: Item) -> Decision:
        """Whether the item is new, the same as something known, or near something known."""
        payload = item.payload.to_wire()
        if same := self._by_identity.get((item.domain, identity_key(item.domain, payload))):
            return Duplicate(item, same, _SAME[same.state])
        label = label_key(item.domain, payload)
        if (near := self._by_label.get((item.domain, label))) and label:
            return Review(item, near, 0.5, f"the same {DOMAINS[item.domain].label}, but other details")
        return New(item)

    def _add(self, item: Known, *, surer: bool = False) -> None:
        """Of several equal ones the first stays, unless a later one is surer: it is what an explanation names."""
        if item.domain not in DOMAINS:
            return
        identity = (item.domain, identity_key(item.domain, item.payload))
        label = (item.domain, label_key(item.domain, item.payload))
        for index, key in ((self._by_identity, identity), (self._by_label, label)):
            if surer or key not in index:
                index[key] = item
