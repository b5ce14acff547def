"""Who a document names as its people: its speakers, its author, and those who attended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askcv_pipelines.reading.sections import ATTENDEES
from askcv_pipelines.reading.speakers import HEADERS, LABELS, is_bot
from askcv_pipelines.values import Block

NAME = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|van|der|von|da)){0,3}")
SEPARATOR = re.compile(r"\s*(?:[,;/&+|]|\band\b|\bwith\b|→)\s*")
LONGEST_LIST = 400
PERSON = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|de|da|del|van|der|von|dos)){0,3}")
_ALONE = re.compile(r"\s*(?:[-–—:*_.]|\Z)")
_ROLE = re.compile(r"\([^)]{0,100}\)|\[[^\]]{0,100}\]")


def named_people(text: str, blocks: Sequence[Block], author: str | None) -> tuple[str, ...]:
    """Names as they are written there, each once; the person whose record it is may be among them."""
    found: dict[str, None] = {}
    for name in (author, *(block.speaker for block in blocks), *_attended(text, blocks)):
        if name and not is_bot(name) and name.lower().strip() not in LABELS | HEADERS:
            found[name.strip()] = None
    return tuple(found)


def attendance(text: str, block: Block) -> str | None:
    """The beginning of a block that lists who attended: under such a heading, or behind such a word."""
    if block.kind == "heading":
        return None
    listed = block.section and ATTENDEES.search(block.section[-1])
    piece = text[block.start : min(block.end, block.start + LONGEST_LIST)]
    short = block.end - block.start < LONGEST_LIST
    return piece if listed or (short and ATTENDEES.match(piece.lstrip("*_ "))) else None


def _attended(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        for line in (attendance(text, block) or "").split("\n"):
            names = list(_names(_ROLE.sub(" ", line).rpartition(":")[2]))
            # "- Dana Okafor, Data": behind a full name on a line of its own stands an office.
            yield from names[:1] if block.kind == "item" and names and " " in names[0] else names


def _names(line: str) -> Iterator[str]:
    for piece in SEPARATOR.split(line):
        plain = piece.strip(" *_`[]<>•-–—\t@")
        said = PERSON.match(plain)
        if said and _ALONE.match(plain, said.end()) and not ATTENDEES.search(said[0]):
            yield said[0].rstrip(".")
