"""The journal as one file that moves to another machine: a copy of the database, checked on both sides.

No token is in it, nor what tells whose record a token opens. Two machines at once are not promised: the service has no
way to list batches, so neither would know what the other sent.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from askcv_agents.errors import ConfigError, JournalError
from askcv_pipelines.journal import Journal
from askcv_pipelines.merging import Merged, merge

APPLICATION_ID = 0x61736B63
"""Marks a file as a journal that was exported ("askc")."""
STAYS = ("account", "transfer")
"""Tables that do not move: digests of tokens, and the file's own seal."""


@dataclass(frozen=True)
class Moved:
    """What a file holds."""

    items: int
    batches: int
    waiting: int
    unknown: int


def export_journal(source: Path, target: Path) -> Moved:
    """Writes the journal to ``target``, readable by its owner alone.

    Raises:
        ConfigError: the file exists, or cannot be written.
        JournalError: another process works on the journal.
    """
    if target.exists():
        raise ConfigError(f"{target} exists", "Name a file that does not: nothing is overwritten.")
    part = target.with_name(f"{target.name}.part")
    try:
        with Journal(source) as journal, _at_rest(journal):
            part.touch(mode=0o600)
            journal.copy_to(part)
        with closing(_opened(part)) as copy:
            moved = _sealed(copy)
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"{target} cannot be written: {error}", "Check the folder and the room on its disk."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return moved


def import_journal(file: Path, target: Path) -> Moved:
    """Takes a file over as this machine's journal.

    Raises:
        ConfigError: the file is none that was exported, is damaged, or was changed.
        JournalError: this machine's journal has items already, or a process works on it.
    """
    with _checked_copy(file, target) as (copy, moved), Journal(copy) as source, Journal(target) as journal:
        if any(journal.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("item", "batch")):  # noqa: S608
            raise JournalError(
                f"journal {target} has items already",
                "Say --merge to take in what it does not know, or import into an empty folder: --state-dir FOLDER.",
            )
        with _at_rest(journal), journal.transaction():
            journal.execute("PRAGMA defer_foreign_keys = ON")
            tables = [name for name in _tables(journal) if name not in STAYS]
            for table in reversed(tables):
                journal.execute(f"DELETE FROM {table}")  # noqa: S608 - names of the journal's own tables
            for table in tables:
                _copy(table, source, journal)
    return moved


def merge_journal(file: Path, target: Path) -> Merged:
    """Takes what a file holds into this machine's journal, which keeps what it knows. See ``merging``.

    Raises:
        ConfigError: the file is none that was exported, is damaged, or was changed.
        JournalError: a process works on this machine's journal.
    """
    with _checked_copy(file, target) as (copy, _), Journal(copy) as source, Journal(target) as journal:
        with _at_rest(source), _at_rest(journal):
            merged = merge(source, journal)
        journal.copy()  # one that was made before knows nothing of what left from the other machine
    return merged


def _copy(table: str, source: Journal, target: Journal) -> None:
    """The rows of a table, by the names of its columns. Both journals are of this version."""
    columns = [row["name"] for row in target.execute(f"PRAGMA table_info({table})")]
    names = ", ".join(columns)
    marks = ", ".join("?" for _ in columns)
    for row in source.execute(f"SELECT {names} FROM {table} ORDER BY rowid"):  # noqa: S608
        target.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", *row)  # noqa: S608


@contextmanager
def _at_rest(journal: Journal) -> Iterator[None]:
    """No other process works on any of its partitions; what one that ended was sending may be staged."""
    partitions = journal.execute("SELECT base_url, tenant FROM partition").fetchall()
    with ExitStack() as stack:
        for row in partitions:
            part = stack.enter_context(journal.partition(row["base_url"], row["tenant"]))
            part.outbox.left_behind()
        yield


def _sealed(copy: sqlite3.Connection) -> Moved:
    """Takes out what stays, and writes down what is in the file."""
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.execute("PRAGMA secure_delete = ON")
    copy.execute("DELETE FROM account")
    copy.execute("DROP TABLE IF EXISTS transfer")
    copy.execute("CREATE TABLE transfer (digest TEXT NOT NULL)")
    copy.execute("INSERT INTO transfer VALUES (?)", (_digest(copy),))
    copy.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    copy.commit()
    copy.execute("VACUUM")
    return _counted(copy)


@contextmanager
def _checked_copy(file: Path, target: Path) -> Iterator[tuple[Path, Moved]]:
    """A copy of the file beside the journal, once it has proved to be whole: opening it may bring it up to date."""
    copy = target.with_name(f"{target.name}.import")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy.touch(mode=0o600)
        shutil.copyfile(file, copy)
        with closing(_opened(copy)) as opened:
            yield_of = _proved(opened, file)
        yield copy, yield_of
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}", "Check the path.") from error
    finally:
        for left in target.parent.glob(f"{copy.name}*"):
            left.unlink(missing_ok=True)


def _proved(opened: sqlite3.Connection, file: Path) -> Moved:
    wrong = ConfigError(f"{file} is no journal that was exported whole", "Make it again with `askcv journal export`.")
    try:
        if opened.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise wrong
        if [row[0] for row in opened.execute("PRAGMA integrity_check")] != ["ok"]:
            raise wrong
        if opened.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise wrong
        if opened.execute("SELECT digest FROM transfer").fetchone()[0] != _digest(opened):
            raise wrong
        return _counted(opened)
    except (sqlite3.Error, TypeError) as error:
        raise wrong from error


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(os.fspath(path))


def _counted(db: sqlite3.Connection) -> Moved:
    def count(sql: str) -> int:
        return int(db.execute(sql).fetchone()[0])

    items = "SELECT count(*) FROM item"
    return Moved(
        count(items),
        count("SELECT count(*) FROM batch"),
        count(f"{items} WHERE state = 'queued'"),
        count(f"{items} WHERE state = 'unknown'"),
    )


def _digest(db: sqlite3.Connection) -> str:
    """A digest of every row that moves."""
    digest = hashlib.sha256()
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for table in names:
        if table in STAYS or table.startswith("sqlite_"):
            continue
        digest.update(f"\x1d{table}".encode())
        for row in db.execute(f"SELECT * FROM {table} ORDER BY rowid"):  # noqa: S608
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _tables(journal: Journal) -> list[str]:
    """The journal's tables, each behind those that it refers to: so they were made."""
    rows = journal.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    return [row["name"] for row in rows if not row["name"].startswith("sqlite_")]
