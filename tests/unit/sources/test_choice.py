"""Which source reads a document, and what is refused before one does."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from askcv_agents.errors import SourceError
from askcv_pipelines import sources
from tests.unit.sources import (
    test_csv_export,
    test_docx,
    test_html,
    test_mail,
    test_markdown,
    test_notion,
    test_pdf,
    test_review,
    test_text,
    test_transcript,
    test_webvtt,
)
from tests.unit.sources.documents import as_json, word, zipped

FORMATS = {
    "csv": test_csv_export.WIDE.replace(";", ",").encode(),
    "docx": word(test_docx.review),
    "html": test_html.PAGE.encode(),
    "mail": test_mail.REPLY.encode(),
    "markdown": test_markdown.NOTE.encode(),
    "notion": zipped(test_notion.PAGES),
    "pdf": test_pdf.REVIEW,
    "review": as_json(test_review.COMMENTS),
    "text": test_text.NOTES.encode(),
    "transcript": test_transcript.FORMS["teams"].encode(),
    "webvtt": test_webvtt.ZOOM.encode(),
}


def test_every_source_is_declared_and_has_a_sample() -> None:
    assert {source.name for source in sources.sources()} == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_without_an_ending_is_recognised_by_its_first_bytes(name: str) -> None:
    assert sources.choose("document", FORMATS[name]).name == name


@pytest.mark.parametrize("name", FORMATS)
def test_the_ending_decides_whatever_the_case(name: str) -> None:
    suffix = next(source.suffixes[0] for source in sources.sources() if source.name == name)
    assert sources.choose(f"DOCUMENT{suffix.upper()}", FORMATS[name]).name == name


def test_a_forced_format_is_used_and_an_unknown_one_is_refused() -> None:
    assert sources.choose("notes.bin", b"Hello.", "text").name == "text"
    with pytest.raises(SourceError, match="unknown format 'word'"):
        sources.choose("notes.bin", b"Hello.", "word")


def test_what_nothing_reads_says_what_is_readable() -> None:
    with pytest.raises(SourceError, match=r"song\.mp3: no source reads \.mp3 files") as caught:
        sources.choose("song.mp3", b"ID3")
    assert ".docx" in caught.value.hint


def test_a_document_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 3)
    path = tmp_path / "notes.txt"
    path.write_bytes(b"Hello.")
    for attempt in (lambda: sources.load(path), lambda: sources.choose("notes.txt", b"Hello.")):
        with pytest.raises(SourceError, match=r"notes\.txt: .* too large"):
            attempt()


@pytest.mark.parametrize("suffix", sorted(sources.suffixes()))
@pytest.mark.parametrize("raw", [b"\n \n", b"\xef\xbb\xbf", b"\xff\xfe\n\x00", "Prüfung".encode("latin-1")], ids=repr)
def test_an_empty_or_wrongly_encoded_document_is_named(suffix: str, raw: bytes) -> None:
    name = f"document{suffix}"
    with pytest.raises(SourceError, match=rf"document\{suffix}: ") as caught:
        sources.choose(name, raw).read(raw, name)
    assert caught.value.hint or "binary" in caught.value.message


@pytest.mark.parametrize(("name", "library"), [("pdf", "pypdfium2"), ("docx", "docx")])
def test_without_its_library_a_format_says_what_to_install(
    name: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = builtins.__import__

    def refused(module: str, *rest: Any) -> Any:
        if module.split(".", 1)[0] == library:
            raise ImportError(module)
        return imported(module, *rest)

    monkeypatch.setattr(builtins, "__import__", refused)
    with pytest.raises(SourceError) as caught:
        sources.choose(f"review.{name}", FORMATS[name]).read(FORMATS[name], f"review.{name}")
    assert caught.value.hint == "pip install 'askcv-agents[documents]'"
