"""The whole chain on one screen. START HERE: ``Pipeline.run`` is what ``askcv sync`` does, ``extract`` its first half.

Both are operations (``askcv_agents.exchange``): drive them with ``Client.run`` or ``await AsyncClient.run``, or iterate
their events with ``stream``. Documents pass through one by one, and none is held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.domains import LONG_TEXT, label_of
from askcv_agents.errors import InsufficientScope, NotFound, UnreadableAnswer
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_agents.wire import SourceKind, WireEvidence
from askcv_pipelines import submit
from askcv_pipelines.dedup import KnownItems
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.engine import Engine, SerialEngine
from askcv_pipelines.extractors import Extractor, extractor
from askcv_pipelines.grouping import CAP, located, quoted, rolled_up
from askcv_pipelines.journal import Journal, Partition, default_path
from askcv_pipelines.names import same_person
from askcv_pipelines.one_document import Work, process
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.reading.subject import Whose
from askcv_pipelines.redact import redacted
from askcv_pipelines.sources.discovery import Reference, discover
from askcv_pipelines.tally import Tally
from askcv_pipelines.values import (
    BatchItem,
    Decided,
    Decision,
    DocumentResult,
    Duplicate,
    Event,
    Failure,
    Item,
    Known,
    Progress,
    Review,
    RunReport,
    Subject,
)


@dataclass(frozen=True)
class Pipeline:
    """From documents to the review inbox. ``subject`` is the person they are about, or the people of a ``people.toml``;
    ``only`` is the one of those whose documents count. ``kind`` and ``format`` are recognised unless given. With
    ``keep_text`` results carry their documents' texts; with ``dry_run`` nothing is queued or sent. With ``group`` many
    small items of one place become one, and at most ``cap`` things of a document go out."""

    subject: Whose = None
    extractor: Extractor = field(default_factory=lambda: extractor("rules"))
    kind: SourceKind | None = None
    format: str | None = None
    engine: Engine = field(default_factory=SerialEngine)
    only: str | None = None
    keep_text: bool = False
    dry_run: bool = False
    group: bool = False
    cap: int = CAP

    def run(
        self, references: Sequence[Reference], settings: Settings, retry: RetryPolicy
    ) -> Operation[Event, RunReport]:
        """Reads, extracts, verifies, decides and submits, for one person. Run again, it submits nothing that is known.

        Raises:
            AskcvError: the service or the journal cannot be used. What was queued waits in the journal.
        """
        tally = Tally()
        tenant = yield from tenant_of(settings, retry, tally)
        with open_partition(settings, tenant) as part:
            part.outbox.left_behind()
            known = KnownItems(part.known())
            for found in one_persons(self._results(references)):
                if not isinstance(found, DocumentResult):
                    yield Emit(tally.add(found))
                    continue
                if not self.dry_run:
                    part.saw(found.document, f"{self.extractor.name} {self.extractor.version}")
                for domain in known.not_compared({item.domain for item in found.items}):
                    record = yield from _exported(domain, retry, tally)
                    known.extend(domain, record)
                    part.outbox.in_record(fingerprint(domain, item.payload) for item in record)
                decided = self._decided(found, known, tally)
                if not self.dry_run:
                    part.outbox.enqueue([_queued(d) for d in decided.decisions if not isinstance(d, Duplicate)])
                yield Emit(decided)
            if self.dry_run:
                return tally.report(left=part.counts())
            sent = yield from submit.drain(part, settings, retry)
            return tally.report(sent.receipts, part.counts(), sent.retry_after)

    def extract(self, references: Sequence[Reference]) -> Operation[Event, RunReport]:
        """Reads, extracts and verifies, without a network. Decisions are of this run alone."""
        tally, known = Tally(), KnownItems()
        for found in self._results(references):
            yield Emit(self._decided(found, known, tally) if isinstance(found, DocumentResult) else tally.add(found))
        return tally.report()

    def _decided(self, found: DocumentResult, known: KnownItems, tally: Tally) -> Decided:
        """A document's decisions, counted; then grouped where that is asked for. A group may be known as a whole, where
        a journal that would tell its members was lost."""
        decided = Decided(found, known.decide_all(found.items))
        tally.add(decided)
        if not self.group:
            return decided
        view = rolled_up(decided, self.cap)
        decisions = tuple(known.decide(d.item) if d.item.parts else d for d in view.decisions)
        return tally.rolled(replace(decided, decisions=decisions, held=view.held))

    def _results(self, references: Sequence[Reference]) -> Iterator[DocumentResult | Failure | Progress]:
        """Each document's result in the order of the references, and the progress before it."""
        discovery = discover(references)
        yield from discovery.failures
        found = list(discovery.documents.values())
        work = Work(self.subject, self.extractor, self.kind, self.format, self.keep_text)
        for number, result in enumerate(self.engine.map(process, work, found), start=1):
            yield Progress("read", number, len(found), found[number - 1].name)
            if not self.only or isinstance(result, Failure) or result.document.subject.name == self.only:
                yield result


def one_persons(
    results: Iterator[DocumentResult | Failure | Progress],
) -> Iterator[DocumentResult | Failure | Progress]:
    """The results as they are, but for documents that name another person than the first that named one: what is
    submitted goes into one record."""
    person: Subject | None = None
    for result in results:
        named = result.document.subject if isinstance(result, DocumentResult) and result.document.subject.name else None
        person = person or named
        if person and named and not same_person(person, named):
            yield Failure(
                result.document.id,  # type: ignore[union-attr]
                f"{result.document.id}: is about {named.name}, and this run submits for {person.name}",  # type: ignore[union-attr]
                "Sync it apart with --subject, or list both in a people.toml.",
            )
        else:
            yield result


@contextmanager
def open_partition(settings: Settings, tenant: str) -> Iterator[Partition]:
    """The journal's part for a tenant of the service that the settings name."""
    path = default_path(settings.state_dir)
    with Journal(path) as journal, journal.partition(settings.record_address, tenant) as partition:
        yield partition


def tenant_of(settings: Settings, retry: RetryPolicy, tally: Tally | None = None) -> Operation[Any, str]:
    """Whose journal partition it is; where the service does not tell, the token stands for its tenant."""
    try:
        profile = yield from operations.profile(retry)
        if profile.tenant_id:
            return profile.tenant_id
    except (InsufficientScope, NotFound, UnreadableAnswer):
        pass  # a token that may only write, or a service that tells nothing
    if tally is not None:
        tally.note(
            "The service does not tell whose record this is: the journal goes by the token, a new one starts anew."
        )
    return "token-" + hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:16]


def _exported(domain: str, retry: RetryPolicy, tally: Tally) -> Operation[Event, list[Known]]:
    """What the record holds in a domain."""
    try:
        items = yield from operations.export_all(domain, retry)
    except InsufficientScope as error:
        tally.note(f"The record could not be read ({error.message}); only the journal was compared.")
        return []
    return [Known(item.id, domain, item.payload, "approved") for item in items]


def _queued(decision: Decision) -> QueuedItem:
    item, proof = decision.item, decision.item.evidence[0]
    parts = tuple(_ready(part) for part in item.parts)
    note = None
    if isinstance(decision, Review):
        near = label_of(item.domain, decision.near.payload)
        note = f"Near “{near}” ({decision.near.state}): {decision.why}."[:LONG_TEXT]
    evidence = WireEvidence(
        quote=quoted(item.evidence)[:LONG_TEXT],
        document=redacted(proof.document)[0][:LONG_TEXT],
        source_kind=proof.source_kind,
        locator=redacted(located(item.evidence))[0][:LONG_TEXT],
        note=note,
    )
    ready = _ready(item, evidence.to_wire())
    why = decision.why if isinstance(decision, Review) else ""
    return QueuedItem(ready, "review" if isinstance(decision, Review) else "new", why, parts)


def _ready(item: Item, evidence: dict[str, Any] | None = None) -> BatchItem:
    payload = item.payload.to_wire()
    return BatchItem(fingerprint(item.domain, payload), item.domain, payload, evidence)
