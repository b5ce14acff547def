"""Whose record a document speaks for: as given, as ``people.toml`` says, or as the document says plainly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from askcv_agents.errors import SourceError
from askcv_agents.wire import SourceKind
from askcv_pipelines.people import People
from askcv_pipelines.values import Block, RawDocument, Subject, Voice

Whose: TypeAlias = Subject | People | None
"""Whose documents they are: one person's, those of the people of a ``people.toml``, or whoever each one names."""

HEADLINES = 4
"""The title and so many headings may name a person."""
OPENING_LINES = 15
NAME = r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){1,3}"
LABELLED = re.compile(
    r"[*_#>|\s-]*(?i:employee|name|reviewee|student|candidate|intern|mentee|author|self[- ]review (?:of|by)|"
    r"(?:performance|annual|mid-?year|year-?end) review (?:of|for)|(?:letter of )?(?:recommendation|reference) for)"
    rf"(?i: name)?\**\s*[:|–—]?\**\s*(?P<name>{NAME})[\s*|,.]*(?:[·|;].*)?$"
)


@dataclass(frozen=True)
class Opening:
    """What of a document can say whose it is: where it lies, its name, and what stands at its head."""

    path: Path
    name: str
    author: str | None
    headlines: tuple[str, ...]
    lines: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, name: str, raw: RawDocument, blocks: Sequence[Block]) -> Opening:
        headings = [raw.text[b.start : b.end] for b in blocks if b.kind == "heading" and b.zone == "body"]
        lines = [raw.text[b.start : b.end].split("\n")[0] for b in blocks[:OPENING_LINES]]
        headlines = [raw.author or "", raw.title or "", *headings[:HEADLINES]]
        return cls(path, name, raw.author, tuple(filter(None, headlines)), tuple(lines))


def resolved(whose: Whose, opening: Opening, kind: SourceKind, voice: Voice) -> Subject:
    """The subject of a document.

    Raises:
        SourceError: the document speaks of people, and nothing says which of them is meant.
    """
    if isinstance(whose, Subject):
        return whose
    if isinstance(whose, People):
        return whose.subject(opening.path, opening.name, opening.headlines)
    if kind == "code_review" and opening.author:
        return Subject(opening.author, (f"@{opening.author}",))
    for line in opening.lines:
        if said := LABELLED.match(line):
            return Subject(said["name"])
    if voice == "first_person":
        return Subject(None)
    raise SourceError(
        f"{opening.name}: whose record is this? The document speaks of people and does not say who is meant",
        "Name the person with --subject NAME, and other names they go by with --alias.",
    )
