"""Fields of each domain, taken from the unit, its place and its neighbours; nothing that the text does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from askcv_agents.domains import LONG_TEXT, SHORT_TEXT
from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.credentials import school
from askcv_pipelines.extractors.rules.figures import metric
from askcv_pipelines.extractors.rules.names import institution, organisation, project_name, role_title
from askcv_pipelines.extractors.rules.patterns import COMMIT, HIRED, LEARNED, STUDY
from askcv_pipelines.extractors.rules.posts import post
from askcv_pipelines.extractors.rules.titles import title
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.names import name_pattern
from askcv_pipelines.reading import dates
from askcv_pipelines.values import Block, Document, Subject

DUE_HEADER = re.compile(r"\b(?:due|deadline|date|when|by)\b", re.IGNORECASE)
DECIDED = re.compile(r"\b(?:decided|decision|chose|agreed|opted)\b", re.IGNORECASE)
URL = re.compile(r"https?://[^\s)>\]]+")
LINKED = re.compile(r"\[([^\]]{8,200})\]\((https?://[^)\s]+)\)")
IN_QUOTES = re.compile(r"[\"“]([^\"”]{6,200})[\"”]")
SIGNED = re.compile(
    r"\s[–—-]{1,2}\s*([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3})(?:,\s*([\w ]{3,40})|\s*\(([\w ]{3,40})\))?\W*\Z"
)
CERTIFICATE_NAME = re.compile(
    r"\b(?:the|a|an|my|his|her|their|got|earned|obtained|received|passed|completed|finished)\s+((?!the |a |an |my "
    r"|his |her )[\w&+:./’'-]+(?: [\w&+:./’'-]+){0,7}? (?:certificat(?:e|ion)|licen[cs]e|nanodegree|credential|"
    r"accreditation)(?: of attendance| in (?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d)[\w ]{3,40}| "
    r"of [A-Z][\w: -]{3,60})?)",
    re.IGNORECASE,
)
REVIEWER = re.compile(
    r"^[\s*_#-]*(?:reviewer|reviewed by|manager|supervisor|written by|author)[\s*_]*:[\s*_]*([A-Z][\w.'’-]+(?: "
    r"[A-Z][\w.'’-]+){0,3})",
    re.IGNORECASE | re.MULTILINE,
)
DATE_LABEL = re.compile(r"\[[^\]]*\d{4}[^\]]*\]\s*|^\W+")
PROMOTED = re.compile(r"\bpromot|\bbecame\b", re.IGNORECASE)
CLOSING = re.compile(
    r"(?:sincerely|regards|respectfully|yours \w+|best wishes|warmly|cordially)\b[\s,]*",
    re.IGNORECASE,
)
LETTER = 8_000
"""Characters of a letter, at most, before its signature."""
STATED = re.compile(rf"(?:{HIRED.pattern})|(?:{STUDY.pattern})", re.IGNORECASE)
PERSON = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}")


@dataclass(frozen=True)
class Place:
    """A unit among its document's units."""

    document: Document
    found: Sequence[Facts]
    at: int

    @property
    def fact(self) -> Facts:
        return self.found[self.at]

    @property
    def quote(self) -> str:
        return self.document.text[self.fact.unit.start : self.fact.unit.end]


def fields_of(domain: str, place: Place) -> dict[str, Any] | None:
    """The fields of a candidate, by Python name; ``None`` where what the domain requires is not in the text."""
    made = BUILDERS[domain](place)
    return None if made is None else {name: value for name, value in made.items() if value is not None}


def _knowledge(place: Place) -> dict[str, Any]:
    text, fact = place.quote, place.fact
    category = "accomplishment"
    if LEARNED.search(fact.unit.plain):
        category = "lesson"
    elif DECIDED.search(fact.unit.plain):
        category = "decision"
    elif fact.meaning == "strengths" and fact.tense != "past":
        category = "strength"
    return {
        "title": title(text, _owner_prefix(place.document.subject)),
        "content": fact.unit.plain[:LONG_TEXT],
        "category": category,
        "metric": metric(text),
        "occurred_on": _occurred(place),
    }


def _action(place: Place) -> dict[str, Any]:
    fact, document = place.fact, place.document
    owned = fact.owner in {"subject", "both"}
    named = document.kind == "meeting_notes" and (
        fact.named in {"start", "in", "pronoun"} or (fact.role == "self" and bool(COMMIT.search(fact.unit.plain)))
    )
    category = "action"
    if document.kind == "code_review":
        category = "review_feedback"
    elif document.kind == "performance_review":
        category = "goal" if {fact.meaning, fact.lead_meaning} & {"goals"} else "growth_area"
    asked = fact.block.speaker if fact.role == "other" and document.kind == "code_review" else fact.said_by or None
    return {
        "title": title(place.quote, _owner_prefix(place.document.subject)),
        "description": fact.unit.plain[:LONG_TEXT],
        "category": category,
        "owner": document.subject.name if owned or named else None,
        "due_on": _due(place) if document.kind != "code_review" else None,
        "status": "open",
        "requested_by": asked,
    }


def _testimonial(place: Place) -> dict[str, Any]:
    document = place.document
    who = author(place)
    relationship = "reviewer" if document.kind == "code_review" else None
    words = plain_text(place.quote).strip()
    signed = SIGNED.search(place.fact.unit.plain)
    role = (signed[2] or signed[3]) if signed and signed[1] == who else None
    return {"quote": words[:LONG_TEXT], "author": who, "author_role": role, "relationship": relationship}


def _position(place: Place) -> dict[str, Any] | None:
    held = post(place.fact.unit.plain)
    role = held.role if held else role_title(place.quote)
    employer = (held and held.organisation) or organisation(place.quote) or _earlier(place, organisation)
    if role is None or employer is None:
        return None
    return {"organization": employer, "title": role, "start_date": _since(place.quote)}


def _project(place: Place) -> dict[str, Any] | None:
    name = project_name(place.quote, place.fact.block.section)
    if name is None:
        return None
    return {"name": name[:SHORT_TEXT], "description": place.fact.unit.plain[:LONG_TEXT]}


def _education(place: Place) -> dict[str, Any] | None:
    where = school(place.fact.unit.plain) or institution(place.quote) or _earlier(place, institution)
    return None if where is None else {"institution": where, "description": place.fact.unit.plain[:LONG_TEXT]}


def _certificate(place: Place) -> dict[str, Any]:
    named = CERTIFICATE_NAME.search(plain_text(DATE_LABEL.sub("", place.quote)))
    return {
        "name": title(named[1] if named else DATE_LABEL.sub("", place.quote)),
        "issued_on": dates.partial(place.quote),
    }


def _award(place: Place) -> dict[str, Any]:
    return {
        "title": title(place.quote, _owner_prefix(place.document.subject)),
        "awarded_on": dates.partial(place.quote),
    }


def _publication(place: Place) -> dict[str, Any]:
    text = place.quote
    linked, quoted, address = LINKED.search(text), IN_QUOTES.search(text), URL.search(text)
    called = linked[1] if linked else quoted[1] if quoted else title(DATE_LABEL.sub("", URL.sub("", text)))
    means = " ".join((*place.fact.block.section[-1:], text)).lower()
    kinds = (("podcast", "podcast"), ("blog", "post"), ("talk", "talk"), ("present", "talk"), ("spoke", "talk"),
             ("paper", "paper"), ("journal", "paper"), ("article", "article"), ("book", "book"),
             ("post", "post"))  # fmt: skip
    return {
        "title": plain_text(called)[:SHORT_TEXT],
        "kind": next((kind for word, kind in kinds if word in means), None),
        "published_on": dates.partial(text),
        "url": linked[2] if linked else address[0] if address else None,
    }


BUILDERS: dict[str, Callable[[Place], dict[str, Any] | None]] = {
    "knowledge_entries": _knowledge,
    "coaching_action_items": _action,
    "testimonials": _testimonial,
    "work_experience": _position,
    "projects": _project,
    "education": _education,
    "certifications": _certificate,
    "awards": _award,
    "publications": _publication,
}


def author(place: Place) -> str | None:
    """Who said it: the speaker, "From …", a dash and a name behind it, or who signed the letter."""
    fact, document = place.fact, place.document
    if fact.said_by:
        return fact.said_by
    if fact.block.speaker and fact.role == "other":
        return fact.block.speaker
    if signed := SIGNED.search(fact.unit.plain):
        return signed[1]
    if fact.quoted:
        return None  # a quotation in a letter is somebody else's again
    if document.voice == "letter" and (stated := REVIEWER.search(document.text, 0, 1_500)):
        return stated[1]
    closing = (
        CLOSING.search(document.text, fact.unit.end, fact.unit.end + LETTER) if document.voice == "letter" else None
    )
    name = PERSON.match(document.text, closing.end()) if closing else None
    return name[0] if name else None


@lru_cache(maxsize=64)
def _owner_prefix(subject: Subject) -> re.Pattern[str] | None:
    """What a title drops: "Jane to …", "Jane: …", "@jane will …"."""
    pattern = name_pattern(subject)
    if pattern is None:
        return None
    return re.compile(
        rf"(?:@?(?:{pattern.pattern})(?:\s*(?:,|and|&|/)\s*@?[A-Z][\w.-]*)*|she|he|they)\s*"
        r"(?::|[–—-](?=\s)|(?:also )?(?:to|will|should|has|have|is going to|agreed to|needs to)(?=\s)|"
        r"(?=\s(?:also |successfully )?"
        r"(?:\w+ed|led|built|wrote|made|ran|took|gave|taught|won|began|brought|kept)\b))\s*",
        re.IGNORECASE,
    )


def _due(place: Place) -> str | None:
    """A date in the unit, in its row's date column, or in the bullet just below it that is nothing but a date."""
    document, fact = place.document, place.fact
    known = document.date_at(fact.unit.start)
    anchor = date.fromisoformat(known[:10]) if known and len(known) >= 10 else None
    if fact.block.kind == "cell" and fact.block.row is not None:
        for block in _row(document, fact.unit.block):
            if block.header and DUE_HEADER.search(block.header):
                return dates.cell_date(document.slice(block), anchor)
    if found := dates.due(fact.unit.plain, anchor):
        return found
    below = place.found[place.at + 1] if place.at + 1 < len(place.found) else None
    if below and below.block.level > fact.block.level and len(below.unit.words) <= 4:
        return dates.cell_date(below.unit.plain, anchor)
    return None


def _row(document: Document, at: int) -> Iterator[Block]:
    """The cells of the row that a block stands in; they stand together."""
    row = document.blocks[at].row
    first = at
    while first > 0 and document.blocks[first - 1].row == row:
        first -= 1
    while first < len(document.blocks) and document.blocks[first].row == row:
        yield document.blocks[first]
        first += 1


def _occurred(place: Place) -> str | None:
    if found := dates.partial(place.quote):
        return found
    if place.document.kind != "meeting_notes":
        return None
    for heading in reversed(place.fact.block.section):
        if day := dates.explicit(heading):
            return day.isoformat()
    return None


def _since(text: str) -> str | None:
    found = re.search(r"\b(?:since|in|from)\s+((?:[A-Z][a-z]+\s+)?(?:19|20)\d\d)\b", text)
    return (dates.partial(found[1]) or found[1][-4:]) if found else None


def _earlier(place: Place, finder: Callable[[str], str | None]) -> str | None:
    """What the nearest units above say, where the unit itself is silent."""
    for at in range(place.at - 1, max(-1, place.at - 7), -1):
        fact = place.found[at]
        text = place.document.text[fact.unit.start : fact.unit.end]
        if STATED.search(text) and (found := finder(text)):
            return found
    return None
