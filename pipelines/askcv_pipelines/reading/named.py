"""Who a document names as its people: its speakers, its author, and those who attended."""

from __future__ import annotations

from collections.abc import Sequence

from askcv_pipelines.reading.attendance import attendance
from askcv_pipelines.reading.speakers import HEADERS, LABELS, is_bot
from askcv_pipelines.values import Block


def named_people(text: str, blocks: Sequence[Block], author: str | None) -> tuple[str, ...]:
    """Names as they are written there, each once; the person whose record it is may be among them."""
    found: dict[str, None] = {}
    for name in (author, *(block.speaker for block in blocks), *attendance(text, blocks)):
        if name and not is_bot(name) and name.lower().strip() not in LABELS | HEADERS:
            found[name.strip()] = None
    return tuple(found)
