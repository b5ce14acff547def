"""Who took part in a meeting: the names on its lists of attendance, however they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askcv_pipelines.names import bare_name
from askcv_pipelines.reading.sections import ATTENDEES
from askcv_pipelines.values import Block

PERSON = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: (?:[^\W\d_a-z][\w.'’-]*|de|van|der|von|da)){0,3}")
NICK = re.compile(r"[^\W\d_][\w.\[\]|^-]{1,29}")
LABEL = re.compile(
    r"\W*(?:(?:\w+ ){0,2}(?:attend(?:ees|ance|ing)|present)|participants?|regrets|apologies|absent|guests|contributors)"
    r"(?: \([^()]{0,30}\))?[*_]*\s*(?::[*_]*|[–—-](?=\s)|\Z)\s*",
    re.IGNORECASE,
)
"""What stands before the names, on their line or above them."""
TOLD = re.compile(
    r"\b(?:in attendance|present|attending|attendees|participants)\b[^.:\n]{0,30}?(?:\bwere\b|\bare\b|\bwas\b|:)\s*"
    r"((?:[^.\n]|\.(?=\S|[^.]{0,30},)|(?<=\b[A-Z])\.)*)"
)
"""A sentence that lists them: "Members in attendance were …"."""
BETWEEN = re.compile(r"\s*(?:[,;&|\n•·]|\band\b)\s*")
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\s[–—-]+\s*\S.*|\s+/.*")
HANDLE = re.compile(r"@([A-Za-z0-9][\w-]{0,38})")
NOBODY = frozenset(
    "all none nobody everyone everybody others various several guests members quorum n/a na tbd yes no also not with "
    "the chair scribe regrets apologies absent present attendees participants contributors via remote".split()
)
STRIP = " \t\n*_`~<>:.,-–—\\"


def attendance(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    """Every name on a list of those present or absent, as written. The blocks know their sections."""
    listing = None  # the label that the following items stand under
    row = None  # the table row that begins with such a label
    for block in blocks:
        if block.kind == "heading" or block.zone in {"furniture", "code", "diff"}:
            listing = None
            continue
        said = text[block.start : block.end]
        inside = (
            block.kind == "item" and listing is not None and (listing.kind != "item" or block.level > listing.level)
        )
        listing = listing if inside else None
        label = LABEL.match(_before(text, block) + said)
        if label and label.end() >= len(_before(text, block) + said):
            listing, row = block, block.row
        elif label:
            yield from listed((_before(text, block) + said)[label.end() :])
        elif inside or (block.row is not None and block.row == row) or _under_heading(block):
            yield from listed(said)
        elif told := TOLD.search(said):
            yield from listed(told[1])


def listed(said: str) -> list[str]:
    """The names of a list; none where most of its parts are no names, as in a sentence."""
    names: list[str] = []
    parts = [part for part in BETWEEN.split(said) if part.strip(STRIP)]
    misses = 0
    for part in parts:
        handles = HANDLE.findall(part)
        plain = ASIDE.sub("", HANDLE.sub("", part)).strip(STRIP)
        name = bare_name(plain)
        person = PERSON.fullmatch(name) or (NICK.fullmatch(name) and not handles)
        if person and name.lower() not in NOBODY:
            names.append(name)
        elif not handles:
            misses += 1
        names += handles
    return names if 2 * misses <= len(parts) else []


def _under_heading(block: Block) -> bool:
    """Below a heading that is nothing but a label for those present."""
    return bool(block.section) and len(block.section[-1].split()) <= 5 and bool(ATTENDEES.search(block.section[-1]))


def _before(text: str, block: Block) -> str:
    """What stands on the block's line before it: a source may have taken "Present:" for a speaker."""
    before = text[text.rfind("\n", 0, block.start) + 1 : block.start].lstrip(" \t>*+-#")
    return before if before.rstrip().endswith(":") and len(before) < 60 else ""
