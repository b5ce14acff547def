"""The journal's file: opened by many at once, damaged, newer, unwritable: said plainly, and nobody else can read it."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from askcv_agents.errors import JournalError
from askcv_pipelines.journal import Journal


def opened(path: Path) -> bool:
    Journal(path).close()
    return True


def test_many_processes_may_open_a_new_journal_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        assert all(pool.map(opened, [tmp_path / f"{n // 4}.db" for n in range(40)]))


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    Journal(tmp_path / "state" / "journal.db").close()
    for path in (tmp_path / "state").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_file_that_is_no_journal_is_said_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"something else entirely, longer than a header of a database" * 20)
    before = path.read_bytes()
    with pytest.raises(JournalError, match="damaged") as caught:
        Journal(path)
    assert "Move the file away" in caught.value.hint
    assert path.read_bytes() == before


def test_damage_that_shows_later_is_said_as_well(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(path).close()
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    with pytest.raises(JournalError, match="journal"):
        use(path)


def use(path: Path) -> None:
    with Journal(path) as journal, journal.partition("https://a.example", "t") as partition:
        partition.known()
        partition.outbox.open_batches()
        journal.execute("SELECT * FROM document").fetchall()


def test_a_journal_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    Journal(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(JournalError, match="newer version"):
        Journal(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(JournalError, match="cannot be opened") as caught:
        Journal(tmp_path / "file" / "journal.db")
    assert "--state-dir" in caught.value.hint


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def failing(journal: Journal) -> None:
        with journal.transaction():
            journal.execute("INSERT INTO partition (base_url, tenant) VALUES ('a', 'b')")
            raise RuntimeError

    with Journal(tmp_path / "journal.db") as journal:
        with pytest.raises(RuntimeError):
            failing(journal)
        assert journal.execute("SELECT count(*) FROM partition").fetchone()[0] == 0
