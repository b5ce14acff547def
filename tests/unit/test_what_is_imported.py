"""A run imports what it comes to: what waits leaves as it was queued, and what is known needs no index."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Staging
from tests.unit.test_cli import askcv, at

CODE = """
import sys
from askcv_agents.cli import main
sys.argv = ["askcv", "sync", *sys.argv[1:]]
try:
    main()
finally:
    print("imported:", *sorted(sys.modules))
"""
MODELS = {"pydantic", "askcv_agents.wire.models", "askcv_agents.domains.payloads"}
COMPARISON = {"askcv_pipelines.dedup.known", "askcv_pipelines.packing", "askcv_pipelines.grouping"}
INDEX = {"numpy", "askcv_pipelines.dedup.index"}
READING = {"askcv_pipelines.sources", "askcv_pipelines.reading", "askcv_pipelines.extractors", "markdown_it"}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "june.md").write_text("# Done\n\n- I cut the build time by 35 %.\n- I wrote the handbook.\n")
    return tmp_path / "notes"


def synced(staging: Staging, *arguments: str | Path) -> tuple[str, set[str]]:
    """What a run says, and what it imported."""
    command = [sys.executable, "-c", CODE, *map(str, arguments)]
    done = subprocess.run(command, env=os.environ | at(staging), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said, _, imported = done.stdout.rpartition("imported: ")
    return said, set(imported.split())


def test_without_paths_what_waits_leaves_and_nothing_is_loaded_to_read_or_compare(
    staging: Staging, notes: Path
) -> None:
    assert "submitted 2 " in synced(staging, notes, "--subject", "Maya Lindqvist")[0]
    (notes / "july.md").write_text("# Done\n\n- I trained four colleagues.\n")
    queued = askcv("sync", notes, "--subject", "Maya Lindqvist", "--offline", **at(staging))
    assert "1 item waits" in queued.stdout, queued.stdout + queued.stderr
    said, imported = synced(staging)
    assert "submitted 1 " in said
    assert imported & (MODELS | COMPARISON | INDEX | READING) == set()
    assert "submitted 0" in synced(staging)[0]


def test_a_document_that_gives_nothing_loads_no_model_and_no_comparison_and_asks_nothing(
    staging: Staging, tmp_path: Path
) -> None:
    (tmp_path / "empty.md").write_text("# Nothing new\n")
    said, imported = synced(staging, tmp_path / "empty.md", "--subject", "Maya Lindqvist")
    assert imported & (MODELS | COMPARISON | INDEX) == set()
    assert said.splitlines() == ["submitted 0 · known 0 · review 0 · rejected 0"]


def test_the_note_about_names_comes_with_the_first_items(staging: Staging, notes: Path) -> None:
    said, _ = synced(staging, notes, "--subject", "Maya Lindqvist")
    assert "Names of third parties were kept" in said


def test_documents_whose_items_are_known_need_no_index_of_what_is_known(staging: Staging, notes: Path) -> None:
    assert "submitted 2 " in synced(staging, notes, "--subject", "Maya Lindqvist")[0]
    said, imported = synced(staging, notes, "--subject", "Maya Lindqvist")
    assert "submitted 0 · known 2" in said
    assert imported & INDEX == set()


def test_nothing_can_be_followed_without_documents(staging: Staging) -> None:
    done = askcv("sync", "--watch", **at(staging))
    assert done.returncode == 2
    assert "--watch needs PATHS" in done.stderr
