"""Headings that plain text does not mark: a numbered line that begins a paragraph and ends without a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askcv_pipelines.values import Block

NUMBERED = re.compile(r"(?:[IVX]{1,4}|[A-H])[.)][ \t]+[A-Z][^\n.!?:;]{2,60}(?=\n|\Z)")


def with_headings(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; "II. Scholarship" at the top of a paragraph or bullet is a heading of its own."""
    for block in blocks:
        if block.kind in {"paragraph", "item"} and block.zone == "body":
            start = text.rfind("\n", 0, block.start) + 1
            line = NUMBERED.match(
                text, start if text[start : block.start].strip(" \t.)IVXABCDEFGH") == "" else block.start, block.end
            )
            if line and (line.end() < block.end or block.end - block.start < 62):
                yield Block(line.start(), line.end(), "heading", level=2)
                rest = line.end()
                while rest < block.end and text[rest].isspace():
                    rest += 1
                if rest < block.end:
                    yield replace(block, start=rest, kind="paragraph", level=0)
                continue
        yield block
