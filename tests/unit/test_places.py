"""Moved and deleted documents, and globs, as a run sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from askcv_pipelines.sources.discovery import discover
from tests.conftest import Staging
from tests.unit.test_pipeline import notes, run

__all__ = ["notes"]


def told(staging: Staging, *paths: Path) -> list[str]:
    done = run(staging, *paths)
    return [note for note in done.report.notes if note.startswith(("Moved", "Deleted"))] + [
        f"submitted {done.counts['submitted']}"
    ]


def test_a_moved_document_submits_nothing_and_is_said_once(staging: Staging, notes: Path) -> None:
    assert told(staging, notes) == ["submitted 3"]
    (notes / "2026").mkdir()
    (notes / "june.md").rename(notes / "2026" / "06.md")
    assert told(staging, notes) == ["Moved: june.md: it is 2026/06.md now.", "submitted 0"]
    assert told(staging, notes) == ["submitted 0"]


def test_a_deleted_document_is_said_once_and_its_items_stay(staging: Staging, notes: Path) -> None:
    (notes / "other.md").write_text("- Wrote the onboarding guide.\n")
    told(staging, notes)
    (notes / "june.md").unlink()
    assert told(staging, notes) == ["Deleted: june.md; the 3 items it gave stay.", "submitted 0"]
    assert told(staging, notes) == ["submitted 0"]
    (notes / "june.md").write_text("# Done\n\n- Cut the build time by 35 %.\n")
    assert told(staging, notes) == ["submitted 0"]


def test_what_lies_beside_the_given_paths_is_neither_moved_nor_deleted(staging: Staging, notes: Path) -> None:
    (notes / "sub").mkdir()
    (notes / "sub" / "a.md").write_text("- Wrote the onboarding guide.\n")
    (notes / "b.txt").write_text("- Wrote the release notes.\n")
    told(staging, notes)
    assert told(staging, notes / "*.md") == ["submitted 0"]
    assert told(staging, notes / "sub") == ["submitted 0"]


def test_a_dry_run_says_what_was_moved_and_leaves_it_to_the_next_run(staging: Staging, notes: Path) -> None:
    from dataclasses import replace

    from tests.unit.test_pipeline import PIPELINE

    told(staging, notes)
    (notes / "june.md").rename(notes / "july.md")
    planned = run(staging, notes, pipeline=replace(PIPELINE, dry_run=True))
    assert "Moved: june.md: it is july.md now." in planned.report.notes
    assert told(staging, notes)[0].startswith("Moved")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.md", ["a.md", "b.md"]),
        ("**/*.md", ["a.md", "b.md", "deep/c.md"]),
        ("[a]*", ["a.md", "a.txt"]),
        ("d*", ["deep/c.md"]),
        ("*.png", []),
    ],
)
def test_a_glob_means_the_readable_documents_it_matches(tmp_path: Path, pattern: str, names: list[str]) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.md", "b.md", "a.txt", "deep/c.md", "x.png", ".hidden.md"):
        (tmp_path / name).write_text("- x\n")
    found = discover([tmp_path / pattern])
    assert [one.name for one in found.documents.values()] == names
    assert [failure.message.endswith("matches no readable document") for failure in found.failures] == [True] * (
        not names
    )


def test_a_file_whose_name_has_a_sign_of_globs_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "notes [1].md").write_text("- x\n")
    assert [one.name for one in discover([tmp_path / "notes [1].md"]).documents.values()] == ["notes [1].md"]
