"""The whole chain on one screen. START HERE: ``Pipeline.run`` is what ``askcv sync`` does, ``extract`` its first half.

Both are operations (``askcv_agents.exchange``): drive them with ``Client.run`` or ``await AsyncClient.run``, or iterate
their events with ``stream``. Documents pass through one by one, and none is held.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from askcv_agents.config import Settings
from askcv_agents.errors import ConfigError
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_agents.wire import SourceKind
from askcv_pipelines import submit
from askcv_pipelines.accounts import Account, account_of, open_partition, remembered_tenant
from askcv_pipelines.approval import Approval, Ask
from askcv_pipelines.done import ACTIONS, Mark, known_of, opened_again
from askcv_pipelines.engine import Engine, SerialEngine
from askcv_pipelines.events import Decided, Event, Failure, Progress, RunReport
from askcv_pipelines.mirror import Reading
from askcv_pipelines.names import same_person
from askcv_pipelines.partition import Partition
from askcv_pipelines.redact import Names, Redactor
from askcv_pipelines.tally import Tally
from askcv_pipelines.values import DocumentResult, Duplicate, Subject

if TYPE_CHECKING:
    from askcv_pipelines.dedup.adjudication import Adjudicator
    from askcv_pipelines.dedup.facts import Fact
    from askcv_pipelines.dedup.judged import Judged
    from askcv_pipelines.dedup.vectors import Encoder
    from askcv_pipelines.extractors import Extractor
    from askcv_pipelines.reading.subject import Whose
    from askcv_pipelines.sources.discovery import Discovery, Reference

__all__ = ["Pipeline", "Reading", "one_persons", "open_partition", "remembered_tenant"]

NOT_SETTLED = (
    "Names of third parties were kept as the documents have them: say --names keep or --names mask, once for a record."
)
SETTLED_ANEW = (
    "Names of third parties are treated differently from earlier runs: items that hold such names differ from those "
    "submitted then, and are not recognised."
)


@dataclass(frozen=True)
class _Offered:
    """How many items wait for the record to be read, and for how many seconds at least; and whether nothing may leave
    now, since a person still is to be asked."""

    unseen: int = 0
    wait: float | None = None
    stays: bool = False


@dataclass(frozen=True)
class Pipeline:
    """From documents to the review inbox.

    ``subject`` is the person they are about, or the people of a ``people.toml``; ``only`` is the one of those whose
    documents count. An ``extractor`` that is named is loaded when a document is read. ``kind`` and ``format`` are
    recognised unless given. With ``keep_text`` results carry their documents' texts; with ``dry_run`` nothing is queued
    or sent. ``mirror`` says what of the record is read: what is new in it, the whole of it, or nothing (``offline``:
    nothing is sent either). ``declined_too`` offers again what the person declined. With an ``encoder`` near items are
    found by meaning too; an ``adjudicator`` is asked about pairs for review. ``redactor`` says what is masked.
    ``names`` is what becomes of third parties' names: where it is None, what is on record for this person, else what
    ``ask_names`` answers, else they are kept. With ``group`` many small items of one place become one, and at most
    ``cap`` (12) things of a document go out. ``ask`` is asked about each item before it may leave. ``submit_done``
    submits known actions that notes mark as done, as done. Where ``among`` is given, only those of the documents are
    read. ``now`` gives seconds since 1970."""

    subject: Whose = None
    extractor: Extractor | str = "rules"
    kind: SourceKind | None = None
    format: str | None = None
    engine: Engine = field(default_factory=SerialEngine)
    only: str | None = None
    keep_text: bool = False
    dry_run: bool = False
    mirror: Reading = "refresh"
    declined_too: bool = False
    encoder: Encoder | None = None
    adjudicator: Adjudicator | None = None
    redactor: Redactor = field(default_factory=Redactor)
    names: Names | None = None
    ask_names: Callable[[], Names | None] | None = None
    group: bool = False
    cap: int | None = None
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
            results, folders = [*ready], list[str]()
            if references:
                read, folders = yield from self._read(references, part, tally)
                results += read
            self._followed(results, folders, part, tally)
            offered = yield from self._offer(results, part, retry, tally)
            if self.dry_run or self.mirror == "offline" or offered.stays:
                return tally.report(left=part.counts(), unseen=offered.unseen)
            sent = yield from submit.drain(part, settings, retry)
            if settings.retention_days and (old := part.forgetting.older_than(settings.retention_days)):
                part.wiped()
                tally.note(
                    f"Forgotten after {settings.retention_days:g} days: {len(old.documents)} documents, "
                    f"{old.sent + old.waiting} items."
                )
            return tally.report(sent.receipts, part.counts(), sent.retry_after or offered.wait, offered.unseen)

    def _offer(
        self, results: Sequence[DocumentResult], part: Partition, retry: RetryPolicy, tally: Tally
    ) -> Operation[Event, _Offered]:
        """Decides of every item, and queues what may leave."""
        approval = Approval(self.ask) if self.ask and not self.dry_run else None
        if approval:
            part.withdrawal.ask_again(approval)
        offered = _Offered()
        if any(result.items or result.finished for result in results):
            offered = yield from self._decide(results, part, approval, retry, tally)
        else:
            for result in results:
                yield Emit(self._counted(Decided(result, ()), tally))
            self._settle_done((), part, tally)
        if self.submit_done and not self.dry_run:
            part.enqueue(part.done.ready(), approval)
            part.done.submitted()
        if approval:
            tally.note(approval.told())
            offered = replace(offered, stays=bool(approval.left))
        return offered

    def _decide(
        self,
        results: Sequence[DocumentResult],
        part: Partition,
        approval: Approval | None,
        retry: RetryPolicy,
        tally: Tally,
    ) -> Operation[Event, _Offered]:
        from askcv_pipelines import packing
        from askcv_pipelines.dedup.known import KnownItems
        from askcv_pipelines.known_to import mirrored

        items = [item for result in results for item in result.items]
        domains = {item.domain for item in items}
        held, judge = part.known() if domains else (), self.adjudicator
        judge = judge.masking(packing.redactor_of(results, self.redactor)) if judge else None
        known = KnownItems(held, declined_too=self.declined_too, encoder=self.encoder, adjudicator=judge)
        unread = yield from mirrored(part, known, domains, retry, tally, self.mirror)
        finished = [mark for result in results for mark in packing.marks_of(result.finished, result)]
        marks = [*part.done.marks(), *finished]
        known.add(known_of(marks))
        self._settle_done(finished, part, tally)
        passages = [packing.sent_quote(item, result.redactor) for result in results for item in result.items]
        decisions = iter(known.decide_all(items, passages))
        tally.judged(known.tried)
        unseen, gave, repeated, skeletons = 0, [], [], part.forgetting.skeletons()
        for result in results:
            own = [packing.forgotten(opened_again(d, marks), skeletons) for d in islice(decisions, len(result.items))]
            repeated += packing.marks_of(packing.repeated_as_done(own), result)
            gave.append((result.document.place, packing.given_by(own, items)))
            decided = self._counted(Decided(result, tuple(own)), tally)
            leaving = [d for d in decided.decisions if not isinstance(d, Duplicate)]
            unseen += sum(d.item.domain in unread for d in leaving)
            if not self.dry_run:
                ready = [packing.queued(d, result.redactor) for d in leaving if d.item.domain not in unread]
                part.enqueue(ready, approval)
                groups = [entry.item.fingerprint for entry in ready if entry.parts]
                gave.append((result.document.place, groups))
            yield Emit(decided)
        if not self.dry_run:
            part.places.gave(gave)
            self._settle_done(repeated, part, tally)
        return _Offered(unseen, max(unread.values(), default=None))

    def _settle_done(self, marks: Sequence[Mark], part: Partition, tally: Tally) -> None:
        """Marks the known actions that these documents say are done."""
        if self.dry_run:
            return
        if marks:
            part.done.note(marks)
        if (found := part.done.settle(part.mirror(ACTIONS).known())) and not self.submit_done:
            more = "`askcv status` lists them, `askcv sync --submit-done` tells the record."
            tally.note(f"Known actions that notes mark as done: {found} more; {more}")

    def compare(
        self, facts: Sequence[Fact], settings: Settings, retry: RetryPolicy
    ) -> Operation[Event, tuple[list[Judged], list[str]]]:
        """What would be decided of items, and what was compared with; nothing is queued or sent."""
        from askcv_pipelines.dedup.known import KnownItems
        from askcv_pipelines.known_to import mirrored

        tally = Tally()
        account = yield from self._account(settings, retry, tally)
        with open_partition(settings, account.tenant, self.now) as part:
            known = KnownItems(part.known(), encoder=self.encoder)
            yield from mirrored(part, known, {fact.domain for fact in facts}, retry, tally, self.mirror)
            return known.judge_all(facts), list(tally.report().notes)

    def _read(
        self, references: Sequence[Reference], part: Partition, tally: Tally
    ) -> Operation[Event, tuple[list[DocumentResult], list[str]]]:
        """What each document gave, and the folders that were looked into. Documents pass through one by one; their
        items are held until all are decided."""
        from askcv_pipelines.sources.discovery import discover

        discovery, names, results = discover(references), self._settled_names(part, tally), []
        for found in one_persons(self._results(discovery, names)):
            if isinstance(found, DocumentResult):
                if not self.dry_run:
                    part.saw(found.document, f"{self._extractor.name} {self._extractor.version}")
                results.append(found)
            else:
                yield Emit(tally.add(found))
        if names is None and any(result.items for result in results):
            tally.note(NOT_SETTLED)
        return results, discovery.folders

    def _followed(
        self, results: Sequence[DocumentResult], folders: Sequence[str], part: Partition, tally: Tally
    ) -> None:
        """Notes which documents were moved or deleted since they were last read, and where they are now."""
        seen = [result.document for result in results if result.document.place]
        changes = part.places.changes(seen, folders)
        for note in changes.notes():
            tally.note(note)
        if not self.dry_run:
            part.places.keep(seen, changes)

    def _account(self, settings: Settings, retry: RetryPolicy, tally: Tally) -> Operation[Event, Account]:
        if self.mirror != "offline":
            return (yield from account_of(settings, retry, tally.note))
        tenant = remembered_tenant(settings, self.now)
        if tenant is None:
            raise ConfigError("this machine has not read the record yet", "Run once without --offline.")
        return Account(tenant)

    def extract(self, references: Sequence[Reference]) -> Operation[Event, RunReport]:
        """Reads, extracts and verifies, without a network. Decisions are of this run alone."""
        from askcv_pipelines.dedup.known import KnownItems
        from askcv_pipelines.sources.discovery import discover

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
        from askcv_pipelines.grouping import CAP, rolled_up

        view = rolled_up(decided, self.cap or CAP)
        return tally.rolled(replace(decided, decisions=view.decisions, held=view.held))

    @cached_property
    def _extractor(self) -> Extractor:
        from askcv_pipelines.extractors import extractor

        return extractor(self.extractor) if isinstance(self.extractor, str) else self.extractor

    def _settled_names(self, part: Partition, tally: Tally) -> Names | None:
        """What becomes of names in this run. It is remembered, unless a dry run only tries it."""
        before = part.names()
        names = self.names or before or (self.ask_names() if self.ask_names else None)
        if names and before and names != before:
            tally.note(SETTLED_ANEW)
        if names and names != before and not (self.dry_run and self.names):
            part.settle_names(names)
        return names

    def _results(self, discovery: Discovery, names: Names | None) -> Iterator[DocumentResult | Failure | Progress]:
        """Each document's result in the order of the references, and the progress before it."""
        from askcv_pipelines.one_document import Work, process

        yield from discovery.failures
        found = [one for one in discovery.documents.values() if self.among is None or one.reference in self.among]
        work = Work(
            self.subject, self._extractor, self.kind, self.format, self.keep_text, self.redactor, names == "mask"
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
