"""Where a quote stands: exactly, else with white space, quotes, dashes and emphasis folded, else nearly, in the cited
sentences alone. What is found is the source's own stretch; a quote that changes a figure or a name is found nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from askcv_pipelines.extractors.llm.chunks import Chunk, Line

ALIKE = 0.95
"""How alike a quote and its stretch of the cited sentence are, at least."""
SHORTEST = 3
"""Fewer characters prove nothing."""
SAME = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...",
})  # fmt: skip
DROPPED = frozenset("*\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e")
"""Emphasis and what is not seen."""
ODD = re.compile(r"[*`\0-\x1f\x7f]|  |\A | \Z")
"""What plain ASCII text has where folding changes it."""
TOKEN = re.compile(r"\w+(?:['.,]\w+)*|[^\w\s]")
SMALL = frozenset("a an the , . ; : ' \" - ( ) and".split())
"""What a near quote may leave out or add."""


class Place(NamedTuple):
    """The source's interval, and the lines of the chunk (from 0) that it stands in."""

    start: int
    end: int
    first: int
    last: int


NotFound = Literal["quote_not_found", "quote_changed"]


@dataclass(frozen=True)
class Folded:
    """A text made comparable; ``origin[n]`` is where its character ``n`` stands in the text, the end included."""

    text: str
    origin: Sequence[int]


def fold(text: str) -> Folded:
    if text.isascii() and not ODD.search(text):
        return Folded(text, range(len(text) + 1))
    out: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        if char in DROPPED:
            continue
        if char.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                origin.append(at)
            continue
        plain = char.translate(SAME) if not char.isascii() or char == "`" else char
        if not plain.isascii():
            plain = unicodedata.normalize("NFKC", plain).translate(SAME)
        for one in plain:
            out.append(one)
            origin.append(at)
    if out and out[-1] == " ":
        out.pop()
        origin.pop()
    return Folded("".join(out), (*origin, (origin[-1] + 1) if origin else 0))


def locate(quote: str, cited: Sequence[int], chunk: Chunk) -> Place | NotFound:
    """Where the quote stands in the chunk. ``cited`` are the numbers of its sentences, from 1; a quote that stands
    word for word elsewhere, once, is found there too: models miscount."""
    wanted = fold(quote.strip().strip('"“”').strip())
    numbers = sorted({n - 1 for n in cited if 1 <= n <= len(chunk.lines)})
    runs = _runs(numbers, chunk)
    if len(wanted.text) < SHORTEST:
        return "quote_not_found"
    for first, last in runs:
        if found := _folded(wanted.text, first, last, chunk):
            return found
    elsewhere = [found for n in range(len(chunk.lines)) if (found := _folded(wanted.text, n, n, chunk))]
    if len(elsewhere) == 1:
        return elsewhere[0]
    verdict: NotFound = "quote_not_found"
    for first, last in runs:
        near = _nearly(wanted.text, first, last, chunk)
        if isinstance(near, Place):
            return near
        verdict = near if near == "quote_changed" else verdict
    return verdict


def _runs(numbers: Sequence[int], chunk: Chunk) -> list[tuple[int, int]]:
    """Neighbouring cited sentences of one block, which a quote may span; then each alone."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1 and chunk.lines[number].block == chunk.lines[number - 1].block:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs + [(n, n) for first, last in runs if last > first for n in range(first, last + 1)]


def _stretch(first: int, last: int, chunk: Chunk) -> tuple[int, str]:
    lines: tuple[Line, Line] = chunk.lines[first], chunk.lines[last]
    at = lines[0].at
    return at, chunk.view.text[at : lines[1].at + len(lines[1].text)]


def _folded(wanted: str, first: int, last: int, chunk: Chunk) -> Place | None:
    at, text = _stretch(first, last, chunk)
    place = text.find(wanted)
    if place >= 0:
        return _place(text, place, place + len(wanted), at, (first, last), chunk)
    held = fold(text)
    place = held.text.find(wanted)
    if place < 0:
        return None
    begin, end = held.origin[place], held.origin[place + len(wanted) - 1] + 1
    return _place(text, begin, end, at, (first, last), chunk)


def _place(text: str, begin: int, end: int, at: int, lines: tuple[int, int], chunk: Chunk) -> Place | None:
    """The interval, out to the ends of its words."""
    while begin > 0 and text[begin - 1].isalnum() and text[begin].isalnum():
        begin -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    start, stop = chunk.view.source(at + begin, at + end)
    return Place(start, stop, *lines) if start < stop else None


def _nearly(wanted: str, first: int, last: int, chunk: Chunk) -> Place | NotFound:
    at, text = _stretch(first, last, chunk)
    held = fold(text)
    matcher = SequenceMatcher(None, wanted, held.text, autojunk=False)
    block = matcher.find_longest_match()
    if block.size < 4:
        return "quote_not_found"
    begin = max(0, block.b - block.a)
    end = min(len(held.text), begin + len(wanted))
    best, span = 0.0, (begin, end)
    for more in range(-3, 4):
        window = held.text[begin : max(begin + 1, min(len(held.text), end + more))]
        ratio = SequenceMatcher(None, wanted, window, autojunk=False).ratio()
        if ratio > best:
            best, span = ratio, (begin, begin + len(window))
    if best < ALIKE:
        return "quote_not_found"
    found = _place(text, held.origin[span[0]], held.origin[span[1] - 1] + 1, at, (first, last), chunk)
    if found is None:
        return "quote_not_found"
    begin, end = chunk.view.here(found.start, found.end)
    return found if _slips(wanted, fold(chunk.view.text[begin:end]).text) else "quote_changed"


def _slips(ours: str, theirs: str) -> bool:
    """Whether two texts differ by slips of the pen alone: no figure, no capital letter and no whole word is another."""
    a, b = TOKEN.findall(ours), TOKEN.findall(theirs)
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left, right = a[a1:a2], b[b1:b2]
        if len(left) == len(right):
            if not all(_slip(x, y) for x, y in zip(left, right, strict=True)):
                return False
        elif not all(word.lower() in SMALL for word in (*left, *right)):
            return False
    return True


def _slip(one: str, other: str) -> bool:
    if any(c.isdigit() for c in one + other):
        return one == other
    if one.lower() == other.lower():
        return one[1:] == other[1:]
    if one.lower() in SMALL and other.lower() in SMALL:
        return True
    if one[:1].isupper() or other[:1].isupper() or min(len(one), len(other)) < 5:
        return False
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return alike >= 0.85 and (one[:2], one[-2:]) == (other[:2], other[-2:])
