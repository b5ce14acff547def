"""The journal: what this machine has read, queued, sent and heard of, in one SQLite file.

It is written before the network is used, so that a killed process leaves no doubt that is not on record. What belongs
to one tenant of one service is a partition; its batches are the ``outbox``.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from askcv_agents.errors import JournalError
from askcv_agents.wire import LIMITS, Limit
from askcv_pipelines import journal_copy
from askcv_pipelines.journal_schema import MIGRATIONS
from askcv_pipelines.partition import Partition
from askcv_pipelines.redact import Names
from askcv_pipelines.trail import Trail


class Damaged(JournalError):
    """What SQLite found in the file is no journal, or not a whole one."""


class Journal:
    """The journal file. ``now`` gives seconds since 1970. A damaged or lost file is restored from its last good copy;
    ``restored`` then says so.

    Raises:
        JournalError: the file cannot be opened, is damaged without a good copy, or was written by a newer version; also
            later, where a statement fails for such a reason.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self.now = now
        self.restored = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(path.with_name(f"{path.name}.open.lock"), mode=0o600, timeout=30):
                self._open_or_restore()
        except (OSError, Timeout) as error:
            raise JournalError(
                f"journal {path} cannot be opened: {error}",
                "Check that the folder can be written to, or use another with --state-dir.",
            ) from error

    def _open_or_restore(self) -> None:
        copied = journal_copy.copy_of(self.path).exists()
        try:
            if not copied or (self.path.exists() and self.path.stat().st_size):
                self._open()
                return
        except Damaged:
            if not copied:
                raise
        kept = journal_copy.restore(self.path)
        self._open()
        batches = journal_copy.replay(self, self.path)
        self.restored = (
            f"The journal was {f'damaged (now {kept})' if kept else 'lost'} and is restored from its last good copy. "
            f"{batches} batches that left since are in it; those whose answer is not on record are unknown."
        )

    def _open(self) -> None:
        self.path.touch(mode=0o600)  # it holds people's documents: its owner alone reads it
        self._db = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self.execute(f"PRAGMA {pragma}")
            self._check()
            version = self._known_version()
            for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
                with _readable(self.path):
                    self._db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")
        except BaseException:
            self._db.close()
            raise

    def _check(self) -> None:
        found = self.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Damaged(f"journal {self.path} is damaged: {found}", journal_copy.WITHOUT_COPY)

    def _known_version(self) -> int:
        version = int(self.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise JournalError(f"journal {self.path} was written by a newer version", "Upgrade askcv-agents.")
        return version

    @contextmanager
    def partition(self, base_url: str, tenant: str, limit: Limit | None = LIMITS["import"]) -> Iterator[Partition]:
        """What belongs to one tenant of one service, for one process at a time; the kernel frees a dead one's lock.
        ``limit`` is the service's for imports.

        Raises:
            JournalError: another process works on it.
        """
        name = hashlib.sha256(f"{base_url}\n{tenant}".encode()).hexdigest()[:16]
        lock = FileLock(self.path.with_name(f"{self.path.name}.{name}.lock"), mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise self._held(base_url, tenant) from None
        except OSError as error:
            raise _unwritable(self.path, error.strerror) from error
        try:
            with self.transaction():
                self.execute(
                    "INSERT INTO partition (base_url, tenant, holder) VALUES (?, ?, ?) "
                    "ON CONFLICT DO UPDATE SET holder = excluded.holder",
                    *(base_url, tenant, os.getpid()),
                )
            row = self.execute("SELECT id FROM partition WHERE base_url = ? AND tenant = ?", base_url, tenant)
            left = Trail(self.path.with_name(f"{self.path.name}.{name}.sent"), base_url, tenant)
            part = Partition(self, row.fetchone()[0], limit, left)
            part.compare_clocks()
            if journal_copy.is_due(self.path, left, self.now()):
                part.copy()
            yield part
        finally:
            lock.release()

    def _held(self, base_url: str, tenant: str) -> JournalError:
        found = self.execute("SELECT holder FROM partition WHERE base_url = ? AND tenant = ?", base_url, tenant)
        row = found.fetchone()
        holder = f" (process {row[0]})" if row and row[0] else ""
        return JournalError(
            f"another askcv process{holder} is working on this record",
            "Wait for it to end, or stop it.",
            retryable=True,
        )

    def copy(self) -> None:
        """Makes the last good copy anew."""
        try:
            with _readable(self.path):
                journal_copy.make(self._db, self.path, self.now())
        except (OSError, Timeout) as error:
            raise _unwritable(self.path, str(error)) from error

    def remember_tenant(self, base_url: str, token: str, tenant: str) -> None:
        """Whose record a token opens. ``token`` is a digest: the token itself is never kept."""
        if self.tenant_of(base_url, token) != tenant:
            with self.transaction():
                self.execute("INSERT OR REPLACE INTO account VALUES (?, ?, ?)", base_url, token, tenant)

    def tenant_of(self, base_url: str, token: str) -> str | None:
        """The tenant, where an earlier run learned it."""
        row = self.execute("SELECT tenant FROM account WHERE base_url = ? AND token = ?", base_url, token).fetchone()
        return str(row[0]) if row else None

    def names_of(self, base_url: str, token: str) -> Names | None:
        """What becomes of third parties' names in that record, where that was settled."""
        row = self.execute(
            "SELECT names FROM partition JOIN account USING (base_url, tenant) WHERE base_url = ? AND token = ?",
            *(base_url, token),
        ).fetchone()
        found: Names | None = row[0] if row else None
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is on disk when this ends, or nothing. One within another is part of it."""
        if self._db.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self.execute("ROLLBACK")
            raise

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        with _readable(self.path):
            return self._db.execute(sql, values)

    def copy_to(self, target: Path) -> None:
        """Writes all of it to another database file, as it is now."""
        copy = sqlite3.connect(target)
        try:
            with _readable(self.path):
                self._db.backup(copy)
        finally:
            copy.close()

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _readable(self.path):
            self._db.executemany(sql, rows)

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def default_path(state_dir: Path) -> Path:
    """Where the journal of a state folder lies."""
    return Path(os.path.normpath(state_dir)) / "journal.db"


class _readable:  # noqa: N801 - it is used as a function
    """What SQLite says of a file, as a journal's error: the statement's values stay out of it."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, sqlite3.DatabaseError):
            raise _unusable(self.path, error) from error


def _unusable(path: Path, error: sqlite3.DatabaseError) -> JournalError:
    if not isinstance(error, sqlite3.OperationalError):
        hint = "Run again: it is then restored from its last good copy."
        if not journal_copy.copy_of(path).exists():
            hint = journal_copy.WITHOUT_COPY
        return Damaged(f"journal {path} is damaged: {error}", hint)
    if "locked" in str(error):
        hint = "Another process writes to it: try again."
        return JournalError(f"journal {path} cannot be used: {error}", hint, retryable=True)
    return _unwritable(path, str(error))


def _unwritable(path: Path, said: str | None) -> JournalError:
    return JournalError(
        f"journal {path} cannot be used: {said}", "Check that its disk has room and its folder can be written to."
    )
