"""The journal: what this machine has read, queued, sent and heard of, in one SQLite file.

It is written before the network is used: a batch is ``sending`` on disk before its first byte leaves, so that a killed
process leaves no doubt that is not on record. States of a batch: ``queued → sending → accepted → reviewed``,
``refused``, ``unknown`` (it left, and no readable answer came).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from askcv_agents.errors import JournalError
from askcv_agents.wire import MAX_IMPORT_ITEMS, Receipt, StatusAnswer
from askcv_pipelines.journal_schema import MIGRATIONS
from askcv_pipelines.values import Batch, BatchItem, DocumentInfo, Known, KnownState

_REVIEWED: dict[str, KnownState] = {"approved": "approved", "rejected": "declined"}


@dataclass(frozen=True)
class QueuedItem:
    """An item on its way out, with the decision that let it through."""

    item: BatchItem
    decision: str
    why: str


@dataclass(frozen=True)
class OpenBatch:
    """A batch that is not reviewed to its end, and how many of its items are in each state."""

    key: str
    state: str
    batch_id: str | None
    detail: str
    created_at: float
    items: dict[str, int]


class Journal:
    """The journal file. ``now`` gives seconds since 1970.

    Raises:
        JournalError: the file cannot be opened, is no journal, or was written by a newer version.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self.path = path
        self.now = now
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)  # it holds people's documents: its owner alone reads it
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._db.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            self._migrate()
        except (OSError, sqlite3.Error) as error:
            raise JournalError(
                f"journal {path} cannot be opened: {error}",
                "Check that the folder can be written to, or use another with --state-dir.",
            ) from error

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise JournalError(f"journal {self.path} was written by a newer version", "Upgrade askcv-agents.")
        for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")

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
                self._db.execute("INSERT OR IGNORE INTO partition (base_url, tenant) VALUES (?, ?)", (base_url, tenant))
            row = self._db.execute("SELECT id FROM partition WHERE base_url = ? AND tenant = ?", (base_url, tenant))
            yield Partition(self, row.fetchone()[0])
        finally:
            lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is on disk when this ends, or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._db.execute(sql, values)

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

    # -- what is known -------------------------------------------------------------------------------------------------

    def known(self) -> list[Known]:
        """Everything this journal knows of, except what is known to be approved: the export tells that better."""
        rows = self._journal.execute("SELECT * FROM item WHERE partition_id = ? ORDER BY id", self._id)
        return [Known(row["fingerprint"], row["domain"], json.loads(row["payload"]), row["state"]) for row in rows]

    def saw(self, document: DocumentInfo, extractor: str) -> None:
        """Notes that a document was read; its text is not kept."""
        with self._journal.transaction():
            self._journal.execute(
                "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen, name = excluded.name",
                *(self._id, document.sha256, extractor, document.id, document.kind, self.now(), self.now()),
            )

    # -- the outbox ----------------------------------------------------------------------------------------------------

    def enqueue(self, queued: Sequence[QueuedItem]) -> None:
        """Puts items in the outbox, all or none. One whose fingerprint the journal holds already is passed over."""
        with self._journal.transaction():
            for entry in queued:
                item = entry.item
                self._journal.execute(
                    "INSERT OR IGNORE INTO item "
                    "(partition_id, fingerprint, domain, payload, evidence, decision, why, state, created_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?)",
                    *(self._id, item.fingerprint, item.domain, _json(item.payload), _json(item.evidence)),
                    *(entry.decision, entry.why, self.now()),
                )

    def next_batch(self) -> Batch | None:
        """The oldest queued batch that may be sent now, made of loose items where there is none.

        Batches are packed when they are about to leave, so that they are full; from then on their members stay.
        """
        if self.held_for() > 0:
            return None
        row = self._queued_batch()
        if row is None and self._pack():
            row = self._queued_batch()
        if row is None:
            return None
        members = self._journal.execute(
            "SELECT item.* FROM item JOIN batch_item ON item.id = batch_item.item WHERE batch = ? ORDER BY position",
            row["id"],
        )
        return Batch(
            row["key"],
            tuple(
                BatchItem(m["fingerprint"], m["domain"], json.loads(m["payload"]), json.loads(m["evidence"] or "null"))
                for m in members
            ),
        )

    def _queued_batch(self) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._journal.execute(
            "SELECT * FROM batch WHERE partition_id = ? AND state = 'queued' ORDER BY id LIMIT 1", self._id
        ).fetchone()
        return row

    def held_for(self) -> float:
        """Seconds until the service takes the next batch: its limit is of the tenant, so it holds every batch."""
        row = self._journal.execute(
            "SELECT max(not_before) FROM batch WHERE partition_id = ? AND state = 'queued'", self._id
        ).fetchone()
        return max(0.0, (row[0] or 0.0) - self.now())

    def _pack(self) -> bool:
        """Makes a batch of the oldest items that are in none; whether there were any."""
        with self._journal.transaction():
            loose = self._journal.execute(
                "SELECT id, fingerprint FROM item WHERE partition_id = ? AND state = 'queued' "
                "AND NOT EXISTS (SELECT 1 FROM batch_item WHERE item = item.id) ORDER BY id LIMIT ?",
                *(self._id, MAX_IMPORT_ITEMS),
            ).fetchall()
            if not loose:
                return False
            key = hashlib.sha256("\n".join(row["fingerprint"] for row in loose).encode()).hexdigest()[:32]
            batch = self._journal.execute(
                "INSERT INTO batch (partition_id, key, state, created_at) VALUES (?, ?, 'queued', ?)",
                *(self._id, key, self.now()),
            ).lastrowid
            for position, row in enumerate(loose):
                self._journal.execute("INSERT INTO batch_item VALUES (?, ?, ?)", batch, position, row["id"])
        return True

    def sending(self, key: str) -> None:
        """On disk before the first byte leaves."""
        self._set_batch(key, "sending", first_sent=self.now())

    def accepted(self, key: str, receipt: Receipt) -> None:
        """The service answered: staged items wait in the inbox, refused ones keep their issues."""
        staged = {item.index: item.item_id for item in receipt.staged}
        refused = {item.index: [vars(issue) for issue in item.issues] for item in receipt.refused}
        with self._journal.transaction():
            self._set_batch(key, "accepted" if receipt.batch_id else "refused", batch_id=receipt.batch_id)
            for position, row_id in self._members(key):
                if position in refused or not receipt.batch_id:
                    self._set_item(row_id, "refused", issues=_json(refused.get(position, [])))
                else:
                    self._set_item(row_id, "pending", remote_id=staged.get(position))

    def refused(self, key: str, detail: str) -> None:
        """The service refused the request as a whole. It is not sent again."""
        self._settle(key, "refused", "refused", detail)

    def unknown(self, key: str, detail: str) -> None:
        """It left, and nobody knows what became of it."""
        self._settle(key, "unknown", "unknown", detail)

    def requeue(self, key: str, not_before: float = 0.0) -> None:
        """Nothing was staged, or the service recognises the key: it is sent again, not before that time."""
        self._settle(key, "queued", "queued", "", not_before=not_before)

    def left_open(self) -> list[tuple[str, str, float]]:
        """Batches that left and were never answered: key, state and when they first left."""
        rows = self._journal.execute(
            "SELECT key, state, first_sent FROM batch WHERE partition_id = ? AND state IN ('sending', 'unknown')",
            self._id,
        )
        return [(row["key"], row["state"], row["first_sent"]) for row in rows]

    # -- follow-up -----------------------------------------------------------------------------------------------------

    def open_batches(self) -> list[OpenBatch]:
        """Every batch that is not reviewed to its end, oldest first."""
        rows = self._journal.execute(
            "SELECT * FROM batch WHERE partition_id = ? AND state != 'reviewed' ORDER BY id", self._id
        ).fetchall()
        return [
            OpenBatch(row["key"], row["state"], row["batch_id"], row["detail"], row["created_at"], self._states(row))
            for row in rows
        ]

    def reviewed(self, key: str, status: StatusAnswer) -> None:
        """What the person has decided so far."""
        verdicts = {item.item_id: _REVIEWED.get(item.status, "pending") for item in status.items}
        with self._journal.transaction():
            for _, row_id in self._members(key):
                row = self._journal.execute("SELECT remote_id, state FROM item WHERE id = ?", row_id).fetchone()
                if row["remote_id"] in verdicts and row["state"] != "refused":
                    self._set_item(row_id, verdicts[row["remote_id"]])
            self._set_batch(key, "reviewed" if status.status == "completed" else "accepted")

    def counts(self) -> dict[str, int]:
        """How many items there are in each state."""
        rows = self._journal.execute(
            "SELECT state, count(*) FROM item WHERE partition_id = ? GROUP BY state ORDER BY state", self._id
        )
        return {row[0]: row[1] for row in rows}

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _settle(self, key: str, state: str, item_state: KnownState, detail: str, not_before: float = 0.0) -> None:
        with self._journal.transaction():
            self._set_batch(key, state, detail=detail, not_before=not_before)
            for _, row_id in self._members(key):
                self._set_item(row_id, item_state)

    def _set_batch(self, key: str, state: str, **values: Any) -> None:
        # The first time it left counts: the service forgets an idempotency key some time after that.
        columns = "".join(
            f", {name} = coalesce({name}, ?)" if name == "first_sent" else f", {name} = ?" for name in values
        )
        self._journal.execute(
            f"UPDATE batch SET state = ?{columns} WHERE partition_id = ? AND key = ?",  # noqa: S608 - names of columns
            *(state, *values.values(), self._id, key),
        )

    def _set_item(self, row_id: int, state: KnownState, **values: Any) -> None:
        columns = "".join(f", {name} = ?" for name in values)
        self._journal.execute(f"UPDATE item SET state = ?{columns} WHERE id = ?", state, *values.values(), row_id)  # noqa: S608

    def _members(self, key: str) -> list[tuple[int, int]]:
        rows = self._journal.execute(
            "SELECT position, item FROM batch_item JOIN batch ON batch.id = batch WHERE partition_id = ? AND key = ? "
            "ORDER BY position",
            *(self._id, key),
        )
        return [(row[0], row[1]) for row in rows.fetchall()]

    def _states(self, batch: sqlite3.Row) -> dict[str, int]:
        rows = self._journal.execute(
            "SELECT state, count(*) FROM item JOIN batch_item ON item.id = item WHERE batch = ? GROUP BY state",
            batch["id"],
        )
        return {row[0]: row[1] for row in rows}


def default_path(state_dir: Path) -> Path:
    """Where the journal of a state folder lies."""
    return Path(os.path.normpath(state_dir)) / "journal.db"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
