"""The journal: what this machine has read, queued, sent and heard of, in one SQLite file.

It is written before the network is used, so that a killed process leaves no doubt that is not on record. What belongs
to one tenant of one service is a partition; its batches are the ``outbox``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from askcv_agents.errors import JournalError
from askcv_pipelines.done import DoneActions
from askcv_pipelines.forgetting import Forgetting
from askcv_pipelines.journal_schema import MIGRATIONS
from askcv_pipelines.mirror import Mirror
from askcv_pipelines.outbox import Outbox
from askcv_pipelines.places import Places
from askcv_pipelines.redact import Names
from askcv_pipelines.values import DocumentInfo, Known, KnownState
from askcv_pipelines.withdrawal import Withdrawal

OUTCOME = """
    SELECT item.state, item.issues, batch.batch_id
    FROM item LEFT JOIN batch_item ON batch_item.item = item.id LEFT JOIN batch ON batch.id = batch_item.batch
    WHERE item.partition_id = ? AND item.fingerprint = ?
"""
DAMAGED = "Move the file away and run again: what the record holds is read from the service."


@dataclass(frozen=True)
class ItemOutcome:
    """Where an item stands: its state, the batch it left in, and what the service found wrong with it."""

    state: KnownState
    batch_id: str | None
    issues: tuple[dict[str, str], ...]


class Journal:
    """The journal file. ``now`` gives seconds since 1970.

    Raises:
        JournalError: the file cannot be opened, is damaged, or was written by a newer version; also later, where a
            statement fails for such a reason.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self.now = now
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)  # it holds people's documents: its owner alone reads it
            with FileLock(path.with_name(f"{path.name}.open.lock"), mode=0o600, timeout=30):
                self._open()
        except (OSError, Timeout) as error:
            raise JournalError(
                f"journal {path} cannot be opened: {error}",
                "Check that the folder can be written to, or use another with --state-dir.",
            ) from error

    def _open(self) -> None:
        self._db = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        self._db.row_factory = sqlite3.Row
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self.execute(f"PRAGMA {pragma}")
            version = self._known_version()
            for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
                with _readable(self.path):
                    self._db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")
        except BaseException:
            self._db.close()
            raise

    def _known_version(self) -> int:
        version = int(self.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise JournalError(f"journal {self.path} was written by a newer version", "Upgrade askcv-agents.")
        return version

    @contextmanager
    def partition(self, base_url: str, tenant: str) -> Iterator[Partition]:
        """What belongs to one tenant of one service, for one process at a time; the kernel frees a dead one's lock.

        Raises:
            JournalError: another process works on it.
        """
        name = hashlib.sha256(f"{base_url}\n{tenant}".encode()).hexdigest()[:16]
        lock = FileLock(self.path.with_name(f"{self.path.name}.{name}.lock"), mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise JournalError(
                "another askcv process is working on this record", "Wait for it to end, or stop it.", retryable=True
            ) from None
        try:
            with self.transaction():
                self.execute("INSERT OR IGNORE INTO partition (base_url, tenant) VALUES (?, ?)", base_url, tenant)
            row = self.execute("SELECT id FROM partition WHERE base_url = ? AND tenant = ?", base_url, tenant)
            yield Partition(self, row.fetchone()[0])
        finally:
            lock.release()

    def remember_tenant(self, base_url: str, token: str, tenant: str) -> None:
        """Whose record a token opens. ``token`` is a digest: the token itself is never kept."""
        with self.transaction():
            self.execute("INSERT OR REPLACE INTO account VALUES (?, ?, ?)", base_url, token, tenant)

    def tenant_of(self, base_url: str, token: str) -> str | None:
        """The tenant, where an earlier run learned it."""
        row = self.execute("SELECT tenant FROM account WHERE base_url = ? AND token = ?", base_url, token).fetchone()
        return str(row[0]) if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is on disk when this ends, or nothing."""
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

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Partition:
    """The part of the journal that belongs to one tenant of one service."""

    def __init__(self, journal: Journal, number: int) -> None:
        self._journal = journal
        self._id = number
        self.now = journal.now
        self.outbox = Outbox(journal, number)
        self.places = Places(journal, number)
        self.withdrawal = Withdrawal(journal, number)
        self.done = DoneActions(journal, number)
        self.forgetting = Forgetting(journal, number)

    def known(self) -> list[Known]:
        """Every item that this journal knows of and was not told to forget, in whatever state; in place of a grouped
        one its members, under its identity and in its state."""
        rows = self._journal.execute(
            "SELECT item.*, part.domain AS part_domain, part.payload AS part_payload, quote FROM item "
            "LEFT JOIN item_part AS part ON item = item.id WHERE partition_id = ? AND forgotten_at IS NULL "
            "ORDER BY item.id, position",
            self._id,
        )
        return [_known(row) for row in rows]

    def outcome(self, fingerprint: str) -> ItemOutcome | None:
        """What became of an item so far; None where the journal does not know it."""
        row = self._journal.execute(OUTCOME, self._id, fingerprint).fetchone()
        if row is None:
            return None
        return ItemOutcome(row["state"], row["batch_id"], tuple(json.loads(row["issues"] or "[]")))

    def mirror(self, domain: str) -> Mirror:
        """What the record holds in a domain, as last read."""
        return Mirror(self._journal, self._id, domain)

    def saw(self, document: DocumentInfo, extractor: str) -> None:
        """Notes that a document was read; its text is not kept."""
        with self._journal.transaction():
            self._journal.execute(
                "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, name = excluded.name",
                *(self._id, document.sha256, extractor, document.id, document.kind, self.now(), self.now()),
            )

    def names(self) -> Names | None:
        """What becomes of third parties' names in this record, where that was settled."""
        row = self._journal.execute("SELECT names FROM partition WHERE id = ?", self._id)
        found: Names | None = row.fetchone()[0]
        return found

    def settle_names(self, names: Names) -> None:
        """Remembers it for later runs: what is masked now is compared with what was masked then."""
        with self._journal.transaction():
            self._journal.execute("UPDATE partition SET names = ? WHERE id = ?", names, self._id)

    def documents(self) -> int:
        """How many different documents were read for this record."""
        row = self._journal.execute("SELECT count(DISTINCT sha256) FROM document WHERE partition_id = ?", self._id)
        return int(row.fetchone()[0])

    def counts(self) -> dict[str, int]:
        """How many items there are in each state."""
        rows = self._journal.execute(
            "SELECT state, count(*) FROM item WHERE partition_id = ? GROUP BY state ORDER BY state", self._id
        )
        return {row[0]: row[1] for row in rows}


def _known(row: sqlite3.Row) -> Known:
    if row["part_payload"] is None:
        domain, payload, passage = row["domain"], row["payload"], _quote(row["evidence"])
    else:
        domain, payload, passage = row["part_domain"], row["part_payload"], row["quote"]
    return Known(row["fingerprint"], domain, json.loads(payload), row["state"], passage)


def _quote(evidence: str | None) -> str:
    return str((json.loads(evidence or "null") or {}).get("quote") or "")


def default_path(state_dir: Path) -> Path:
    """Where the journal of a state folder lies."""
    return Path(os.path.normpath(state_dir)) / "journal.db"


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What SQLite says of a file, as a journal's error: the statement's values stay out of it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        locked = "locked" in said
        hint = "Another process writes to it: try again." if locked else DAMAGED if "no such" in said else (
            "Check that its disk has room and its folder can be written to."
        )  # fmt: skip
        raise JournalError(f"journal {path} cannot be used: {said}", hint, retryable=locked) from error
    except sqlite3.DatabaseError as error:
        raise JournalError(f"journal {path} is damaged: {error}", DAMAGED) from error
