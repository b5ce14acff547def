"""What leaves, and what the journal notes of it: decisions become queued items, masked as they will be sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from askcv_agents.domains import LONG_TEXT, label_of
from askcv_agents.wire import WireEvidence
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.done import ACTIONS, Mark
from askcv_pipelines.grouping import located, quoted
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import (
    BatchItem,
    Decision,
    DocumentResult,
    Duplicate,
    Item,
    Known,
    KnownState,
    New,
    Review,
)


def redactor_of(results: Iterable[DocumentResult], common: Redactor) -> Redactor:
    """A redactor that masks what the documents' own do: the names that each of them gives, too."""
    for result in results:
        common = common.knowing(result.redactor.names, result.redactor.own)
    return common


def sent_quote(item: Item, redactor: Redactor) -> str:
    """The quote of an item as it is sent: what the journal keeps of it."""
    return quoted(item.evidence, redactor)[:LONG_TEXT]


def queued(decision: Decision, redactor: Redactor) -> QueuedItem:
    """An item as it will be sent. A note beside its evidence says what it is near."""
    item, proof = decision.item, decision.item.evidence[0]
    parts = tuple(_ready(part, {"quote": sent_quote(part, redactor)}) for part in item.parts)
    note = None
    if isinstance(decision, Review):
        near = decision.near
        told = f"Near “{label_of(item.domain, near.payload)}” ({near.state}): “{near.said}” — {decision.why}."
        note = redactor.text(told)[0][:LONG_TEXT]
    evidence = WireEvidence(
        quote=sent_quote(item, redactor),
        document=redactor.text(proof.document, any_case=True)[0][:LONG_TEXT],
        source_kind=proof.source_kind,
        locator=redactor.text(located(item.evidence))[0][:LONG_TEXT],
        note=note,
    )
    ready = _ready(item, evidence.to_wire())
    why = decision.why if isinstance(decision, Review) else ""
    return QueuedItem(ready, "review" if isinstance(decision, Review) else "new", why, parts)


def _ready(item: Item, evidence: dict[str, Any]) -> BatchItem:
    payload = item.payload.to_wire()
    return BatchItem(fingerprint(item.domain, payload), item.domain, payload, evidence)


def marks_of(finished: Iterable[Item], result: DocumentResult) -> list[Mark]:
    """Actions that a document marks as done, masked as they would leave."""
    place = result.document.place
    return [Mark(queued(New(item), result.redactor).item, place, item.evidence[0].date) for item in finished]


def repeated_as_done(decisions: Iterable[Decision]) -> list[Item]:
    """Items of a document that are done and repeat a known action: an extractor that gives such items need not tell
    them apart."""
    repeated = [decision.item for decision in decisions if isinstance(decision, Duplicate)]
    return [item for item in repeated if item.domain == ACTIONS and item.payload.to_wire().get("status") == "done"]


def forgotten(decision: Decision, skeletons: Mapping[str, str]) -> Decision:
    """An item that was sent and then forgotten here is not sent again."""
    if isinstance(decision, Duplicate):
        return decision
    item = decision.item
    own = fingerprint(item.domain, item.payload.to_wire())
    if own not in skeletons:
        return decision
    state = cast("KnownState", skeletons[own])
    return Duplicate(item, Known(own, item.domain, {}, state), "sent earlier, and forgotten on this machine")


def given_by(decisions: Iterable[Decision], items: Sequence[Item]) -> list[str]:
    """Fingerprints of the journal's items that a document holds: its own, and those that its duplicates repeat.
    ``items`` are the run's."""
    given = []
    for decision in decisions:
        given.append(fingerprint_of(decision.item))
        if isinstance(decision, Duplicate):
            of = decision.of.id
            given.append(fingerprint_of(items[int(of.removeprefix("run:"))]) if of.startswith("run:") else of)
    return given


def fingerprint_of(item: Item) -> str:
    return fingerprint(item.domain, item.payload.to_wire())
