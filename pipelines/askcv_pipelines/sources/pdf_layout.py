"""Lines on pages → paragraphs, bullets and headings, and what is repeated on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from askcv_pipelines.values import Block

BULLET = re.compile(r"(?:[-*+•◦‣▪●–·○■□➢✓]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]+(?=\S)|[•◦‣▪●○■➢\uf0b7][ \t]*(?=\S)")
TERMINAL = re.compile(r"[.!?:…][\"'”’)\]]*\Z")
DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–]?\s*\d{1,4}\s*(?:[-–]|(?:of|/)\s*\d{1,4})?\Z", re.IGNORECASE)
COLUMN = 36.0
EDGE_LINES = 2
"""How many lines at the top and at the bottom of a page can be a header or footer."""


@dataclass(frozen=True)
class Line:
    """A line: ``text[start:end]``, its page, and where it stands there, in points from the bottom left."""

    start: int
    end: int
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool


@dataclass(frozen=True)
class _Page:
    """What is usual in the document: how far lines are apart, how large they are, and where they end."""

    leading: float
    size: float
    right: float
    columns: Mapping[int, float]  # where lines end that begin at the same place, in steps of half an inch
    bold: bool  # most of the text is, so that it marks no heading

    def right_of(self, line: Line) -> float:
        return self.columns.get(round(line.left / COLUMN), self.right)


def layout_blocks(text: str, lines: Sequence[Line]) -> Iterator[Block]:
    """The blocks of a document, in order."""
    furniture = _furniture(text, lines)
    page = _usual(lines)
    run: list[Line] = []
    for at, line in enumerate(lines):
        apart = bool(run) and (at in furniture or _begins(text, run, line, page))
        if apart:
            yield _block(text, run, page)
            run = []
        if at in furniture:
            yield Block(line.start, line.end, "paragraph", zone="furniture")
        else:
            run.append(line)
    if run:
        yield _block(text, run, page)


def _usual(lines: Sequence[Line]) -> _Page:
    gaps = [a.baseline - b.baseline for a, b in pairwise(lines) if a.page == b.page]
    gaps = [gap for gap in gaps if gap > 1]
    weight = Counter[float]()
    ends: dict[int, list[float]] = {}
    for line in lines:
        ends.setdefault(round(line.left / COLUMN), []).append(line.right)
        weight[round(line.size * 2) / 2] += line.end - line.start
    size = weight.most_common(1)[0][0] if weight else 1.0
    bold = sum(line.end - line.start for line in lines if line.bold) * 2 > sum(line.end - line.start for line in lines)
    columns = {left: _usual_end(rights) for left, rights in ends.items() if len(rights) > 2}
    return _Page(_smallest_common(gaps), size, _usual_end([line.right for line in lines]), columns, bold)


def _usual_end(rights: list[float]) -> float:
    """Where full lines end; a few stick out."""
    return sorted(rights)[int(len(rights) * 0.9)] if rights else 0.0


def _smallest_common(gaps: Sequence[float]) -> float:
    """The distance of lines inside a paragraph: the smallest that is common, as many short ones stand far apart."""
    counts = Counter(round(gap) for gap in gaps)
    frequent = [gap for gap, count in counts.items() if count * 8 >= len(gaps)]
    return float(min(frequent)) if frequent else float(median(gaps)) if gaps else 1.0


def _furniture(text: str, lines: Sequence[Line]) -> set[int]:
    """The lines that stand, but for their numbers, at the top or bottom of at least half of the pages, or outermost on
    three, as chapters' names do; and page numbers."""
    pages: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        pages.setdefault(line.page, []).append(at)
    edges: list[tuple[int, tuple[str, str]]] = []
    for numbers in pages.values():
        top = numbers[:EDGE_LINES]
        # A page of one line has no header: it is the page.
        for at in dict.fromkeys([*top, *numbers[-EDGE_LINES:]]) if len(numbers) > 1 else ():
            edge = "top" if at in top else "bottom"
            edges.append((at, (edge, DIGITS.sub("#", _said(text, lines[at])).casefold())))
    counts = Counter(key for _, key in edges)
    repeated = max(2, (len(pages) + 1) // 2)
    outermost = {at for numbers in pages.values() if len(numbers) > 1 for at in (numbers[0], numbers[-1])}
    return {
        at
        for at, key in edges
        if counts[key] >= repeated
        or (at in outermost and (counts[key] >= 3 or PAGE_NUMBER.match(_said(text, lines[at]))))
    }


def _said(text: str, line: Line) -> str:
    return text[line.start : line.end].strip()


def _begins(text: str, run: Sequence[Line], line: Line, page: _Page) -> bool:
    """Whether ``line`` begins a block of its own, below the lines of ``run``."""
    before = run[-1]
    said, above = _said(text, line), _said(text, before)
    if BULLET.match(said) or abs(line.size - before.size) > 0.6 or (line.bold != before.bold and len(run) == 1):
        return True
    if line.page != before.page:
        return bool(TERMINAL.search(above)) or not said[:1].islower()
    gap = before.baseline - line.baseline
    if gap > page.leading * 1.35 + 1 or gap < -max(1.0, before.size):  # a blank line, or the next column
        return True
    if abs(gap) <= 1:  # beside it, on the same line: a cell of a table
        return line.left > before.right + 2 * line.size
    # The first word of this line would have fitted on the line above, which ends a sentence there.
    divided = above.endswith("-") and said[:1].islower()
    room = 0.0 if divided else page.right_of(before) - before.right
    first_word = (line.right - line.left) * (len(said.split(" ", 1)[0]) + 1) / max(1, len(said))
    if room > first_word + line.size and (TERMINAL.search(above) or room > (page.right_of(before) - before.left) * 0.4):
        return True
    hanging = bool(BULLET.match(_said(text, run[0])))
    if hanging:  # the second line of a bullet stands right of its sign; a line at the sign's own place is no part of it
        return line.left <= run[0].left + 1 and bool(TERMINAL.search(above))
    return line.left > before.left + line.size * 0.9 and bool(TERMINAL.search(above))


def _block(text: str, run: Sequence[Line], page: _Page) -> Block:
    first, start, end = run[0], run[0].start, run[-1].end
    said = text[start:end]
    if marker := BULLET.match(said):
        return Block(start + marker.end(), end, "item", level=1)
    ratio = first.size / page.size if page.size else 1.0
    short = len(said) <= 90 and len(run) <= 2 and not said.rstrip().endswith((".", ",", ";"))
    if short and (ratio > 1.12 or (first.bold and not page.bold) or (said.isupper() and len(said) > 3)):
        return Block(start, end, "heading", level=1 if ratio > 1.5 else 2 if ratio > 1.12 else 3)
    return Block(start, end, "paragraph")
