"""What a run tells whoever follows it: its events as they come, and the report at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from askcv_agents.wire import Receipt
from askcv_pipelines.extracted import Usage
from askcv_pipelines.values import Decision, DocumentResult


@dataclass(frozen=True)
class Failure:
    """A document that could not be read, or whose subject is not known."""

    document: str
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Decided:
    """An event of a run: a document is done. ``decisions`` stand in the order of ``result.items``.

    Where the run groups, they are what the items were grouped to, and ``held`` is what the cap holds back.
    """

    result: DocumentResult
    decisions: tuple[Decision, ...]
    held: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Progress:
    """An event of a run, for whoever shows it: ``done`` of ``total`` documents, exports or items."""

    phase: Literal["fetch", "read", "known", "submit"]
    done: int
    total: int
    what: str = ""


Event: TypeAlias = Progress | Decided | Failure


@dataclass(frozen=True)
class RunReport:
    """One run in figures. They add up: candidates = items + rejected; items = new + known + review.

    ``counts["submitted"]`` are the items that this run staged in the inbox, also those that an earlier run had left
    waiting; ``waiting`` those that wait in the journal for the rate limit; ``unknown`` those that left and were never
    answered; ``failed`` the documents that were not read, ``partial`` those of which a part was not. ``retry_after`` is
    in seconds, where the limit ended the run. ``usage`` is what a model service was asked.
    Where a run groups, ``grouped`` items became ``groups``, and ``held`` items that are not known stayed here.
    What each document gave comes as events, so that a run over many documents holds none of them.
    """

    counts: Mapping[str, int]
    masked: Mapping[str, int] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()
    notes: tuple[str, ...] = ()
    retry_after: float | None = None
    usage: Usage = field(default=Usage())
