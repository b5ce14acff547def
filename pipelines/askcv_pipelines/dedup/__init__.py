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
        for item in known:
            self.add(item)

    def add(self, item: Known) -> None:
        """The first of several equal ones stays: it is the one that an explanation names."""
        if item.domain in DOMAINS:
            self._by_identity.setdefault((item.domain, identity_key(item.domain, item.payload)), item)
            self._by_label.setdefault((item.domain, label_key(item.domain, item.payload)), item)

    def decide(self, item: Item) -> Decision:
        """Whether the item is new, the same as something known, or near something known."""
        payload = item.payload.to_wire()
        if same := self._by_identity.get((item.domain, identity_key(item.domain, payload))):
            return Duplicate(item, same, _SAME[same.state])
        label = label_key(item.domain, payload)
        if (near := self._by_label.get((item.domain, label))) and label:
            return Review(item, near, 0.5, f"the same {DOMAINS[item.domain].label}, but other details")
        return New(item)


def decide_all(items: Sequence[Item], known: Iterable[Known]) -> tuple[Decision, ...]:
    """A decision per item, in order; each item that is not a duplicate is known to those after it."""
    seen = KnownItems(known)
    decisions = []
    for number, item in enumerate(items):
        decisions.append(seen.decide(item))
        if not isinstance(decisions[-1], Duplicate):
            seen.add(Known(f"run-{number}", item.domain, item.payload.to_wire(), "this run"))
    return tuple(decisions)
