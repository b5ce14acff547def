"""Zones that the format does not mark: code and patches in threads, signatures, footers, bots, prompts of forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from askcv_agents.wire import SourceKind
from askcv_pipelines.reading.frames import frame_spans, reported, shortlog_spans, with_omissions
from askcv_pipelines.reading.patches import hunk_spans, summary_spans
from askcv_pipelines.reading.program_text import code_spans
from askcv_pipelines.reading.prompts import prompt_spans, prompting
from askcv_pipelines.reading.signatures import signed
from askcv_pipelines.reading.spans import Line, Span, lines_of, recut
from askcv_pipelines.reading.speakers import is_bot
from askcv_pipelines.values import Block

Finder = Callable[[Sequence[Line]], Iterator[Span]]

EVERYWHERE: tuple[Finder, ...] = (frame_spans,)
IN_THREADS: tuple[Finder, ...] = (shortlog_spans, hunk_spans, summary_spans, code_spans)
IN_FORMS: tuple[Finder, ...] = (prompt_spans,)


def with_zones(text: str, blocks: Sequence[Block], kind: SourceKind) -> tuple[Block, ...]:
    """The blocks, what is none of the document's own words set apart. Speakers and sections are known already.

    Blocks are cut where a zone ends inside them; none is lost, and no text moves.
    """
    found = [replace(b, zone="furniture") if b.zone == "body" and is_bot(b.speaker) else b for b in blocks]
    if kind == "code_review":
        found = list(reported(text, found))
    lists = {"code_review": IN_THREADS, "performance_review": IN_FORMS}
    for finder in EVERYWHERE + lists.get(kind, ()):
        found = recut(text, found, sorted(finder(lines_of(text, found)), key=lambda span: span.start))
    if kind == "code_review":
        found = list(with_omissions(text, found))
    return tuple(prompting(text, list(signed(text, found)), review=kind == "performance_review"))
