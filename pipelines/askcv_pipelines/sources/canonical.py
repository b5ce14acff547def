"""The canonical text of a format that is no text itself: passages in order, and the blocks that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from askcv_pipelines.values import Block, BlockKind

# Half a surrogate pair cannot be written as UTF-8, and NUL not be stored by every database. Both are decoding faults
# of the file; each is replaced by one character, so that offsets stay.
UNSTORABLE = re.compile("[\ud800-\udfff\x00]")


def storable(content: str) -> str:
    """``content`` of the same length, with what no file or database can hold replaced by U+FFFD."""
    return UNSTORABLE.sub("\ufffd", content)


def day(time: str | None) -> str | None:
    """The day of an ISO 8601 time; None where it is none, or none of the calendar."""
    try:
        return date.fromisoformat((time or "")[:10]).isoformat()
    except ValueError:
        return None


@dataclass
class Canonical:
    """Gathers passages; every block added lies inside the text, in order, without white space at its ends."""

    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    rows: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def add(self, content: str) -> int:
        """Adds text that is no block; where it starts."""
        start = self.length
        self.parts.append(storable(content))
        self.length += len(content)
        return start

    def block(self, content: str, kind: BlockKind = "paragraph", **known: Any) -> None:
        """Adds a passage on a line of its own, as one block; nothing where it is blank."""
        if content := content.strip():
            start = self.add(content + "\n")
            self.blocks.append(Block(start, start + len(content), kind, **known))

    def embed(self, content: str, blocks: Iterable[Block], **known: Any) -> None:
        """Adds a text that another reader has read, with its blocks; ``known`` is set on each of them."""
        start, first_row = self.add(content), self.rows
        for block in blocks:
            row = None if block.row is None else first_row + block.row
            self.rows = max(self.rows, row or 0)
            self.blocks.append(replace(block, start=block.start + start, end=block.end + start, row=row, **known))
        if not content.endswith("\n"):
            self.add("\n")
