"""What a model claims in fields: held by the passage that it quotes, word for word where the field names something.

The offline extractor takes its fields from the passage; a model writes them. So beyond what ``guards`` asks of both:
amounts keep their units, dates and links stand there, what is named is named there, and prose is about what is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from askcv_pipelines.agent.dates import dates_of
from askcv_pipelines.dedup.figures import Figure, figures_of, ranges_of
from askcv_pipelines.dedup.skill_names import known_skill
from askcv_pipelines.dedup.words import FUNCTION, opposites, stem
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.guards import NAMED, NO_AMOUNT
from askcv_pipelines.values import Document

Unheld = Literal["figure_not_in_quote", "name_not_in_source", "not_in_quote"]

WORD = re.compile(r"[^\W_]+(?:[+#]+|(?=\W|\Z))?")
LEGAL = frozenset("inc ltd llc gmbh ag plc co corp company the of and for at".split())
"""Words that people add to the name of an organisation, or leave out of it."""
SOMEBODYS = frozenset((*NAMED, "author_role", "location")) - {"project"}
THINGS = {
    "skills": ("name",),
    "certifications": ("name", "credential_id"),
    "awards": ("title",),
    "publications": ("title",),
    "projects": ("name", "technologies"),
    "work_experience": ("title",),
    "education": ("degree", "field_of_study", "grade"),
}
"""Fields that name something: the passage must name it so."""
PROSE = ("title", "content", "description", "summary", "highlights", "context")
HELD = 0.5
"""Share of the telling words of prose that the passage, or its section, must have."""
MEASURED = frozenset(("%", "s", "B", "x", "USD", "EUR", "GBP", "JPY", "CHF"))


@dataclass(frozen=True)
class Place:
    """A passage with what stands around it: the whole sentences, the headings, the rest of the section."""

    document: Document
    start: int
    end: int

    @property
    def sentences(self) -> str:
        """The quote, the sentences it stands in, and the other cells of a table's row; without markup."""
        parts = [s for s in self.document.sentences if s.start < self.end and self.start < s.end]
        rows = {block.row for block in self._blocks()} - {None}
        cells = [block for block in self.document.blocks if block.row in rows]
        told = [self.document.slice(part) for part in parts] + [self.document.slice(cell) for cell in cells]
        return plain_text(" ".join((self.document.text[self.start : self.end], *told)))

    @property
    def headings(self) -> str:
        sections = {block.section for block in self._blocks()}
        about = (self.document.title or "", *self.document.subject.names)
        return " ".join((*(heading for section in sections for heading in section), *about))

    @property
    def section(self) -> str:
        sections = {block.section for block in self._blocks()}
        return " ".join(self.document.slice(b) for b in self.document.blocks if b.section in sections)

    def _blocks(self) -> list[Any]:
        return [b for b in self.document.blocks if b.start < self.end and self.start < b.end]


def unheld(document: Document, start: int, end: int, domain: str, fields: Mapping[str, Any]) -> Iterator[
    tuple[Unheld, str]
]:  # fmt: skip
    """What the fields claim and the passage, or the document, does not say; each with its field."""
    place = Place(document, start, end)
    told = f"{place.sentences} {place.headings}"
    yield from (("figure_not_in_quote", found) for found in _amounts(told, fields))
    yield from (("figure_not_in_quote", found) for found in _dates(place, fields))
    yield from (("name_not_in_source", found) for found in _people_and_places(document, fields))
    named = THINGS.get(domain, ())
    yield from (("not_in_quote", found) for found in _things(told, {n: v for n, v in fields.items() if n in named}))
    prose = {name: fields[name] for name in PROSE if name in fields and name not in named}
    yield from (("not_in_quote", found) for found in _prose(told, place.section, prose))
    if (said := fields.get("quote")) is not None and _run(str(said)) not in _run(document.text):
        yield "not_in_quote", "quote: give the words as they stand there"
    if (url := fields.get("url")) is not None and not _stands(str(url), document.text):
        yield "not_in_quote", "url"


def _amounts(told: str, fields: Mapping[str, Any]) -> Iterator[str]:
    held, ways = figures_of(told), ranges_of(told)
    for name, text in _texts(fields):
        if name in NO_AMOUNT:
            continue
        if turned := [way for way in ranges_of(text) if way[::-1] in ways and way not in ways]:
            yield f"{name}: from {' to '.join(turned[0])}"
        for figure in figures_of(text):
            if figure.written.lower() != "one" and not any(_same(figure, other) for other in held):
                yield f"{name}: {figure.written}"


def _same(claimed: Figure, held: Figure) -> bool:
    """The same amount. What is measured keeps its unit; things that are counted may be called otherwise."""
    measured = {claimed.unit, held.unit} & MEASURED
    return claimed.value == held.value and (claimed.unit == held.unit or not measured)


def _dates(place: Place, fields: Mapping[str, Any]) -> Iterator[str]:
    names = [name for name in fields if name in NO_AMOUNT and name != "url"]
    if not names:
        return
    anchor = place.document.date_at(place.start)
    held = dates_of(place.sentences, anchor) | dates_of(place.headings, anchor)
    for name in names:
        value = str(fields[name])
        also = {anchor} if anchor and name != "due_on" else set()
        if not any(date.startswith(value) for date in held | also):
            yield f"{name}: {value}"


def _people_and_places(document: Document, fields: Mapping[str, Any]) -> Iterator[str]:
    """Names in fields of their own, however they are written: their words stand beside each other in the document."""
    held = _name(" | ".join((document.text, document.title or "", *document.named, *document.subject.names)))
    for name, text in _texts({name: value for name, value in fields.items() if name in SOMEBODYS}):
        if _name(text) not in held:
            yield f"{name}: {text[:60]}"


def _things(told: str, fields: Mapping[str, Any]) -> Iterator[str]:
    held = _stems(told)
    for name, text in _texts(fields):
        if not _telling(text) <= held and not _is_named_otherwise(text, told):
            yield f"{name}: {text[:60]}"


def _is_named_otherwise(name: str, told: str) -> bool:
    """Whether the passage has a skill by another of its names ("Postgres"). Human skills are shown, seldom named."""
    skill = known_skill(name)
    if skill is None:
        return False
    if skill.category == "human":
        return True
    words = WORD.findall(told)
    runs = (" ".join(words[at : at + length]) for length in (1, 2, 3) for at in range(len(words) - length + 1))
    return any(known_skill(run) == skill for run in runs)


def _prose(told: str, section: str, fields: Mapping[str, Any]) -> Iterator[str]:
    near, around = _stems(told), _stems(f"{told} {section}")
    for name, text in _texts(fields):
        telling = _telling(text)
        if name == "title" and any(opposites(word) & near for word in telling - around):
            yield f"{name}: the passage says the opposite"
        if len(telling & (near if name == "title" else around)) < HELD * len(telling):
            yield f"{name}: use the words of the passage"


def _texts(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        entries: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
        yield from ((name, str(entry)) for entry in entries if entry is not None and not isinstance(entry, bool))


def _telling(text: str) -> set[str]:
    return {stem(word.lower()) for word in WORD.findall(text) if word.lower() not in FUNCTION}


def _stems(text: str) -> set[str]:
    return {stem(word.lower()) for word in WORD.findall(text)}


def _run(text: str) -> str:
    """The words of a text in order, whatever stands between them."""
    return f" {' '.join(word.lower() for word in WORD.findall(plain_text(text)))} "


def _name(text: str) -> str:
    """``_run`` without what people add to the name of an organisation, or leave out."""
    return f" {' '.join(word for word in _run(text).split() if word not in LEGAL)} "


def _stands(url: str, text: str) -> bool:
    bare = re.sub(r"^[a-z]+://", "", url.strip().lower()).rstrip("/")
    return bool(bare) and bare in text.lower()
