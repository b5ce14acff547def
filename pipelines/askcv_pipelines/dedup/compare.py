"""Two items of one domain compared: how far they say the same, and where they contradict.

A contradiction is a ``Difference``. A *decisive* one makes two facts of them, however alike they read ("by 30 %", "by
40 %"); any other keeps them from being merged, and is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from askcv_pipelines.dedup import fields
from askcv_pipelines.dedup.alignment import TELLING, Alignment, align
from askcv_pipelines.dedup.facts import Fact, Rule
from askcv_pipelines.dedup.figures import Figure
from askcv_pipelines.dedup.keys import normalised
from askcv_pipelines.dedup.periods import period
from askcv_pipelines.dedup.words import Word, alike, opposites, stem
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.values import Difference, DifferenceKind

MEASURED = frozenset(("%", "USD", "EUR", "GBP", "JPY", "CHF", "s", "B", "x"))
_ROLES = {
    "review": "review comment approve read proofread feedback",
    "attend": "attend visit participate join watch listen",
    "learn": "learn study practise practice",
    "teach": "teach train coach mentor instruct",
    "propose": "propose suggest plan consider want hope intend recommend",
    "make": "write build implement draft create develop make design produce author add introduce deliver publish",
    "test": "test verify validate check",
    "assist": "assist help support shadow",
}
_ROLE_OF = {stem(word): role for role, words in _ROLES.items() for word in words.split()}


@dataclass(frozen=True)
class Comparison:
    """``agreement`` are figures from 0 to 1 that speak for the same item (see ``AGREEMENTS``); ``differences`` speak
    against it; ``shared`` are words of both, the most telling first; ``same_id``: both carry one long number."""

    agreement: tuple[float, ...]
    differences: tuple[Difference, ...]
    shared: tuple[str, ...]
    same_id: bool = False

    @property
    def decisive(self) -> bool:
        return any(difference.decisive for difference in self.differences)

    @property
    def most(self) -> float:
        """The larger share of a text that the other says too."""
        return self.agreement[AGREEMENTS.index("most")]


AGREEMENTS = ("label", "least", "most", "telling", "phrases", "figures", "fields", "whole")
"""How alike the labels are; which share of the one and of the other text is said by both (the smaller and the larger);
how telling the shared words are; pairs of words that stand together in both; shared figures; agreeing fields; both
texts whole."""


def compare(ours: Fact, theirs: Fact) -> Comparison:
    """Compares two items of one domain."""
    met = align(ours.said, theirs.said)
    label = align(ours.label_said, theirs.label_said)
    labels = min(label.ours, label.theirs)
    if ours.plan.organization:
        labels = fields.organization(ours.label, theirs.label)
    equal, figures = _figures(ours.figures, theirs.figures)
    agreeing, contradicting = _fields(ours, theirs)
    differences = (
        *figures,
        *_rates(ours, theirs),
        *contradicting,
        *_moments(ours, theirs),
        *_wording(ours, theirs, met, label),
    )
    telling = {w.stem: (w.weight * (1.5 if w.proper else 1.0), w.written) for w in ours.telling if w.stem in met.shared}
    least, most = sorted((met.ours, met.theirs))
    agreement = (
        labels,
        least,
        most,
        1 - 0.6 ** sum(w for w, _ in telling.values()),
        1 - 0.5 ** len(ours.phrases & theirs.phrases),
        float(equal > 0),
        agreeing,
        float(least > 0.9),
    )
    ranked = sorted(telling.values(), key=lambda entry: (-entry[0], entry[1]))
    shared = tuple(written for _, written in ranked[:6])
    return Comparison(agreement, tuple(dict.fromkeys(differences)), shared, bool(ours.ids & theirs.ids))


# -- figures and moments -----------------------------------------------------------------------------------------------


def _figures(ours: tuple[Figure, ...], theirs: tuple[Figure, ...]) -> tuple[int, list[Difference]]:
    """How many figures both have, and those that contradict: of one unit, one side each, and not equal."""
    left, right = list(ours), list(theirs)
    equal, differences = 0, []
    for figure in ours:
        if (other := next((o for o in right if _equal(figure, o)), None)) is None:
            continue
        left.remove(figure)
        right.remove(other)
        equal += 1
        if figure.per and other.per and figure.per != other.per:
            differences.append(Difference("per", True, figure.written, other.written))
    # a figure written twice ("17.92 %, about 18 %") contradicts nothing
    left = [figure for figure in left if not any(_equal(figure, other) for other in theirs)]
    right = [figure for figure in right if not any(_equal(figure, other) for other in ours)]
    for figure in left:
        for other in right:
            if difference := _contradiction(figure, other):
                differences.append(difference)
    if not differences:
        for figure, mine in [(f, True) for f in left] + [(f, False) for f in right]:
            if any(c.isdigit() for c in figure.written):  # "first" and "two" are said or not said
                kind: DifferenceKind = "number" if figure.unit == "number" else "figure"
                differences.append(Difference(kind, False, figure.written * mine, figure.written * (not mine)))
    return equal, differences


def _equal(one: Figure, other: Figure) -> bool:
    if one.value != other.value:
        return False
    return one.unit == other.unit or not one.unit or not other.unit or not {one.unit, other.unit} & MEASURED


def _contradiction(one: Figure, other: Figure) -> Difference | None:
    if one.unit == other.unit and one.unit:
        kind: DifferenceKind = "version" if one.unit == "version" else "number" if one.unit == "number" else "figure"
        return Difference(kind, True, one.written, other.written)
    if one.value == other.value and {one.unit, other.unit} & MEASURED:
        return Difference("unit", {one.unit, other.unit} <= MEASURED, one.written, other.written)
    if "version" in (one.unit, other.unit) or "number" in (one.unit, other.unit):
        return None
    if one.unit and other.unit and one.unit not in MEASURED and other.unit not in MEASURED:
        counted_alike = alike(one.unit, other.unit) >= 0.7
        return Difference("figure", counted_alike, one.written, other.written)
    if not one.unit or not other.unit:
        return Difference("figure", False, one.written, other.written)
    return None


def _rates(ours: Fact, theirs: Fact) -> Iterator[Difference]:
    """ "Weekly" is not "per month", and from 9 to 3 is not from 3 to 9."""
    if ours.rates and theirs.rates and not ours.rates & theirs.rates:
        yield Difference("per", True, " ".join(sorted(ours.rates)), " ".join(sorted(theirs.rates)))
    for start, end in sorted(ours.ranges):
        if (end, start) in theirs.ranges and start != end:
            yield Difference("figure", True, f"{start} to {end}", f"{end} to {start}")


def _moments(ours: Fact, theirs: Fact) -> Iterator[Difference]:
    """Moments in the texts, where both tell some and none agrees."""
    if ours.moments and theirs.moments and not any(m.agrees(o) for m in ours.moments for o in theirs.moments):
        yield Difference("date", True, _told(ours), _told(theirs))


def _told(fact: Fact) -> str:
    first = fact.moments[0]
    return " ".join(str(part) for part in (first.part, first.year, first.month, first.day) if part)


# -- words -------------------------------------------------------------------------------------------------------------


def _wording(ours: Fact, theirs: Fact, met: Alignment, label: Alignment) -> Iterator[Difference]:
    near = min(met.ours, met.theirs) >= 0.5
    if near:
        yield from _denials(ours, theirs, met)
    said = {(one.stem, other.stem) for one, other in met.swapped}
    for one, other in _opposed(ours, theirs, met):
        yield Difference("opposite", near or (one.stem, other.stem) in said, one.written, other.written)
        said.discard((one.stem, other.stem))
    for one, other in met.swapped:
        if (one.stem, other.stem) not in said:
            continue
        named = one.proper and other.proper
        in_name = ours.plan.names and (one, other) in label.swapped
        if one.written.lower() in fields.GENERIC or other.written.lower() in fields.GENERIC:
            continue
        if named or in_name:
            yield Difference("name", near, one.written, other.written)
        elif min(one.weight, other.weight) > TELLING:
            yield Difference("wording", False, one.written, other.written)
    for one, other in met.loose:
        yield Difference("wording", False, one.written, other.written)
    yield from _unanswered_names(ours, theirs, met)
    yield from _verbs(ours, theirs)
    yield from _turned(ours, theirs)
    if ours.plan.names:
        yield from _levels(ours, theirs)


def _opposed(ours: Fact, theirs: Fact, met: Alignment) -> Iterator[tuple[Word, Word]]:
    """Words of which one says the opposite of the other, where neither text says both."""
    for one in ours.telling:
        if one.stem not in met.shared and (against := opposites(one.stem)):
            for other in theirs.telling:
                if other.stem in against and other.stem not in met.shared:
                    yield one, other


def _denials(ours: Fact, theirs: Fact, met: Alignment) -> Iterator[Difference]:
    one_sided = sorted((ours.negated ^ theirs.negated) & met.shared)
    if not one_sided and ours.denies != theirs.denies:
        yield Difference("negation", False, "denies" * ours.denies, "denies" * theirs.denies)
    for denied in one_sided:
        mine = denied in ours.negated
        yield Difference("negation", True, ("not " if mine else "") + denied, ("" if mine else "not ") + denied)


def _unanswered_names(ours: Fact, theirs: Fact, met: Alignment) -> Iterator[Difference]:
    """Names on both sides that the other does not have; and a name made longer ("Dunner", "Dunner Cookbook")."""
    left, right = ([w for w in words if w.proper] for words in (met.left, met.right))
    if left and right:
        yield Difference("name", False, " ".join(w.written for w in left[:3]), " ".join(w.written for w in right[:3]))
        return
    for only, fact in ((left, ours), (right, theirs)):
        for word in only:
            if word.code and any(c.isdigit() for c in word.stem):
                yield Difference("name", False, word.written * (fact is ours), word.written * (fact is theirs))
        for one, other in pairwise(fact.words):
            if one.proper and other.proper and {one.stem in met.shared, other.stem in met.shared} == {True, False}:
                extra = other if one.stem in met.shared else one
                if extra in only and extra.written.lower() not in fields.GENERIC:
                    whole = f"{one.written} {other.written}"
                    yield Difference("name", False, whole if fact is ours else "", whole if fact is theirs else "")


def _verbs(ours: Fact, theirs: Fact) -> Iterator[Difference]:
    """What the person did with it: wrote or reviewed, taught or learned."""
    mine, yours = _led_by(ours), _led_by(theirs)
    if mine[1] and yours[1] and mine[1] != yours[1]:
        yield Difference("verb", True, mine[0], yours[0])
    elif (mine[1] or yours[1]) in ("review", "attend", "propose", "assist") and mine[1] != yours[1]:
        yield Difference("verb", False, mine[0], yours[0])


def _led_by(fact: Fact) -> tuple[str, str]:
    if fact.domain != "knowledge_entries":
        return "", ""
    first = next((w for w in fact.words if w.stem in _ROLE_OF and is_past(w.written.lower())), None)
    return (first.written, _ROLE_OF[first.stem]) if first else ("", "")


def _turned(ours: Fact, theirs: Fact) -> Iterator[Difference]:
    """From one to the other is not the way back; and what is planned is not done yet."""
    for start, end in sorted(ours.transfers):
        if (end, start) in theirs.transfers and start != end:
            yield Difference("name", True, f"{start} to {end}", f"{end} to {start}")
    if ours.domain == "knowledge_entries" and ours.planned != theirs.planned:
        yield Difference("verb", False, "planned" * ours.planned, "planned" * theirs.planned)


def _levels(ours: Fact, theirs: Fact) -> Iterator[Difference]:
    mine, yours = fields.levels(ours.label), fields.levels(theirs.label)
    if mine != yours:
        decisive = bool(mine - yours and yours - mine) or ours.domain == "work_experience"
        yield Difference("level", decisive, " ".join(sorted(mine - yours)), " ".join(sorted(yours - mine)))


# -- fields ------------------------------------------------------------------------------------------------------------


def _fields(ours: Fact, theirs: Fact) -> tuple[float, list[Difference]]:
    """Which share of the fields that both fill agree (0.5 where they share none), and those that contradict."""
    marks, differences = [], []
    for rule in ours.plan.rules:
        mine, yours = ours.field(rule.field), theirs.field(rule.field)
        if mine and yours:
            mark = _agree(rule, mine, yours)
            if mark is not None:
                marks.append(mark)
                if mark < 0.5:
                    decisive = rule.decisive and mark == 0
                    differences.append(Difference(rule.role, decisive, mine, yours))
    return (sum(marks) / len(marks) if marks else 0.5), differences


def _agree(rule: Rule, mine: str, yours: str) -> float | None:
    """0 a contradiction, 1 the same; None where it cannot be told."""
    if rule.role == "date":
        one, other = period(mine), period(yours)
        return None if one is None or other is None else float(one.meets(other))
    if rule.role == "organization":
        return fields.organization(mine, yours)
    if rule.role == "person":
        same = fields.person(mine, yours)
        return 1.0 if same else None if fields.unnamed(mine) or fields.unnamed(yours) else 0.0
    if rule.role == "degree":
        one_level, other_level = fields.degree(mine), fields.degree(yours)
        if one_level and other_level:
            return float(one_level == other_level)
        return None
    if rule.role == "id":
        return float(normalised(mine) == normalised(yours))
    met = fields.plain(mine), fields.plain(yours)
    if set(met[0]) <= set(met[1]) or set(met[1]) <= set(met[0]):
        return 1.0 if set(met[0]) == set(met[1]) else 0.5
    return 0.2 if set(met[0]) & set(met[1]) else 0.0
