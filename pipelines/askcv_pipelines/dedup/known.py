"""Everything a new item is compared with, and the decision: ``Item`` × known → ``New | Duplicate | Review``.

Each new item is compared with what is known, and with the representatives of its own run; never with a duplicate, so
nothing is merged by way of a third. A run's representatives are chosen by what the items say and not by their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from askcv_agents.domains import DOMAINS
from askcv_pipelines.dedup.adjudication import Adjudicator, Tried, adjudicated
from askcv_pipelines.dedup.compare import Comparison, compare
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.judged import Judged
from askcv_pipelines.dedup.keys import identity_key, normalised
from askcv_pipelines.dedup.score import Judgement, family_of, judge
from askcv_pipelines.dedup.skills import compare_skills
from askcv_pipelines.values import Decision, Duplicate, Item, Known, New, Review

if TYPE_CHECKING:
    from askcv_pipelines.dedup.index import TextIndex
    from askcv_pipelines.dedup.vectors import Encoder, VectorIndex

CANDIDATES = 8
"""Known items that a new one is compared with: the nearest by their words."""
OWN_CANDIDATES = 16
"""The same among a run's own items, of which some turn out to be duplicates."""
OWN_REVIEW = 0.5
"""How surely two items of one run must be the same to be shown as near each other."""
RECENT = 2048
"""Known items of a domain that are kept ready for comparison."""
PASSAGE = 24
"""Length from which a passage is its own: shorter ones stand in many documents."""
BY_PASSAGE = frozenset(("knowledge_entries", "coaching_action_items", "testimonials"))
"""Domains in which a passage gives one item: a newer extractor's wording of it is no new item."""
_SAME = {
    "approved": "already in the record",
    "pending": "already waiting in the review inbox",
    "queued": "already in the journal, to be submitted",
    "unknown": "already sent; the answer never came",
    "declined": "declined earlier",
    "refused": "refused by the service earlier",
    "dropped": "sent earlier and settled by hand",
    "done": "done already, as notes say",
    "this run": "found twice in this run",
}
_NEAR = {
    "approved": "near an item of the record",
    "pending": "near an item that waits in the review inbox",
    "queued": "near an item in the journal, to be submitted",
    "unknown": "near an item that was sent and never answered",
    "declined": "near an item that was declined",
    "refused": "near an item that the service refused",
    "dropped": "near an item that was settled by hand",
    "done": "near an action that is done, as notes say",
    "this run": "near another item of this run",
}
_RANK = {"duplicate": 2, "review": 1, "new": 0}


@dataclass
class _Domain:
    """What is known of one domain."""

    encoder: Encoder | None
    items: list[Known] = field(default_factory=list)
    by_identity: dict[str, int] = field(default_factory=dict)
    by_passage: dict[str, int] = field(default_factory=dict)
    recent: dict[int, Fact] = field(default_factory=dict)
    _index: TextIndex | None = None
    _vectors: VectorIndex | None = None

    @property
    def index(self) -> TextIndex:
        """Their words. Made when an item is met that is none of them: most runs find what is known already."""
        if self._index is None:
            from askcv_pipelines.dedup.index import TextIndex  # noqa: PLC0415

            self._index = TextIndex()
        self._index.add([Fact(item.domain, item.payload).index_text for item in self.items[self._index.size :]])
        return self._index

    @property
    def vectors(self) -> VectorIndex | None:
        """Their meaning, where there is an encoder."""
        if self.encoder is None:
            return None
        if self._vectors is None:
            from askcv_pipelines.dedup.vectors import VectorIndex  # noqa: PLC0415

            self._vectors = VectorIndex(self.encoder)
        self._vectors.add([Fact(item.domain, item.payload).index_text for item in self.items[self._vectors.size :]])
        return self._vectors

    def fact(self, number: int) -> Fact:
        """A known item as it is compared. Those of the last while are kept: many new items meet the same few."""
        if (found := self.recent.get(number)) is None:
            if len(self.recent) >= RECENT:
                self.recent.clear()
            item = self.items[number]
            found = self.recent[number] = Fact(item.domain, item.payload)
        return found


class KnownItems:
    """The known items. ``declined_too`` offers again what was declined: marked for review, not left out. With an
    ``encoder`` candidates are found by meaning too; an ``adjudicator`` is asked about the review band, and ``tried`` is
    what came of it."""

    def __init__(
        self,
        known: Iterable[Known] = (),
        *,
        declined_too: bool = False,
        encoder: Encoder | None = None,
        adjudicator: Adjudicator | None = None,
    ) -> None:
        self.tried = Tried()
        self._adjudicator = adjudicator
        self._domains: dict[str, _Domain] = defaultdict(lambda: _Domain(encoder))
        self._compared: set[str] = set()
        self._declined_too = declined_too
        self._of_this_run = 0
        self.add(known)

    def not_compared(self, domains: Iterable[str]) -> list[str]:
        """Those of the domains whose record was not added yet."""
        return sorted(set(domains) - self._compared)

    def extend(self, domain: str, record: Iterable[Known]) -> None:
        """Adds what the record holds in a domain. The record tells more surely than the journal what is approved."""
        self._compared.add(domain)
        self.add(record, surer=True)

    def add(self, known: Iterable[Known], *, surer: bool = False) -> None:
        """Adds items. Of several equal ones the first stays, unless a later one is surer: an explanation names it."""
        by_domain: dict[str, list[Known]] = defaultdict(list)
        for item in known:
            if item.domain in DOMAINS:
                by_domain[item.domain].append(item)
        for name, items in by_domain.items():
            domain = self._domains[name]
            for number, item in enumerate(items, start=len(domain.items)):
                key = identity_key(name, item.payload)
                if surer or key not in domain.by_identity:
                    domain.by_identity[key] = number
                if name in BY_PASSAGE and len(item.passage) >= PASSAGE:
                    domain.by_passage.setdefault(normalised(item.passage), number)
            domain.items.extend(items)

    def decide_all(self, items: Sequence[Item], passages: Sequence[str] = ()) -> tuple[Decision, ...]:
        """A decision per item, in order. ``passages`` are the quotes that prove them, as they are sent, where that is
        not as they stand. What is not a duplicate is known to later calls."""
        facts = [Fact(item.domain, item.payload.to_wire()) for item in items]
        judged = self.judge_all(facts, passages or [item.evidence[0].quote for item in items])
        if self._adjudicator is not None:
            judged, self.tried = adjudicated(facts, judged, self._adjudicator, _SAME)
        fresh = []
        for fact, result in zip(facts, judged, strict=True):
            if result.verdict != "duplicate":
                self._of_this_run += 1
                fresh.append(Known(f"run-{self._of_this_run}", fact.domain, fact.payload, "this run"))
        self.add(fresh)
        return tuple(_decision(item, result) for item, result in zip(items, judged, strict=True))

    def judge_all(self, facts: Sequence[Fact], passages: Sequence[str] = ()) -> list[Judged]:
        """The same for bare payloads. A duplicate within the run names the representative by its place, "run:<n>"."""
        by_meaning = self._by_meaning(facts)
        judged = [
            self._against_known(fact, passage, by_meaning.get(n, ()))
            for n, (fact, passage) in enumerate(zip(facts, passages or [""] * len(facts), strict=True))
        ]
        for domain in {fact.domain for fact in facts}:
            self._among_themselves([n for n, fact in enumerate(facts) if fact.domain == domain], facts, judged)
        return [self._declined(result) for result in judged]

    def _by_meaning(self, facts: Sequence[Fact]) -> dict[int, list[int]]:
        """The candidates that the encoder finds, by the place of the new item."""
        found: dict[int, list[int]] = {}
        for name in {fact.domain for fact in facts}:
            if (vectors := self._domains[name].vectors) is not None:
                places = [n for n, fact in enumerate(facts) if fact.domain == name]
                near = vectors.nearest([facts[n].index_text for n in places], CANDIDATES)
                found.update(zip(places, near, strict=True))
        return found

    def _against_known(self, fact: Fact, passage: str, by_meaning: Sequence[int]) -> Judged:
        domain = self._domains[fact.domain]
        if (number := domain.by_identity.get(identity_key(fact.domain, fact.payload))) is not None:
            return _same(domain.items[number], 1.0, ())
        if domain.by_passage and (number := domain.by_passage.get(normalised(passage))) is not None:
            known = domain.items[number]
            return Judged("duplicate", known, 1.0, f"{_SAME[known.state]}: the same passage gave it")
        best: tuple[tuple[int, float], Judgement, Known] | None = None
        by_words = [number for number, _ in domain.index.nearest(fact.index_text, CANDIDATES)]
        for number in dict.fromkeys((*by_words, *by_meaning)):
            known = domain.items[number]
            judgement = judged_pair(fact, domain.fact(number))
            rank = (_RANK[judgement.verdict], judgement.score)
            if best is None or rank > best[0]:
                best = rank, judgement, known
        return _explained(best[1], best[2]) if best else Judged("new")

    def _among_themselves(self, places: list[int], facts: Sequence[Fact], judged: list[Judged]) -> None:
        """Compares the run's items of one domain with each other: the fullest of several equal ones represents them."""
        open_places = [n for n in places if judged[n].verdict != "duplicate"]
        if not open_places:
            return
        from askcv_pipelines.dedup.index import TextIndex  # noqa: PLC0415

        open_places.sort(key=lambda n: _fullness(facts[n]))
        index = TextIndex()
        index.add([facts[n].index_text for n in open_places])
        by_identity: dict[str, int] = {}
        representatives: set[int] = set()
        for place, n in enumerate(open_places):
            fact = facts[n]
            first = by_identity.setdefault(identity_key(fact.domain, fact.payload), n)
            if first != n:
                judged[n] = _same(_of_run(first, facts[first]), 1.0, ())
                continue
            for other, _ in index.nearest(fact.index_text, OWN_CANDIDATES):
                if other >= place or open_places[other] not in representatives:
                    continue
                earlier = facts[open_places[other]]
                judgement = judged_pair(fact, earlier)
                if judgement.verdict == "review" and judgement.score < OWN_REVIEW:
                    continue  # both are new to the person, who sees both
                if _RANK[judgement.verdict] > _RANK[judged[n].verdict]:
                    judged[n] = _explained(judgement, _of_run(open_places[other], earlier))
            if judged[n].verdict != "duplicate":
                representatives.add(n)

    def _declined(self, result: Judged) -> Judged:
        """What was declined stays declined, in other words too; asked for, it is offered again, marked."""
        if result.near is None or result.near.state != "declined" or result.verdict == "new":
            return result
        if self._declined_too:
            return Judged("review", result.near, result.score, result.why, result.differences)
        if result.verdict == "review":
            return Judged("duplicate", result.near, result.score, f"{_SAME['declined']}, in other words")
        return result


def judged_pair(fact: Fact, other: Fact, models: Mapping[str, Any] | None = None) -> Judgement:
    """Two items of one domain, compared and judged."""
    comparison: Comparison = compare_skills(fact, other) if fact.domain == "skills" else compare(fact, other)
    return judge(comparison, family_of(fact.domain), models)


def _fullness(fact: Fact) -> tuple[int, int, str]:
    """The fullest item first, whatever the order they came in."""
    return -len(fact.payload), -len(fact.text), identity_key(fact.domain, fact.payload) + repr(sorted(fact.payload))


def _of_run(place: int, fact: Fact) -> Known:
    return Known(f"run:{place}", fact.domain, fact.payload, "this run")


def _same(known: Known, score: float, shared: Sequence[str]) -> Judged:
    both = f": both say {', '.join(shared)}" if shared else ""
    return Judged("duplicate", known, score, f"{_SAME[known.state]}{both}")


def _explained(judgement: Judgement, known: Known) -> Judged:
    comparison = judgement.comparison
    if judgement.verdict == "duplicate":
        return _same(known, judgement.score, comparison.shared)
    told = [difference for difference in comparison.differences if difference.decisive] or comparison.differences
    differs = "; ".join(str(difference) for difference in told[:3])
    if judgement.verdict == "review":
        both = f", both say {', '.join(comparison.shared)}" if comparison.shared else ""
        why = f"{_NEAR[known.state]}{both}" + (f"; differs in {differs}" if differs else "; worded otherwise")
        return Judged("review", known, judgement.score, why, comparison.differences)
    if not comparison.decisive:
        return Judged("new", None, judgement.score)
    return Judged("new", known, judgement.score, f"another: differs in {differs}", comparison.differences)


def _decision(item: Item, judged: Judged) -> Decision:
    if judged.near is None:
        return New(item)
    if judged.verdict == "duplicate":
        return Duplicate(item, judged.near, judged.why, judged.score, judged.by)
    if judged.verdict == "review":
        return Review(item, judged.near, judged.score, judged.why, judged.differences)
    return New(item, judged.near, judged.score, judged.why, judged.differences)
