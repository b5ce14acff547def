"""Chunks: a document's sections as a model is given them, sentences numbered, under a header that says who and when.

Only what the document itself says is in them: code, quotes of mail, signatures, forms' questions and navigation are
not, so that nothing of it can be cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from askcv_pipelines.extractors.llm.masked import Masked, masked
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Document

ENOUGH = 6_000
"""Characters from which a chunk ends with its section."""
MOST = 8_000
"""Characters that a chunk never exceeds."""
LONGEST = 2_000
"""A longer sentence is no sentence but a dump: it is cut at white space."""
NOT_SAID = frozenset({"code", "diff", "signature", "template", "furniture"})


@dataclass(frozen=True)
class Line:
    """A sentence as it leaves: ``text`` stands at ``at`` in the masked document. ``above`` is the line of headings and
    date over it, ``speaker`` who says it; both masked."""

    text: str
    at: int
    above: str
    speaker: str
    block: int


@dataclass(frozen=True)
class Chunk:
    """Lines of one document, in reading order, numbered from 1."""

    document: Document = field(repr=False)
    view: Masked = field(repr=False)
    header: str
    lines: tuple[Line, ...]

    @property
    def interval(self) -> tuple[int, int]:
        """Where it stands in the document."""
        start, _ = self.view.source(self.lines[0].at, self.lines[0].at + 1)
        last = self.lines[-1]
        return start, self.view.source(last.at, last.at + max(1, len(last.text)))[1]

    @property
    def where(self) -> str:
        """Its place, for a person: lines of the document."""
        start, end = self.interval
        first, last = (self.document.text.count("\n", 0, place) + 1 for place in (start, end))
        return f"line {first}" if first == last else f"lines {first} to {last}"

    @property
    def body(self) -> str:
        """The numbered sentences under their headings."""
        parts: list[str] = []
        above = None
        for number, line in enumerate(self.lines, start=1):
            if line.above != above:
                above = line.above
                parts.append(f"## {above}" if above else "##")
            said = f"({line.speaker} says) " if line.speaker else ""
            parts.append(f"[{number}] {said}{' '.join(line.text.split())}")
        return "\n".join(parts)

    def halves(self) -> tuple[Chunk, Chunk] | None:
        """The chunk in two, cut between sections where that is near the middle; None for a single line."""
        if len(self.lines) < 2:
            return None
        middle = len(self.lines) // 2
        borders = [n for n in range(1, len(self.lines)) if self.lines[n].above != self.lines[n - 1].above]
        near = min(borders, key=lambda n: abs(n - middle), default=middle)
        cut = near if abs(near - middle) <= len(self.lines) // 4 else middle
        return self.part(0, cut), self.part(cut, len(self.lines))

    def part(self, first: int, last: int) -> Chunk:
        return Chunk(self.document, self.view, self.header, self.lines[first:last])


def chunks(document: Document, redactor: Redactor) -> Iterator[Chunk]:
    """The chunks of a document; none where it says nothing."""
    view = masked(document.text, redactor)
    header = _header(document, redactor)
    gathered: list[Line] = []
    size = 0
    for _, section in groupby(_lines(document, view, redactor), key=lambda line: line.above):
        lines = list(section)
        length = _length(lines)
        if gathered and (size >= ENOUGH or size + length > MOST):
            yield Chunk(document, view, header, tuple(gathered))
            gathered, size = [], 0
        for line in lines:
            if gathered and size + _length((line,)) > MOST:
                yield Chunk(document, view, header, tuple(gathered))
                gathered, size = [], 0
            gathered.append(line)
            size += _length((line,))
    if gathered:
        yield Chunk(document, view, header, tuple(gathered))


def _length(lines: Sequence[Line]) -> int:
    return sum(len(line.text) + len(line.speaker) + 16 for line in lines) + len(lines[0].above) * (len(lines) > 1)


def _header(document: Document, redactor: Redactor) -> str:
    subject = document.subject
    about = subject.name or "the author, who writes in the first person"
    also = f" (also: {', '.join(subject.aliases)})" if subject.aliases else ""
    kind = document.kind.replace("_", " ")
    date = document.date or next((part.date for part in document.parts if part.date), None)
    lines = [f"Document: {kind}", f"About: {about}{also}", f"Date: {date or 'not known'}"]
    return redactor.text("\n".join(lines))[0]


def _lines(document: Document, view: Masked, redactor: Redactor) -> Iterator[Line]:
    known: dict[str, str] = {}

    def mask(text: str) -> str:
        if text not in known:
            known[text] = redactor.text(" ".join(text.split()), any_case=True)[0]
        return known[text]

    skipped = NOT_SAID | ({"quote"} if document.kind == "code_review" else set())
    day = None
    for sentence in document.sentences:
        block = document.blocks[sentence.block]
        if block.zone in skipped:
            continue
        if len(document.parts) > 1:
            day = document.date_at(sentence.start)
        above = " › ".join(block.section[-3:])
        if block.header:
            above = f"{above} › column “{block.header}”" if above else f"column “{block.header}”"
        above = mask(above) + (f" (dated {day})" if day else "")
        speaker = mask(block.speaker) if block.speaker else ""
        at, until = view.here(sentence.start, sentence.end)
        for start, end in _cut(view.text, at, until):
            yield Line(view.text[start:end], start, above, speaker, sentence.block)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        yield start, cut
        start = cut + (space > 0)
    if text[start:end].strip():
        yield start, end
