"""Whose a passage is, and where it stands: what another person did, what a form says, and what a text tells a model to
do, is nobody's item here.

Asked of what a model claims. The offline extractor weighs the same facts itself, among others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal

from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.people import People
from askcv_pipelines.extractors.rules.words import FIRST
from askcv_pipelines.reading.prompts import is_prompt
from askcv_pipelines.values import Block, Document

Foreign = Literal["another_persons", "not_told", "instruction"]
NOT_TOLD = frozenset(("template", "furniture"))
"""Zones that say nothing of anybody: what a form prints, navigation."""
_MODEL = r"(?:AI|LLM|GPT|(?:AI |language |virtual )?(?:assistant|agent|model|bot))s?"
_RULES = r"(?:instruction|prompt|rule|guideline|guardrail|check|policy|policie)s?"
TO_A_MODEL = re.compile(
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{{0,60}}\b{_RULES}\b|\bsystem prompt\b|"
    rf"\b(?:note|notes|instructions?|message|attention|dear|hey|hello)\b(?: (?:to|for))?(?: (?:the|all|any|every))? "
    rf"{_MODEL}\b|^\W*{_MODEL}\s*[:,]|\b(?:if you are|you are(?: now)?|as) an? {_MODEL}\b|"
    r"\b(?:propose_items|import_career_data|open_document|read_career_data)\b|"
    r"\b(?:add|record|store|save|import|stage|submit)\b[^.!?\n]{0,40}\b(?:record|inbox|profile|resume|cv)\b,? that\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Words by which a text speaks to whatever model reads it."""
TOLD_BY_OTHERS = frozenset(("testimonials", "coaching_action_items", "skills"))
"""What others say *to* or *of* the subject: whose words they are tells nothing; whose action it is does."""


def foreign(document: Document, start: int, end: int, domain: str, fields: Mapping[str, Any]) -> Iterator[
    tuple[Foreign, str]
]:  # fmt: skip
    """Why the passage proves nothing of the subject: it is another person's, or nobody says it."""
    blocks = [block for block in document.blocks if block.start < end and start < block.end]
    zones = {_zone(document, block) for block in blocks}
    if zones and zones <= NOT_TOLD:
        yield "not_told", ", ".join(sorted(zones))
    if any(_told_to_a_model(document, block) for block in blocks):
        yield "instruction", "the text tells whoever reads it what to record"
    people = _people(document)
    owner = fields.get("owner")
    if isinstance(owner, str) and document.subject.name and people.who(owner) == "other":
        yield "another_persons", f"owner: {owner}"
    units = [fact for fact in _facts(document) if fact.unit.start < end and start < fact.unit.end]
    told = domain in TOLD_BY_OTHERS
    whose = {fact.owner or (None if told or fact.named else fact.who) for fact in units}
    done_by_others = not told and any(_acts(fact) for fact in units)
    if domain != "testimonials" and ("other" in whose or done_by_others):
        yield "another_persons", "the passage, or a part of it"


def _acts(fact: Facts) -> bool:
    """Whether the unit begins with another person, and neither the subject nor an "I" is in it."""
    return fact.other_named == "start" and not fact.named and FIRST.isdisjoint(w.lower() for w in fact.unit.words)


def _zone(document: Document, block: Block) -> str:
    """The block's zone; a heading that asks is the form's."""
    asks = block.kind == "heading" and is_prompt(document.slice(block))
    return "template" if asks else block.zone


def _told_to_a_model(document: Document, block: Block) -> bool:
    """Whether the block, or the line that introduces it, speaks to a language model."""
    if TO_A_MODEL.search(document.slice(block)):
        return True
    above = [b for b in document.blocks if b.end <= block.start and b.section == block.section and b.kind != "item"]
    lead = document.slice(above[-1]).rstrip() if above else ""
    return lead.endswith(":") and bool(TO_A_MODEL.search(lead))


@lru_cache(maxsize=8)
def _facts(document: Document) -> tuple[Facts, ...]:
    return tuple(facts(document))


@lru_cache(maxsize=8)
def _people(document: Document) -> People:
    return People(document)
