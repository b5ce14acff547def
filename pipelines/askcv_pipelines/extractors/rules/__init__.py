"""The offline extractor: rules say what stands where and what a sentence does, a small linear model weighs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.decide import decided
from askcv_pipelines.extractors.rules.features import features
from askcv_pipelines.extractors.rules.fields import Place, fields_of
from askcv_pipelines.extractors.rules.model import Model, shipped
from askcv_pipelines.extractors.rules.owners import STATUS_HEADER
from askcv_pipelines.extractors.rules.skills import found_skills
from askcv_pipelines.values import Candidate, Document


class RulesExtractor:
    """Extraction that a careful reader would sign: each candidate's quote is a slice of the document's text.

    The models are the shipped ones unless given; training gives its own.
    """

    name = "rules"
    version = "1"

    def __init__(self, units: Model | None = None, skills: Model | None = None) -> None:
        self._units = units
        self._skills = skills

    def extract(self, document: Document) -> Iterable[Candidate]:
        """The candidates of one document, in reading order."""
        units = self._units or shipped("units")
        found = list(facts(document))
        scores = [units.probabilities(row) for row in features(document, found)]
        placed = [*decided(document, found, scores, units), *self._named(document, found, scores)]
        return [candidate for _, candidate in sorted(placed, key=lambda pair: pair[0])]

    def finished(self, document: Document) -> Iterator[Candidate]:
        """The subject's actions that are ticked, or that a table's status says are done."""
        if not any(block.checked or STATUS_HEADER.search(block.header or "") for block in document.blocks):
            return
        found = list(facts(document))
        for at, fact in enumerate(found):
            if fact.done and fact.unit.first and fact.role != "bot" and fact.owner not in {"other", "group"}:
                place = Place(document, found, at)
                if fields := fields_of("coaching_action_items", place):
                    yield Candidate("coaching_action_items", fields | {"status": "done"}, place.quote)

    def _named(
        self, document: Document, found: Sequence[Facts], scores: Sequence[Mapping[str, float]]
    ) -> Iterator[tuple[int, Candidate]]:
        model = self._skills or shipped("skills")
        for skill in found_skills(document, found, scores):
            chance = model.probabilities(skill.features)["skills"]
            if chance >= model.threshold("skills"):
                unit = found[skill.best].unit
                fields = {"name": skill.skill.name, "category": skill.category}
                yield unit.start, Candidate("skills", fields, document.text[unit.start : unit.end], round(chance, 3))
