"""Whose a passage is, and where it stands: what another person did, and what a form says, is nobody's item here.

Asked of what a model claims. The offline extractor weighs the same facts itself, among others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.people import People
from askcv_pipelines.values import Document

Foreign = Literal["another_persons", "not_told"]
NOT_TOLD = frozenset(("template", "furniture"))
"""Zones that say nothing of anybody: what a form prints, navigation."""
TOLD_BY_OTHERS = frozenset(("testimonials", "coaching_action_items", "skills"))
"""What others say *to* or *of* the subject: whose words they are tells nothing; whose action it is does."""


def foreign(document: Document, start: int, end: int, domain: str, fields: Mapping[str, Any]) -> Iterator[
    tuple[Foreign, str]
]:  # fmt: skip
    """Why the passage proves nothing of the subject: it is another person's, or nobody says it."""
    zones = {block.zone for block in document.blocks if block.start < end and start < block.end}
    if zones and zones <= NOT_TOLD:
        yield "not_told", ", ".join(sorted(zones))
    people = _people(document)
    owner = fields.get("owner")
    if isinstance(owner, str) and document.subject.name and people.who(owner) == "other":
        yield "another_persons", f"owner: {owner}"
    units = [fact for fact in _facts(document) if fact.unit.start < end and start < fact.unit.end]
    whose = {fact.owner or (None if domain in TOLD_BY_OTHERS else fact.who) for fact in units}
    if domain != "testimonials" and whose and whose <= {"other"}:
        yield "another_persons", "the passage"


@lru_cache(maxsize=8)
def _facts(document: Document) -> tuple[Facts, ...]:
    return tuple(facts(document))


@lru_cache(maxsize=8)
def _people(document: Document) -> People:
    return People(document)
