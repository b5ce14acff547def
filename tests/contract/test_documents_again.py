"""The same document once more: copied, saved anew, changed. What left once does not leave again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from askcv_pipelines import Pipeline, RunReport, Subject
from tests.conftest import Staging
from tests.extractors import BulletExtractor

NOTES = """\
# Done

- Wrote the handbook for new colleagues.
- Cut the build time by 35 % with a shared cache.

Some words between.

- Moved the billing service to Rust.
"""


class Notes:
    """A folder of notes, and ``sync`` of it."""

    def __init__(self, staging: Staging, folder: Path) -> None:
        self.staging, self.folder = staging, folder
        self.token = staging.token()

    def sync(self) -> RunReport:
        settings = self.staging.settings(self.token)
        with self.staging.client(self.token) as client:
            pipeline = Pipeline(Subject("Maya Lindqvist"), BulletExtractor(), now=self.staging.clock)
            return client.run(pipeline.run([self.folder], settings, client.retry))

    def staged(self) -> list[str]:
        with self.staging.backend.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT json_extract(payload, '$.content') FROM item ORDER BY seq").all()
        return [row[0] for row in rows]


@pytest.fixture
def notes(staging: Staging, tmp_path: Path) -> Notes:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "june.md").write_text(NOTES)
    found = Notes(staging, folder)
    assert found.sync().counts["submitted"] == 3
    return found


def test_a_second_copy_submits_nothing(notes: Notes) -> None:
    (notes.folder / "copy of june.md").write_text(NOTES)
    assert notes.sync().counts["submitted"] == 0
    assert len(notes.staged()) == 3


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_submit_nothing(notes: Notes, ending: str) -> None:
    (notes.folder / "june.md").write_bytes(("\ufeff" + NOTES.replace("\n", ending)).encode())
    report = notes.sync()
    assert (report.counts["submitted"], report.counts["known"]) == (0, 3)
    assert len(notes.staged()) == 3


def test_of_a_changed_document_only_what_changed_is_submitted(notes: Notes) -> None:
    before = notes.staged()
    changed = NOTES.replace("Moved the billing service to Rust.", "Mentored two apprentices through their exams.")
    (notes.folder / "june.md").write_text(changed.replace("Some words", "Some other words"))
    report = notes.sync()
    assert (report.counts["submitted"], report.counts["known"]) == (1, 2)
    assert notes.staged() == [*before, "Mentored two apprentices through their exams."]


def test_a_document_that_was_moved_renamed_or_touched_submits_nothing(notes: Notes) -> None:
    (notes.folder / "june.md").rename(notes.folder / "2026-06.md")
    os.utime(notes.folder / "2026-06.md", (1, 1))
    assert notes.sync().counts["submitted"] == 0


def test_a_document_that_is_gone_takes_nothing_back(notes: Notes) -> None:
    (notes.folder / "june.md").unlink()
    assert notes.sync().counts["submitted"] == 0
    (notes.folder / "june.md").write_text(NOTES)
    assert notes.sync().counts["submitted"] == 0
    assert len(notes.staged()) == 3


def test_what_was_approved_meanwhile_is_not_submitted_again(notes: Notes) -> None:
    notes.staging.approve_all()
    (notes.folder / "copy.md").write_text(NOTES)
    assert notes.sync().counts["submitted"] == 0
