"""Lines that are nothing but a name ("[Omar]:", "**Ada**:"): who says what stands below them, in notes of a meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askcv_pipelines.names import given_name
from askcv_pipelines.reading.attendance import attendance
from askcv_pipelines.reading.sections import with_sections
from askcv_pipelines.values import Block

LINE = re.compile(
    r"[*_]{0,2}(?:\[@?(?P<bracketed>[^\W\d_][^\[\]:\n]{1,40})\][*_]{0,2}:?|"
    r"@?(?P<plain>[^\W\d_][\w.'’ -]{1,40}?)[*_]{0,2}:)[*_]{0,2}[ \t]*(?:\n+\s*|\Z)"
)


def under_names(text: str, blocks: Sequence[Block], known: Sequence[str] = ()) -> Iterator[Block]:
    """The blocks; below a line with the name of somebody who attends or is ``known``, they are said by that person:
    a list to its end, prose to the next label or heading.

    Only names that the document lists count: "Decisions:" looks like a name too.
    """
    names = _names([*attendance(text, with_sections(text, blocks)), *known])
    speaker: str | None = None
    said: str | None = None  # the kind of block that the speaker began with
    for block in blocks:
        line = LINE.match(text, block.start, block.end) if block.kind == "paragraph" and not block.speaker else None
        label = (line["bracketed"] or line["plain"]) if line else None
        if label and label.lower() in names and line:
            speaker, said = label, "paragraph" if line.end() < block.end else None
            yield replace(block, start=line.end() if said else block.start, speaker=speaker)
            continue
        ends = block.kind in {"heading", "cell"} or block.speaker or (said == "item" and block.kind != "item")
        if ends or line or text[block.start : block.end].rstrip("*_ ").endswith(":") or block.zone != "body":
            speaker = None
        said = said or block.kind
        yield replace(block, speaker=speaker) if speaker else block


def _names(listed: Sequence[str]) -> frozenset[str]:
    """The names and given names, in small letters."""
    both = {part for name in listed for part in (name, given_name(name)) if part}
    return frozenset(name.lower().lstrip("@") for name in both)
