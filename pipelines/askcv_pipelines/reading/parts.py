"""Parts: a rolling document ("1:1 with Ada" over months) falls into parts at its dated headings, each with its date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from askcv_pipelines.reading.dates import explicit
from askcv_pipelines.values import Block, Part

OPENING = 800
"""Characters of a document in which its own date is looked for."""


def dated_parts(text: str, blocks: Sequence[Block], known: str | None) -> tuple[Part, ...]:
    """The parts, in order and without gaps; a document without dated headings is one part with its own date.

    The document's date is the one that its source tells, else the first full date in its opening. A heading without a
    year takes it from there, or from the part before it.
    """
    whole = _day(known) or explicit(text[:OPENING])
    headings = [block for block in blocks if block.kind == "heading" and block.zone == "body"]
    dated = [block for block in headings if explicit(text[block.start : block.end], whole) is not None]
    levels = Counter(block.level for block in dated)
    # Meetings are headings of one rank; a date below them is of a matter, not of a meeting.
    rank = max(levels, key=lambda level: (levels[level], -level), default=0)
    starts: list[tuple[int, date | None]] = []
    latest = whole
    for block in dated:
        if block.level <= rank:
            latest = explicit(text[block.start : block.end], latest)
            starts.append((text.rfind("\n", 0, block.start) + 1, latest))
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, whole))
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return tuple(
        Part(start, end, day.isoformat() if day else None) for (start, day), end in zip(starts, ends, strict=True)
    )


def _day(known: str | None) -> date | None:
    try:
        return date.fromisoformat(known[:10]) if known else None
    except ValueError:
        return None
