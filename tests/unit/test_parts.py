"""Rolling documents: each dated part has its own date, and what is due is read from there."""

from __future__ import annotations

from askcv_pipelines.extractors import extractor
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Subject

ROLLING = """# 1:1 Ada / Bo, started 2025-11-03

Ground rules.

## 15 December 2025

- Ada: send the budget draft by Friday

## January 12

- Ada: book the room by January 20th

### Feedback on the March 3 release

- Ada: thank the testers by Friday

## 2026-02-02

Nothing.
"""


def test_a_rolling_document_falls_into_parts_at_its_dated_headings() -> None:
    document = read_bytes(ROLLING.encode(), "rolling.md", Subject("Ada Byron", ("Ada",)), kind="meeting_notes")
    assert [part.date for part in document.parts] == ["2025-11-03", "2025-12-15", "2026-01-12", "2026-02-02"]
    assert "".join(document.text[part.start : part.end] for part in document.parts) == ROLLING
    assert document.date_at(ROLLING.index("thank the testers")) == "2026-01-12"
    assert document.date_at(ROLLING.index("Ground rules")) == "2025-11-03"


def test_relative_dates_are_read_from_the_part_they_stand_in() -> None:
    document = read_bytes(ROLLING.encode(), "rolling.md", Subject("Ada Byron", ("Ada",)), kind="meeting_notes")
    due = {c.fields["title"]: c.fields.get("due_on") for c in extractor("rules").extract(document)}
    assert due["Send the budget draft by Friday"] == "2025-12-19"
    assert due["Book the room by January 20th"] == "2026-01-20"
    assert due["Thank the testers by Friday"] == "2026-01-16"


def test_without_any_date_there_is_one_part_without_a_date() -> None:
    document = read_bytes(b"# Notes\n\nI led the audit.\n", "n.md", Subject("Ada Byron"))
    assert [(part.start, part.end, part.date) for part in document.parts] == [(0, len(document.text), None)]


def test_a_front_matters_date_is_the_documents() -> None:
    raw = b"---\ndate: 2026-01-19\n---\n# Session\n\n- Ada: call the school by Friday\n"
    document = read_bytes(raw, "n.md", Subject("Ada Byron", ("Ada",)), kind="meeting_notes")
    assert document.date_at(len(document.text) - 1) == "2026-01-19"
