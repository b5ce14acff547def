"""Cutting blocks along lines: what turns out to stand in another zone gets a block of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from askcv_pipelines.values import Block, BlockKind, Zone


@dataclass(frozen=True)
class Line:
    """A line of the text, with the zone and kind that its block has; None where no block stands on it."""

    start: int
    end: int  # without the line end and trailing blanks
    text: str
    zone: Zone | None = None
    kind: BlockKind | None = None

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Span:
    """Whole lines that are to be one block. ``kind`` None keeps the kinds, and the blocks, that stand there."""

    start: int
    end: int
    zone: Zone
    kind: BlockKind | None = None


def lines_of(text: str, blocks: Sequence[Block]) -> list[Line]:
    """The lines of ``text``. A line on which cells stand counts as one that no block stands on: tables stay whole."""
    lines = []
    start = at = 0
    for raw in text.split("\n"):
        content = raw.rstrip()
        end = start + len(content)
        while at < len(blocks) and blocks[at].end <= start:
            at += 1
        on_it = at < len(blocks) and blocks[at].start < end and blocks[at].kind != "cell"
        found = (blocks[at].zone, blocks[at].kind) if on_it else ()
        lines.append(Line(start, end, content, *found))
        start += len(raw) + 1
    return lines


def recut(text: str, blocks: Sequence[Block], spans: Iterable[Span]) -> list[Block]:
    """The blocks, cut where a span begins or ends; inside the spans they have the spans' zones.

    Spans are in order and do not overlap. What is left of a block below a span is a paragraph.
    """
    left = list(reversed(blocks))
    done: list[Block] = []
    for span in spans:
        while left and left[-1].end <= span.start:
            done.append(left.pop())
        inside: list[Block] = []
        while left and left[-1].start < span.end:
            block = left.pop()
            done.extend(_trimmed(text, block, block.start, span.start))
            inside.extend(_trimmed(text, block, max(block.start, span.start), min(block.end, span.end)))
            rest = replace(block, kind="paragraph" if block.kind != "code" else "code", checked=None)
            if block.end > span.end:
                left.extend(_trimmed(text, rest, span.end, block.end))
        if span.kind is None:
            done.extend(replace(block, zone=span.zone) for block in inside)
        else:
            whole = Block(span.start, span.end, span.kind, zone=span.zone)
            speaker = inside[0].speaker if inside else None
            done.extend(_trimmed(text, replace(whole, speaker=speaker), span.start, span.end))
    return done + left[::-1]


def _trimmed(text: str, block: Block, start: int, end: int) -> Iterator[Block]:
    """The part of a block between two places, without white space at its ends; nothing where none is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield replace(block, start=start, end=end)
