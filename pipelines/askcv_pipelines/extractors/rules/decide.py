"""Which units become candidates: thresholds, vetoes, one kind of item a unit, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.fields import Place, fields_of
from askcv_pipelines.extractors.rules.model import Model
from askcv_pipelines.extractors.rules.words import FIRST, PRAISE
from askcv_pipelines.values import Candidate, Document

EXCLUSIVE = ("knowledge_entries", "coaching_action_items", "testimonials")
"""A unit is one of these at most: a deed, a duty, or praise."""
NARROW = frozenset(("work_experience", "education", "certifications", "awards", "publications"))
"""A unit that is one of these is no deed besides, unless it surely is."""
SURELY = 0.85
INSIDE = 0.95
"""So are two of which one holds nearly all words of the other, five or more."""
NEAR = 60
"""Candidates back that are compared; further back only the very same words are found."""
SAME = 0.75
"""Two quotes of one domain that share this part of their words are one item."""


def decided(
    document: Document, found: Sequence[Facts], scores: Sequence[Mapping[str, float]], model: Model
) -> Iterator[tuple[int, Candidate]]:
    """Position and candidate, in reading order."""
    seen: dict[str, list[frozenset[str]]] = {}
    exact: set[tuple[str, frozenset[str]]] = set()
    for at, (fact, score) in enumerate(zip(found, scores, strict=True)):
        for domain in _domains(fact, score, model):
            words = frozenset(fact.unit.words)
            if (domain, words) in exact or any(_same(words, other) for other in seen.get(domain, ())[-NEAR:]):
                continue
            place = Place(document, found, at)
            fields = fields_of(domain, place)
            if fields is None:
                continue
            if domain == "projects":
                words = frozenset(str(fields["name"]).lower().split())
                if (domain, words) in exact:
                    continue
            exact.add((domain, words))
            seen.setdefault(domain, []).append(words)
            yield fact.unit.start, Candidate(domain, fields, place.quote, round(score[domain], 3))


def _domains(fact: Facts, score: Mapping[str, float], model: Model) -> Iterator[str]:
    passing = {d: p - model.threshold(d) for d, p in score.items() if p >= model.threshold(d) and not vetoed(d, fact)}
    if NARROW & passing.keys():
        passing = {d: p for d, p in passing.items() if d not in EXCLUSIVE or score[d] >= SURELY}
    best = max((d for d in passing if d in EXCLUSIVE), key=lambda d: passing[d], default=None)
    for domain in passing:
        if domain not in EXCLUSIVE or domain == best:
            yield domain


def vetoed(domain: str, fact: Facts) -> bool:
    """What no score may overrule: a bot's words, a duty already done, another person's duty, a reviewer's own story."""
    if fact.role == "bot":
        return True
    if domain == "testimonials" and fact.role == "other" and not fact.said_by:
        return fact.unit.words[0] in FIRST and PRAISE.isdisjoint(fact.unit.words)
    if domain == "coaching_action_items":
        return fact.done or fact.owner in {"other", "group"}
    return domain == "knowledge_entries" and fact.owner == "other" and not fact.named


def _same(words: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(words & other)
    return shared >= SAME * len(words | other) or shared >= max(5, INSIDE * min(len(words), len(other)))
