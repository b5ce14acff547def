"""The figures of a run, counted as its events pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from askcv_agents.wire import Receipt
from askcv_pipelines.events import Decided, Event, Failure, RunReport
from askcv_pipelines.extracted import Usage
from askcv_pipelines.values import Duplicate, Review

if TYPE_CHECKING:
    from askcv_pipelines.dedup.adjudication import Tried


class Tally:
    """Counts events; ``report`` is the sum."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._masked: Counter[str] = Counter()
        self._notes: dict[str, None] = {}
        self._usage = Usage()

    def add(self, event: Event) -> Event:
        """Counts an event and gives it back."""
        if isinstance(event, Failure):
            self._counts["failed"] += 1
        elif isinstance(event, Decided):
            self._count(event)
        return event

    def rolled(self, event: Decided) -> Decided:
        """Counts what became of a document's items after they were counted: groups, their members, and what is held."""
        groups = [decision.item for decision in event.decisions if decision.item.parts]
        self._counts["groups"] += len(groups)
        self._counts["grouped"] += sum(len(item.parts) for item in groups)
        self._counts["held"] += len(event.held)
        return event

    def judged(self, tried: Tried) -> None:
        """Counts what a model was asked about pairs for review."""
        self._usage += tried.usage
        self.note(str(tried))

    def note(self, text: str) -> None:
        """Something a person should know of the run; said once."""
        if text:
            self._notes[text] = None

    def report(
        self,
        receipts: Sequence[Receipt] = (),
        left: Mapping[str, int] | None = None,
        retry_after: float | None = None,
        unseen: int = 0,
    ) -> RunReport:
        """The run so far. ``left`` are the journal's items by state, ``unseen`` those that wait for the record to be
        read."""
        counts = {name: self._counts[name] for name in ("documents", "items", "rejected", "new", "known", "review")}
        counts["candidates"] = counts["items"] + counts["rejected"]
        counts |= {name: self._counts[name] for name in ("failed", "partial", "groups", "grouped", "held")}
        counts["submitted"] = sum(receipt.accepted for receipt in receipts)
        counts["refused"] = sum(len(receipt.refused) for receipt in receipts)
        counts["waiting"] = (left or {}).get("queued", 0) + unseen
        counts["unknown"] = (left or {}).get("unknown", 0)
        return RunReport(counts, dict(self._masked), tuple(receipts), tuple(self._notes), retry_after, self._usage)

    def _count(self, event: Decided) -> None:
        self._counts["documents"] += 1
        self._counts["partial"] += bool(event.result.gaps)
        self._usage += event.result.usage
        self._counts["items"] += len(event.result.items)
        self._counts["rejected"] += len(event.result.rejections)
        self._masked.update(event.result.masked)
        for decision in event.decisions:
            kind = "known" if isinstance(decision, Duplicate) else "review" if isinstance(decision, Review) else "new"
            self._counts[kind] += 1
