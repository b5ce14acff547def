"""The review band, put to somebody who can read: may two items, worded otherwise, be one fact?

The rules stay in force. Only a pair that no rule speaks against is asked about: what differs in a figure, a name, a
date, or in anything else than wording, goes to the person. A yes merges the pair; nothing that was
merged is ever un-merged, and nothing is merged by way of a third.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.judged import Judged
from askcv_pipelines.extracted import Usage
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Known

OPEN_KINDS = frozenset(("wording",))
"""Differences that are no contradiction of facts."""
OPEN_STATES = frozenset(("approved", "pending", "queued", "unknown", "this run"))
"""States of a known item that a new one may be merged with; what was turned down is the person's to offer again."""
LONGEST = 2_000
"""Characters of an item. A longer one is not asked about: a part of it could hide what differs."""


@dataclass(frozen=True)
class Pair:
    """Two items of one domain as they are put, a field on each line."""

    ours: str
    theirs: str


class Adjudicator(Protocol):
    """Says of pairs whether they tell one fact. ``name`` is who says so, ``usage`` what that took so far."""

    @property
    def name(self) -> str: ...

    @property
    def usage(self) -> Usage: ...

    def masking(self, redactor: Redactor) -> Adjudicator:
        """This one, which sends nothing that the redactor masks."""
        ...

    def same(self, pairs: Sequence[Pair]) -> Sequence[bool | None]:
        """A verdict for each pair, in order; None where there is none."""
        ...


@dataclass
class Tried:
    """What came of asking: ``one`` fact, ``two`` facts, or no answer."""

    by: str = ""
    one: int = 0
    two: int = 0
    unanswered: int = 0
    usage: Usage = field(default_factory=Usage)

    def __str__(self) -> str:
        """A line for a person; empty where nothing was asked."""
        asked = self.one + self.two + self.unanswered
        if not asked:
            return ""
        left = f", {self.unanswered} without a verdict" if self.unanswered else ""
        return (
            f"{self.by} was asked about {asked} pairs for review: {self.one} are one fact and left out, "
            f"{self.two} are two{left}."
        )


def adjudicated(
    facts: Sequence[Fact], judged: Sequence[Judged], adjudicator: Adjudicator, same: Mapping[str, str]
) -> tuple[list[Judged], Tried]:
    """The decisions with the verdicts in them. ``same`` says of each state how a duplicate of it is explained."""
    carries = {at for result in judged if (at := _representative(result)) is not None}
    asked = {n: pair for n, each in enumerate(judged) if n not in carries and (pair := _pair(facts[n], each))}
    verdicts = dict(zip(asked, adjudicator.same(list(asked.values())) if asked else (), strict=True))
    decided, tried = list(judged), Tried(adjudicator.name, usage=adjudicator.usage)
    # Those near known items first: what they leave is what the others of this run can be merged with.
    for n in sorted(asked, key=lambda n: _of_this_run(judged[n].near) is not None):
        result, near = judged[n], judged[n].near
        at = _of_this_run(near)
        merged = verdicts[n] and near and n not in carries and (at is None or decided[at].verdict != "duplicate")
        tried.unanswered += verdicts[n] is None
        tried.one += bool(merged)
        tried.two += verdicts[n] is not None and not merged
        if merged and near:
            why = f"{same[near.state]}, says {adjudicator.name}"
            decided[n] = replace(result, verdict="duplicate", why=why, by=adjudicator.name)
            carries |= {at} if at is not None else set()
        elif verdicts[n] is False:
            decided[n] = replace(result, why=f"{result.why}; two facts, says {adjudicator.name}")
    return decided, tried


def _pair(fact: Fact, result: Judged) -> Pair | None:
    """The pair that may be asked about; None where a rule speaks against it, or nothing is to be decided."""
    near = result.near
    if result.verdict != "review" or near is None or near.state not in OPEN_STATES:
        return None
    if any(difference.decisive or difference.kind not in OPEN_KINDS for difference in result.differences):
        return None
    pair = Pair(_said(fact.payload), _said(near.payload))
    return pair if max(len(pair.ours), len(pair.theirs)) <= LONGEST else None


def _said(payload: Mapping[str, object]) -> str:
    lines = (f"{name}: {' '.join(str(value).split())}" for name, value in sorted(payload.items()) if value)
    return "\n".join(lines)


def _of_this_run(near: Known | None) -> int | None:
    """The place of an item of this run; None where it is none."""
    return int(near.id.removeprefix("run:")) if near is not None and near.id.startswith("run:") else None


def _representative(result: Judged) -> int | None:
    """The item of this run that a duplicate repeats."""
    return _of_this_run(result.near) if result.verdict == "duplicate" else None
