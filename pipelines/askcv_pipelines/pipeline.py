"""The whole chain on one screen. START HERE: ``Pipeline.run`` is what ``askcv sync`` does, ``extract`` its first half.

Both are operations (``askcv_agents.exchange``): drive them with ``Client.run`` or ``await AsyncClient.run``, or iterate
their events with ``stream``. Documents pass through one by one, and none is held.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from askcv_agents.config import Settings
from askcv_agents.errors import ConfigError, InsufficientScope
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_agents.wire import SourceKind
from askcv_pipelines import submit
from askcv_pipelines.accounts import Account, account_of, open_partition, remembered_tenant
from askcv_pipelines.approval import Approval, Ask
from askcv_pipelines.dedup import KnownItems
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.known import Judged
from askcv_pipelines.dedup.vectors import Encoder
from askcv_pipelines.done import ACTIONS, Mark, known_of, opened_again
from askcv_pipelines.engine import Engine, SerialEngine
from askcv_pipelines.events import Decided, Event, Failure, Progress, RunReport
from askcv_pipelines.extractors import Extractor, extractor
from askcv_pipelines.grouping import CAP, members, rolled_up
from askcv_pipelines.mirror import MirrorState, fingerprints, refreshed
from askcv_pipelines.names import same_person
from askcv_pipelines.one_document import Work, process
from askcv_pipelines.packing import enqueue, forgotten, given_by, marks_of, queued, repeated_as_done, sent_quote
from askcv_pipelines.partition import Partition
from askcv_pipelines.reading.subject import Whose
from askcv_pipelines.redact import Names, Redactor
from askcv_pipelines.sources.discovery import Discovery, Reference, discover
from askcv_pipelines.tally import Tally
from askcv_pipelines.values import DocumentResult, Duplicate, Subject

__all__ = ["Pipeline", "Reading", "one_persons", "open_partition", "remembered_tenant", "told"]

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
    out. ``ask`` is asked about each item before it may leave. ``submit_done`` submits known actions that notes mark as
    done, as done. Where ``among`` is given, only those of the documents are read. ``now`` gives seconds since 1970."""

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
    ask: Ask | None = None
    submit_done: bool = False
    among: Container[Reference] | None = None
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
        account = yield from self._account(settings, retry, tally)
        with open_partition(settings, account.tenant, self.now, account.imports) as part:
            tally.note(part.restored)
            part.outbox.left_behind()
            found = discover(references)
            names = self._settled_names(part, tally) if references else None  # what is ready is masked already
            results = [*ready, *(yield from self._read(found, names, part, tally))]
            self._followed(results, found, part, tally)
            domains = {item.domain for result in results for item in result.items}
            known = KnownItems(part.known() if domains else (), declined_too=self.declined_too, encoder=self.encoder)
            unread = yield from self._mirrored(part, known, domains, retry, tally)
            unseen, stays = yield from self._offer(results, known, unread, part, tally)
            if self.dry_run or self.mirror == "offline" or stays:
                return tally.report(left=part.counts(), unseen=unseen)
            sent = yield from submit.drain(part, settings, retry)
            if settings.retention_days and (old := part.forgetting.older_than(settings.retention_days)):
                part.wiped()
                tally.note(
                    f"Forgotten after {settings.retention_days:g} days: {len(old.documents)} documents, "
                    f"{old.sent + old.waiting} items."
                )
            return tally.report(
                sent.receipts, part.counts(), sent.retry_after or max(unread.values(), default=None), unseen
            )

    def _offer(
        self,
        results: Sequence[DocumentResult],
        known: KnownItems,
        unread: Container[str],
        part: Partition,
        tally: Tally,
    ) -> Operation[Event, tuple[int, bool]]:
        """Decides of every item, and queues what may leave. Gives how many items wait for the record to be read, and
        whether nothing may leave now: a person still is to be asked."""
        finished = [mark for result in results for mark in marks_of(result.finished, result)]
        marks = [*part.done.marks(), *finished]
        known.add(known_of(marks))
        self._settle_done(finished, part, tally)
        items = [item for result in results for item in result.items]
        passages = [sent_quote(item, result.redactor) for result in results for item in result.items]
        decisions = iter(known.decide_all(items, passages))
        unseen, gave, repeated, skeletons = 0, [], [], part.forgetting.skeletons()
        approval = Approval(self.ask) if self.ask and not self.dry_run else None
        if approval:
            part.withdrawal.ask_again(approval)
        for result in results:
            own = [forgotten(opened_again(d, marks), skeletons) for d in islice(decisions, len(result.items))]
            repeated += marks_of(repeated_as_done(own), result)
            gave.append((result.document.place, given_by(own, items)))
            decided = self._counted(Decided(result, tuple(own)), tally)
            leaving = [d for d in decided.decisions if not isinstance(d, Duplicate)]
            unseen += sum(d.item.domain in unread for d in leaving)
            if not self.dry_run:
                ready = [queued(d, result.redactor) for d in leaving if d.item.domain not in unread]
                enqueue(ready, part, approval)
                groups = [entry.item.fingerprint for entry in ready if entry.parts]
                gave.append((result.document.place, groups))
            yield Emit(decided)
        if not self.dry_run:
            part.places.gave(gave)
            self._settle_done(repeated, part, tally)
            if self.submit_done:
                enqueue(part.done.ready(), part, approval)
                part.done.submitted()
        tally.note(approval.told() if approval else "")
        return unseen, bool(approval and approval.left)

    def _settle_done(self, marks: Sequence[Mark], part: Partition, tally: Tally) -> None:
        """Marks the known actions that these documents say are done."""
        if self.dry_run:
            return
        part.done.note(marks)
        if (found := part.done.settle(part.mirror(ACTIONS).known())) and not self.submit_done:
            more = "`askcv status` lists them, `askcv sync --submit-done` tells the record."
            tally.note(f"Known actions that notes mark as done: {found} more; {more}")

    def compare(
        self, facts: Sequence[Fact], settings: Settings, retry: RetryPolicy
    ) -> Operation[Event, tuple[list[Judged], list[str]]]:
        """What would be decided of items, and what was compared with; nothing is queued or sent."""
        tally = Tally()
        account = yield from self._account(settings, retry, tally)
        with open_partition(settings, account.tenant, self.now) as part:
            known = KnownItems(part.known(), encoder=self.encoder)
            yield from self._mirrored(part, known, {fact.domain for fact in facts}, retry, tally)
            return known.judge_all(facts), list(tally.report().notes)

    def _read(
        self, discovery: Discovery, names: Names | None, part: Partition, tally: Tally
    ) -> Operation[Event, list[DocumentResult]]:
        """What each document gave. Documents pass through one by one; their items are held until all are decided."""
        results = []
        for found in one_persons(self._results(discovery, names)):
            if isinstance(found, DocumentResult):
                if not self.dry_run:
                    part.saw(found.document, f"{self.extractor.name} {self.extractor.version}")
                results.append(found)
            else:
                yield Emit(tally.add(found))
        return results

    def _followed(self, results: Sequence[DocumentResult], found: Discovery, part: Partition, tally: Tally) -> None:
        """Notes which documents were moved or deleted since they were last read, and where they are now."""
        seen = [result.document for result in results if result.document.place]
        changes = part.places.changes(seen, found.folders)
        for note in changes.notes():
            tally.note(note)
        if not self.dry_run:
            part.places.keep(seen, changes)

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
                part.outbox.in_record(domain, fingerprints(mirror))
            if not state.complete:
                unread[domain] = state.wait or 0.0
            known.extend(domain, (member for item in mirror.known() for member in members(item)))
            states.append(state)
        tally.note(told(states, part.now(), offline=self.mirror == "offline"))
        return unread

    def _account(self, settings: Settings, retry: RetryPolicy, tally: Tally) -> Operation[Event, Account]:
        if self.mirror != "offline":
            return (yield from account_of(settings, retry, tally.note))
        tenant = remembered_tenant(settings, self.now)
        if tenant is None:
            raise ConfigError("this machine has not read the record yet", "Run once without --offline.")
        return Account(tenant)

    def extract(self, references: Sequence[Reference]) -> Operation[Event, RunReport]:
        """Reads, extracts and verifies, without a network. Decisions are of this run alone."""
        tally, known = Tally(), KnownItems()  # each document as it comes: nothing is held, an earlier one represents
        for found in self._results(discover(references), self.names):
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

    def _results(self, discovery: Discovery, names: Names | None) -> Iterator[DocumentResult | Failure | Progress]:
        """Each document's result in the order of the references, and the progress before it."""
        yield from discovery.failures
        found = [one for one in discovery.documents.values() if self.among is None or one.reference in self.among]
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
