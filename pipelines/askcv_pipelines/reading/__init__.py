"""Reading: what a source gave → ``Document``, with sections, zones, sentences, kind, voice and subject."""

from __future__ import annotations

import hashlib
from pathlib import Path

from askcv_agents.wire import SourceKind
from askcv_pipelines import sources
from askcv_pipelines.reading.commenters import with_commenters
from askcv_pipelines.reading.headings import with_headings
from askcv_pipelines.reading.kinds import guessed_kind
from askcv_pipelines.reading.named import named_people
from askcv_pipelines.reading.parts import dated_parts
from askcv_pipelines.reading.sections import with_sections
from askcv_pipelines.reading.sentences import block_sentences
from askcv_pipelines.reading.speakers import with_speakers
from askcv_pipelines.reading.subject import Opening, Whose, resolved
from askcv_pipelines.reading.voice import voice_of
from askcv_pipelines.reading.zones import with_zones
from askcv_pipelines.values import Document, Subject


def read(
    path: Path,
    whose: Whose = None,
    *,
    kind: SourceKind | None = None,
    format: str | None = None,
    name: str | None = None,
) -> Document:
    """The document at ``path``, for whoever it is about. ``kind`` and ``format`` are recognised unless given; ``name``
    is what it is called in evidence and messages, by default its file name.

    Raises:
        SourceError: it cannot be read, or whose record it speaks for is not known; the message names the file.
    """
    return read_bytes(sources.load(path), name or path.name, whose, kind=kind, format=format, path=path)


def read_bytes(
    raw: bytes,
    name: str,
    whose: Whose = None,
    *,
    kind: SourceKind | None = None,
    format: str | None = None,
    path: Path | None = None,
) -> Document:
    """``read`` for bytes, which may lie at ``path``."""
    source = sources.choose(name, raw, format)
    found = source.read(raw, name)
    kind = kind or guessed_kind(source.name, name, found.text, found.blocks)
    headed = tuple(with_headings(found.text, found.blocks))
    if kind == "code_review":
        headed = with_commenters(found.text, headed)
    known = whose.names if isinstance(whose, Subject) else ()
    said = with_sections(found.text, with_speakers(found.text, headed, kind, known))
    blocks = with_sections(found.text, with_zones(found.text, said, kind))
    voice = voice_of(found.text, blocks, kind, whose if isinstance(whose, Subject) else None)
    opening = Opening.of(path or Path(name), name, found, blocks)
    sentences = tuple(
        sentence
        for index, block in enumerate(blocks)
        if block.kind not in {"heading", "code"}
        for sentence in block_sentences(found.text, block, index, noted=kind != "code_review")
    )
    return Document(
        id=name,
        kind=kind,
        text=found.text,
        blocks=blocks,
        sentences=sentences,
        subject=resolved(whose, opening, kind, voice),
        sha256=hashlib.sha256(raw).hexdigest(),
        voice=voice,
        date=found.date,
        parts=dated_parts(found.text, blocks, found.date),
        title=found.title,
        named=named_people(found.text, blocks, found.author),
    )
