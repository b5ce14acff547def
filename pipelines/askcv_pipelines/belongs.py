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
from askcv_pipelines.extractors.rules.tense import is_past
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
    rf"{_MODEL}\b|^\W*(?:system|(?:AI )?assistant|LLM)\s*:|\b(?:if you are|you are(?: now)?|as) an? {_MODEL}\b|"
    r"\b(?:propose_items|import_career_data|open_document|read_career_data)\b|"
    r"\b(?:add|record|store|save|import|stage|submit)\b[^.!?\n]{0,40}\b(?:record|inbox|profile|resume|cv)\b,? that\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Words by which a text speaks to whatever model reads it."""
OBTAINED = frozenset(("certifications", "awards", "publications"))
PLANNED = frozenset(("will", "to"))
ACTOR = re.compile(
    r"\W*(?P<name>[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|de|van|der|von|da)){0,3}) (?:(?:also|then|has|had|later) )?"
    r"(?P<verb>[a-z]+)\b"
)
_NAME = r"([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
CREDITED = re.compile(
    rf"\b[Ii]t (?:was|is) {_NAME} (?:who|that)\b|\b(?:came|comes) from {_NAME}|"
    rf"\b(?:written|built|led|made|done|designed|created|implemented|fixed|organi[sz]ed|won) by {_NAME}"
)
ADDRESSED = re.compile(rf"[\W_]*(?:@([A-Za-z][\w.-]{{1,38}})\s*[:,–—-]|{_NAME}\s*(?:->|→|=>))")
CLAUSE = re.compile(r"(?<=[.;!?])\s+|\n+|,? (?:and|while|but) ")
WORD = re.compile(r"\w{3,}")
TOLD_BY_OTHERS = frozenset(("testimonials", "coaching_action_items", "skills"))
"""What others say *to* or *of* the subject: whose words they are tells nothing; whose action it is does."""


def foreign(document: Document, start: int, end: int, domain: str, fields: Mapping[str, Any]) -> Iterator[
    tuple[Foreign, str]
]:  # fmt: skip
    """Why the passage proves nothing of the subject: it is another person's, or nobody says it."""
    blocks = [block for block in document.blocks if block.start < end and start < block.end]
    zones = {_zone(document, block) for block in blocks}
    if zones <= NOT_TOLD:  # what no block holds, a comment in a page's source, is told by nobody either
        yield "not_told", ", ".join(sorted(zones))
    if any(_told_to_a_model(document, block) for block in blocks):
        yield "instruction", "the text tells whoever reads it what to record"
    people = _people(document)
    owner = fields.get("owner")
    if isinstance(owner, str) and document.subject.name and people.who(owner) == "other":
        yield "another_persons", f"owner: {owner}"
    if domain == "testimonials":
        return
    units = [fact for fact in _facts(document) if fact.unit.start < end and start < fact.unit.end]
    told = domain in TOLD_BY_OTHERS
    if domain in OBTAINED and units and all(fact.tense in PLANNED for fact in units):
        yield "not_told", "planned, not obtained"
    if "other" in {fact.owner or (None if told or fact.named else fact.who) for fact in units}:
        yield "another_persons", "the passage, or a part of it"
    if any(_is_addressed_to_another(document.text[fact.unit.start : fact.unit.end], people) for fact in units):
        yield "another_persons", "who is addressed"
    if not told and (
        any(_acts(fact, people) for fact in units) or _is_anothers_part(document.text[start:end], fields, people)
    ):
        yield "another_persons", "who is named does it"


def _acts(fact: Facts, people: People) -> bool:
    """Whether the unit begins with another person, and neither the subject nor an "I" is in it."""
    own = bool(fact.named) or not FIRST.isdisjoint(word.lower() for word in fact.unit.words)
    return not own and (fact.other_named == "start" or _begins_with_another(fact.unit.plain, people))


def _begins_with_another(text: str, people: People) -> bool:
    """Whether somebody else is the first word, and does something: by a name that the document lists, or a full one; or
    whether it is said to be theirs ("it was Pia who …")."""
    for credit in CREDITED.finditer(text):
        name = next(filter(None, credit.groups()))
        if not people.is_subject(name) and not people.is_subject(name.split()[0]):
            return True
    found = ACTOR.match(text)
    if found is None or people.is_subject(found["name"]) or people.is_subject(found["name"].split()[0]):
        return False
    words = found["name"].lower().split()
    return words[0] in people.others | people.surnames or (len(words) > 1 and is_past(found["verb"]))


def _is_anothers_part(quote: str, fields: Mapping[str, Any], people: People) -> bool:
    """Whether the title is made of that clause of the quote in which somebody else does something."""
    title = {word.lower() for word in WORD.findall(str(fields.get("title") or fields.get("name") or ""))}
    clauses = [(clause, {word.lower() for word in WORD.findall(clause)}) for clause in CLAUSE.split(quote)]
    anothers = [words for clause, words in clauses if _begins_with_another(clause, people)]
    own = [words for clause, words in clauses if not _begins_with_another(clause, people)]
    most = max((len(title & words) for words in own), default=0)
    return any(len(title & words) > most for words in anothers)


def _is_addressed_to_another(text: str, people: People) -> bool:
    """Whether the unit begins with another person's handle ("@pia.holm: …"), or a name with an arrow behind it."""
    found = ADDRESSED.match(text)
    if found is None:
        return False
    name = found[1] or found[2]
    return not people.is_subject(name) and not people.is_subject(f"@{name}")


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
