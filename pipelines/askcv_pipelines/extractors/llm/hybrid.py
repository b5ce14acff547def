"""Rules first, then the model: it adds what they miss, words what both find, and corrects what they were unsure of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from askcv_pipelines.extractors.llm import LlmExtractor
from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.extractors.rules.decide import EXCLUSIVE, SURELY
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Candidate, Document, Extracted

AGREED = 0.95
"""How surely an item is one that both find."""
SHARED = 0.5
"""The part of the shorter of two quotes that both must share to be of one passage."""
LABELS = ("title", "name")


class Placed(NamedTuple):
    start: int
    end: int
    candidate: Candidate


@dataclass(frozen=True)
class HybridExtractor(LlmExtractor):
    """``llm`` on top of ``rules``: the same requests, so that the same answers are cached."""

    name = "hybrid"

    def masking(self, redactor: Redactor) -> HybridExtractor:
        return HybridExtractor(self.service, redactor)

    def extract(self, document: Document) -> Iterator[Extracted]:
        outcome, judged = self.asked(document)
        theirs = [Placed(j.start, j.end, j.result) for j in judged if isinstance(j.result, Candidate)]
        ours = list(_placed(document, RulesExtractor().extract(document)))
        merged = sorted(_merged(ours, theirs), key=lambda each: (each.start, each.end))
        yield from (each.candidate for each in merged)
        yield from (j.result for j in judged if not isinstance(j.result, Candidate))
        yield from outcome.gaps
        yield outcome.usage


def _placed(document: Document, candidates: Iterable[Candidate]) -> Iterator[Placed]:
    """Where each quote stands; of equal ones each the next time it does."""
    at: dict[str, int] = {}
    for candidate in candidates:
        start = document.text.find(candidate.quote, at.get(candidate.quote, 0))
        start = document.text.find(candidate.quote) if start < 0 else start
        at[candidate.quote] = start + 1
        yield Placed(start, start + len(candidate.quote), candidate)


def _merged(ours: Sequence[Placed], theirs: Sequence[Placed]) -> Iterator[Placed]:
    """Each item once. Where a deed is a duty or praise to the model, it is right unless the rules are sure."""
    used: set[int] = set()
    for rule in ours:
        same = [n for n, model in enumerate(theirs) if n not in used and _same(rule, model)]
        if same:
            used.add(same[0])
            yield _agreed(rule, theirs[same[0]])
        elif not any(_corrects(model, rule) for model in theirs):
            yield rule
        else:
            continue
    kept = [rule for rule in ours if not any(_corrects(model, rule) for model in theirs)]
    for number, model in enumerate(theirs):
        if number not in used and not any(_conflicts(model, rule) for rule in kept):
            yield model


def _same(one: Placed, other: Placed) -> bool:
    if one.candidate.domain != other.candidate.domain or not _overlap(one, other):
        return False
    if one.candidate.domain == "skills":
        return str(one.candidate.fields["name"]).lower() == str(other.candidate.fields["name"]).lower()
    return True


def _conflicts(model: Placed, rule: Placed) -> bool:
    """Whether both read one passage, each as another of the kinds of which it can be one alone."""
    domains = {model.candidate.domain, rule.candidate.domain}
    return len(domains) == 2 and domains <= set(EXCLUSIVE) and _overlap(model, rule)


def _corrects(model: Placed, rule: Placed) -> bool:
    return _conflicts(model, rule) and rule.candidate.confidence < SURELY


def _overlap(one: Placed, other: Placed) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > SHARED * min(one.end - one.start, other.end - other.start)


def _agreed(rule: Placed, model: Placed) -> Placed:
    """The rules' passage and fields, in the model's words where it has any: those passed the guards on their quote, so
    the quote is the one that holds them."""
    fields = {**rule.candidate.fields, **model.candidate.fields}
    if model.start > rule.start or model.end < rule.end:  # the model's words were held against less: they hold for more
        quote, start, end = rule.candidate.quote, rule.start, rule.end
    else:
        quote, start, end = model.candidate.quote, model.start, model.end
    for name in ("content", "description", "quote"):
        if name in rule.candidate.fields and quote == rule.candidate.quote:
            fields[name] = rule.candidate.fields[name]
    return Placed(start, end, replace(rule.candidate, fields=fields, quote=quote, confidence=AGREED))
