"""Patches that nothing marks as such: hunks without a header, and the summary of which files are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from askcv_pipelines.reading.spans import Line, Span

STAT = re.compile(
    r" ?\S[^\n|]{0,120}\|[ \t]+(?:\d+ ?[+-]*|Bin\b[^\n]*)\Z|[ \t]*\d+ files? changed\b[^\n]*\Z"
    r"|[ \t]*(?:(?:create|delete) mode \d+|mode change \d+ => \d+|(?:rename|copy) \S+ =>|rewrite) ?\S[^\n]*\Z"
)
DASHES = re.compile(r"-{3}\Z")
SCISSORS = re.compile(r"[-\s]*(?:>8|8<|cut here)[-\s]*-[-\s]*\Z")
CHANGED = re.compile(r"[-+](?:\S|\s{2,}\S|\t)")
IN_HUNK = ("+", "-", " ", "@", "\t", "\\")


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Body lines that follow each other without a blank one between them."""
    run: list[Line] = []
    for line in lines:
        if line.zone == "body" and not line.blank:
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def hunk_spans(lines: Sequence[Line]) -> Iterator[Span]:
    """Hunks without the header that marks a patch: lines removed and added, perhaps with unchanged ones around."""
    for run in _runs(lines):
        hunk: list[Line] = []
        for line in [*run, Line(0, 0, "")]:
            if line.text.startswith(IN_HUNK) and not SCISSORS.match(line.text):
                hunk.append(line)
                continue
            signs = {line.text[0] for line in hunk}
            if {"+", "-"} <= signs and any(CHANGED.match(line.text) for line in hunk):
                yield Span(hunk[0].start, hunk[-1].end, "diff", "code")
            hunk = []
        yield from (Span(line.start, line.end, "diff", "code") for line in run if SCISSORS.match(line.text))


def summary_spans(lines: Sequence[Line]) -> Iterator[Span]:
    """Which files a patch changes, with the dashes above that end the commit's message."""
    start: int | None = None
    end = 0
    for before, line in pairwise([Line(0, 0, ""), *lines, Line(0, 0, "")]):
        if line.zone == "body" and STAT.match(line.text):
            start = start if start is not None else before.start if DASHES.match(before.text) else line.start
            end = line.end
        elif start is not None:
            yield Span(start, end, "diff", "code")
            start = None
