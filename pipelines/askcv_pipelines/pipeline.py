"""The whole chain on one screen. START HERE: ``Pipeline.run`` is what ``askcv sync`` does, ``extract`` its first half.

Both are operations (``askcv_agents.exchange``): drive them with ``Client.run`` or ``await AsyncClient.run``, or iterate
their events with ``stream``. Documents pass through one by one, and none is held.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.domains import LONG_TEXT, label_of
from askcv_agents.errors import ConfigError, InsufficientScope, NotFound, UnreadableAnswer
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_agents.wire import SourceKind, WireEvidence
from askcv_pipelines import submit
from askcv_pipelines.dedup import KnownItems
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.dedup.known import Judged
from askcv_pipelines.dedup.vectors import Encoder
from askcv_pipelines.engine import Engine, SerialEngine
from askcv_pipelines.extractors import Extractor, extractor
from askcv_pipelines.grouping import CAP, located, members, quoted, rolled_up
from askcv_pipelines.journal import Journal, Partition, default_path
from askcv_pipelines.mirror import MirrorState, fingerprints, refreshed
from askcv_pipelines.names import same_person
from askcv_pipelines.one_document import Work, process
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.reading.subject import Whose
from askcv_pipelines.redact import Names, Redactor
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
    Progress,
    Review,
    RunReport,
    Subject,
)

NOT_SETTLED = (
    "Names of third parties were kept as the documents have them: say --names keep or --names mask, once for a record."
)
SETTLED_ANEW = (
    "Names of third parties are treated differently from earlier runs: items that hold such names differ from those "
    "submitted then, and are not recognised."
)
Reading = Literal["refresh", "whole", "offline"]
"""How the record is read before a run decides: what is new in it, the whole of it, or nothing."""


@dataclass(frozen=True)
class Pipeline:
    """From documents to the review inbox. ``subject`` is the person they are about, or the people of a ``people.toml``;
    ``only`` is the one of those whose documents count. ``kind`` and ``format`` are recognised unless given. With
    ``keep_text`` results carry their documents' texts; with ``dry_run`` nothing is queued or sent. ``mirror`` says what
    of the record is read: what is new in it, the whole of it, or nothing (``offline``: nothing is sent either).
    ``declined_too`` offers again what the person declined. With an ``encoder``
    near items are found by meaning too. ``redactor`` says what is masked. ``names`` is what becomes
    of third parties' names: where it is None, what is on record for this person, else what ``ask_names`` answers, else
    they are kept. With ``group`` many small items of one place become one, and at most ``cap`` things of a document go
    out. ``now`` gives seconds since 1970."""

    subject: Whose = None
    extractor: Extractor = field(default_factory=lambda: extractor("rules"))
    kind: SourceKind | None = None
    format: str | None = None
    engine: Engine = field(default_factory=SerialEngine)
    only: str | None = None
    keep_text: bool = False
    dry_run: bool = False
    mirror: Reading = "refresh"
    declined_too: bool = False
    encoder: Encoder | None = None
    redactor: Redactor = field(default_factory=Redactor)
    names: Names | None = None
    ask_names: Callable[[], Names | None] | None = None
    group: bool = False
    cap: int = CAP
    now: Callable[[], float] = time.time

    def run(
        self, references: Sequence[Reference], settings: Settings, retry: RetryPolicy
    ) -> Operation[Event, RunReport]:
        """Reads, extracts, verifies, decides and submits, for one person. Run again, it submits nothing that is known.

        The run is decided as a whole, so that the order of documents makes no difference.

        Raises:
            AskcvError: the service or the journal cannot be used. What was queued waits in the journal.
        """
        return (yield from self._through(settings, retry, references, ()))

    def deliver(
        self, results: Sequence[DocumentResult], settings: Settings, retry: RetryPolicy
    ) -> Operation[Event, RunReport]:
        """Decides and submits what documents gave already, for instance what an agent proposed of them.

        Raises:
            AskcvError: as ``run``.
        """
        return (yield from self._through(settings, retry, (), results))

    def _through(
        self,
        settings: Settings,
        retry: RetryPolicy,
        references: Sequence[Reference],
        ready: Sequence[DocumentResult],
    ) -> Operation[Event, RunReport]:
        tally = Tally()
        tenant = yield from self._tenant(settings, retry, tally)
        with open_partition(settings, tenant, self.now) as part:
            part.outbox.left_behind()
            names = self._settled_names(part, tally)
            results = [*ready, *(yield from self._read(references, names, part, tally))]
            known = KnownItems(part.known(), declined_too=self.declined_too, encoder=self.encoder)
            unread = yield from self._mirrored(part, known, {i.domain for r in results for i in r.items}, retry, tally)
            passages = [sent_quote(item, result.redactor) for result in results for item in result.items]
            decisions = iter(known.decide_all([item for result in results for item in result.items], passages))
            unseen = 0
            for result in results:
                decided = self._counted(Decided(result, tuple(islice(decisions, len(result.items)))), tally)
                leaving = [d for d in decided.decisions if not isinstance(d, Duplicate)]
                unseen += sum(d.item.domain in unread for d in leaving)
                if not self.dry_run:
                    leaving = [d for d in leaving if d.item.domain not in unread]
                    part.outbox.enqueue([_queued(d, result.redactor) for d in leaving])
                yield Emit(decided)
            if self.dry_run or self.mirror == "offline":
                return tally.report(left=part.counts(), unseen=unseen)
            sent = yield from submit.drain(part, settings, retry)
            return tally.report(
                sent.receipts, part.counts(), sent.retry_after or max(unread.values(), default=None), unseen
            )

    def compare(
        self, facts: Sequence[Fact], settings: Settings, retry: RetryPolicy
    ) -> Operation[Event, tuple[list[Judged], list[str]]]:
        """What would be decided of items, and what was compared with; nothing is queued or sent."""
        tally = Tally()
        tenant = yield from self._tenant(settings, retry, tally)
        with open_partition(settings, tenant, self.now) as part:
            known = KnownItems(part.known(), encoder=self.encoder)
            yield from self._mirrored(part, known, {fact.domain for fact in facts}, retry, tally)
            return known.judge_all(facts), list(tally.report().notes)

    def _read(
        self, references: Sequence[Reference], names: Names | None, part: Partition, tally: Tally
    ) -> Operation[Event, list[DocumentResult]]:
        """What each document gave. Documents pass through one by one; their items are held until all are decided."""
        results = []
        for found in one_persons(self._results(references, names)):
            if isinstance(found, DocumentResult):
                if not self.dry_run:
                    part.saw(found.document, f"{self.extractor.name} {self.extractor.version}")
                results.append(found)
            else:
                yield Emit(tally.add(found))
        return results

    def _mirrored(
        self, part: Partition, known: KnownItems, domains: set[str], retry: RetryPolicy, tally: Tally
    ) -> Operation[Event, dict[str, float]]:
        """Adds what the record holds. Gives the domains that the limit kept from being read, with the seconds to wait:
        nothing is submitted to them unseen."""
        unread: dict[str, float] = {}
        states = []
        for domain in known.not_compared(domains):
            mirror = part.mirror(domain)
            state = mirror.state()
            if self.mirror != "offline":
                try:
                    state = yield from refreshed(mirror, retry, whole=self.mirror == "whole")
                except InsufficientScope as error:
                    tally.note(f"The record could not be read ({error.message}); only the journal was compared.")
                    state = replace(state, complete=True)
                    part.outbox.in_record(fingerprints(mirror))
                else:
                    part.outbox.in_record(fingerprints(mirror))
            if not state.complete:
                unread[domain] = state.wait or 0.0
            known.extend(domain, (member for item in mirror.known() for member in members(item)))
            states.append(state)
        tally.note(told(states, part.now(), offline=self.mirror == "offline"))
        return unread

    def _tenant(self, settings: Settings, retry: RetryPolicy, tally: Tally) -> Operation[Event, str]:
        if self.mirror != "offline":
            return (yield from tenant_of(settings, retry, tally))
        with Journal(default_path(settings.state_dir), now=self.now) as journal:
            tenant = journal.tenant_of(settings.record_address, _digest(settings))
        if tenant is None:
            raise ConfigError("this machine has not read the record yet", "Run once without --offline.")
        return tenant

    def extract(self, references: Sequence[Reference]) -> Operation[Event, RunReport]:
        """Reads, extracts and verifies, without a network. Decisions are of this run alone."""
        tally, known = Tally(), KnownItems()  # each document as it comes: nothing is held, an earlier one represents
        for found in self._results(references, self.names):
            if isinstance(found, DocumentResult):
                yield Emit(self._counted(Decided(found, known.decide_all(found.items)), tally))
            else:
                yield Emit(tally.add(found))
        return tally.report()

    def _counted(self, decided: Decided, tally: Tally) -> Decided:
        """A document's decisions, counted; then grouped, where that is asked for."""
        tally.add(decided)
        if not self.group:
            return decided
        view = rolled_up(decided, self.cap)
        return tally.rolled(replace(decided, decisions=view.decisions, held=view.held))

    def _settled_names(self, part: Partition, tally: Tally) -> Names | None:
        """What becomes of names in this run. It is remembered, unless a dry run only tries it."""
        before = part.names()
        names = self.names or before or (self.ask_names() if self.ask_names else None)
        if names is None:
            tally.note(NOT_SETTLED)
        elif before and names != before:
            tally.note(SETTLED_ANEW)
        if names and names != before and not (self.dry_run and self.names):
            part.settle_names(names)
        return names

    def _results(
        self, references: Sequence[Reference], names: Names | None
    ) -> Iterator[DocumentResult | Failure | Progress]:
        """Each document's result in the order of the references, and the progress before it."""
        discovery = discover(references)
        yield from discovery.failures
        found = list(discovery.documents.values())
        work = Work(
            self.subject, self.extractor, self.kind, self.format, self.keep_text, self.redactor, names == "mask"
        )
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
def open_partition(settings: Settings, tenant: str, now: Callable[[], float] = time.time) -> Iterator[Partition]:
    """The journal's part for a tenant of the service that the settings name."""
    with Journal(default_path(settings.state_dir), now=now) as journal:
        journal.remember_tenant(settings.record_address, _digest(settings), tenant)
        with journal.partition(settings.record_address, tenant) as partition:
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


def told(states: Sequence[MirrorState], now: float, *, offline: bool) -> str:
    """What was compared with, and how old it is; empty where nothing was."""
    read = [state for state in states if state.read_at is not None]
    if not read:
        return "The record was never read on this machine: only the journal was compared." if offline and states else ""
    oldest = min(state.read_at or 0.0 for state in read)
    minutes = max(0, round((now - oldest) / 60))
    age = "just read" if minutes < 2 else f"read {minutes} minutes ago" if minutes < 120 else (
        f"read {minutes // 60} hours ago"
    )  # fmt: skip
    count = sum(state.items for state in read)
    return f"Compared with {count} items of the record, {age}."


def sent_quote(item: Item, redactor: Redactor) -> str:
    """The quote of an item as it is sent: what the journal keeps of it."""
    return quoted(item.evidence, redactor)[:LONG_TEXT]


def _digest(settings: Settings) -> str:
    return hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:32]


def _queued(decision: Decision, redactor: Redactor) -> QueuedItem:
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
