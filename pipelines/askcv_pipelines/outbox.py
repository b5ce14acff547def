"""The outbox: a partition's batches and what became of them.

    queued → sending → accepted → reviewed
                     → refused            the service listed what is wrong, or refused the request as a whole
                     → unknown            it left and no readable answer came: it may be staged, or not

A batch is ``sending`` on disk before its first byte leaves. One that may be staged never goes back to ``queued``: it is
``unknown`` until an answer, the record or a person tells. Its bytes and its key are kept as they first left.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from askcv_agents.domains import label_of
from askcv_agents.wire import MAX_IMPORT_ITEMS, ImportItem, Receipt, StatusAnswer
from askcv_pipelines.values import Batch, BatchItem, KnownState

REVIEWED: dict[str, KnownState] = {"approved": "approved", "rejected": "declined"}


class Rows(Protocol):
    """The journal's file, as far as the outbox needs it."""

    now: Callable[[], float]

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor: ...

    def transaction(self) -> AbstractContextManager[None]: ...


@dataclass(frozen=True)
class QueuedItem:
    """An item on its way out, with the decision that let it through. ``parts`` are the members of a grouped one."""

    item: BatchItem
    decision: str
    why: str
    parts: tuple[BatchItem, ...] = ()


@dataclass(frozen=True)
class OpenBatch:
    """A batch that is not reviewed to its end, and how many of its items are in each state."""

    key: str
    state: str
    batch_id: str | None
    detail: str
    created_at: float
    items: dict[str, int]


class Outbox:
    """The batches of one partition."""

    def __init__(self, rows: Rows, partition: int) -> None:
        self._rows = rows
        self._id = partition
        self.now = rows.now

    # -- on the way out ------------------------------------------------------------------------------------------------

    def enqueue(self, queued: Sequence[QueuedItem]) -> None:
        """Takes items in, all or none. One whose fingerprint the journal holds already is passed over."""
        with self._rows.transaction():
            for entry in queued:
                item = entry.item
                added = self._rows.execute(
                    "INSERT OR IGNORE INTO item "
                    "(partition_id, fingerprint, domain, payload, evidence, decision, why, state, created_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?)",
                    *(self._id, item.fingerprint, item.domain, _json(item.payload), _json(item.evidence)),
                    *(entry.decision, entry.why, self.now()),
                )
                for position, part in enumerate(entry.parts if added.rowcount else ()):
                    self._rows.execute(
                        "INSERT INTO item_part VALUES (?, ?, ?, ?, ?, ?)",
                        *(added.lastrowid, position, part.fingerprint, part.domain, _json(part.payload)),
                        (part.evidence or {}).get("quote", ""),
                    )

    def next_batch(self, body_of: Callable[[Sequence[ImportItem]], bytes]) -> Batch | None:
        """The oldest queued batch, made of loose items where there is none; None while the rate limit holds.

        Batches are packed when they are about to leave, so that they are full; from then on nothing of them changes.
        """
        if self.held_for() > 0:
            return None
        found = self._batches("queued")
        if not found and self._pack(body_of):
            found = self._batches("queued")
        return found[0] if found else None

    def unanswered(self, since: float) -> list[Batch]:
        """Batches that may be staged and first left after ``since``: a service that honours keys tells them apart."""
        return self._batches("unknown", "AND first_sent > ?", since)

    def sending(self, key: str) -> None:
        """On disk before the first byte leaves. The first time counts: the service forgets a key some time after."""
        self._rows.execute(
            "UPDATE batch SET state = 'sending', first_sent = coalesce(first_sent, ?) "
            "WHERE partition_id = ? AND key = ?",
            *(self.now(), self._id, key),
        )

    def left_behind(self) -> None:
        """What a process that ended was sending may be staged."""
        for batch in self._batches("sending"):
            self.unknown(batch.key, "the process ended before the answer came")

    # -- what came back ------------------------------------------------------------------------------------------------

    def accepted(self, key: str, receipt: Receipt) -> None:
        """The service answered: staged items wait in the inbox, refused ones keep their issues."""
        staged = {item.index: item.item_id for item in receipt.staged}
        refused = {item.index: [vars(issue) for issue in item.issues] for item in receipt.refused}
        with self._rows.transaction():
            self._set_batch(key, "accepted" if receipt.batch_id else "refused", batch_id=receipt.batch_id, detail="")
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
        self._settle(key, "unknown", "unknown", detail, maybe_staged=1)

    def not_staged(self, key: str) -> None:
        """This attempt staged nothing: queued again, but for a batch that an earlier attempt may have staged."""
        row = self._rows.execute(
            "SELECT maybe_staged, detail FROM batch WHERE partition_id = ? AND key = ?", self._id, key
        ).fetchone()
        state: KnownState = "unknown" if row["maybe_staged"] else "queued"
        self._settle(key, state, state, row["detail"])

    def hold(self, seconds: float) -> None:
        """The rate limit is the tenant's: it holds every batch."""
        self._rows.execute("UPDATE partition SET not_before = ? WHERE id = ?", self.now() + seconds, self._id)

    def held_for(self) -> float:
        """Seconds until the service takes the next batch."""
        row = self._rows.execute("SELECT not_before FROM partition WHERE id = ?", self._id).fetchone()
        return max(0.0, float(row[0]) - self.now())

    # -- follow-up -----------------------------------------------------------------------------------------------------

    def open_batches(self) -> list[OpenBatch]:
        """Every batch that is not reviewed to its end, oldest first."""
        rows = self._rows.execute(
            "SELECT * FROM batch WHERE partition_id = ? AND state != 'reviewed' ORDER BY id", self._id
        ).fetchall()
        return [
            OpenBatch(row["key"], row["state"], row["batch_id"], row["detail"], row["created_at"], self._states(row))
            for row in rows
        ]

    def items(self, key: str) -> list[dict[str, Any]]:
        """The items of a batch: domain, label, state and issues."""
        rows = self._rows.execute(
            "SELECT item.* FROM item JOIN batch_item ON item.id = item JOIN batch ON batch.id = batch "
            "WHERE batch.partition_id = ? AND key = ? ORDER BY position",
            *(self._id, key),
        )
        return [
            {
                "domain": row["domain"],
                "label": label_of(row["domain"], json.loads(row["payload"])) or row["fingerprint"],
                "state": row["state"],
                "issues": json.loads(row["issues"] or "[]"),
            }
            for row in rows
        ]

    def reviewed(self, key: str, status: StatusAnswer) -> None:
        """What the person has decided so far. The batch is closed when that is known of every item."""
        by_id = {item.item_id: item.status for item in status.items if item.item_id}
        by_index = {item.index: item.status for item in status.items if item.index is not None}
        done = status.status == "completed"
        # A service that lists no items still tells a verdict that was the same for all.
        common = "approved" if not status.counts.rejected else "rejected" if not status.counts.approved else None
        with self._rows.transaction():
            open_items = 0
            for position, row_id in self._members(key):
                row = self._rows.execute("SELECT remote_id, state FROM item WHERE id = ?", row_id).fetchone()
                if row["state"] == "refused":
                    continue
                verdict = by_id.get(row["remote_id"]) or by_index.get(position) or (common if done else None)
                self._set_item(row_id, state := REVIEWED.get(verdict or "", "pending"))
                open_items += state == "pending"
            self._set_batch(key, "reviewed" if done and not open_items else "accepted")

    def in_record(self, fingerprints: Iterable[str]) -> None:
        """The record holds items with these fingerprints: what was waiting or unknown of them is approved."""
        with self._rows.transaction():
            for fingerprint in fingerprints:
                self._rows.execute(
                    "UPDATE item SET state = 'approved' WHERE partition_id = ? AND fingerprint = ? "
                    "AND state IN ('pending', 'unknown')",
                    *(self._id, fingerprint),
                )
            self._rows.execute(
                "UPDATE batch SET state = 'reviewed', detail = '' WHERE partition_id = ? AND state = 'unknown' "
                "AND NOT EXISTS (SELECT 1 FROM batch_item JOIN item ON item.id = item "
                "WHERE batch = batch.id AND item.state = 'unknown')",
                self._id,
            )

    def resend(self, key: str) -> bool:
        """A person looked: the items are not in the inbox, so the batch is sent again. Whether it was unknown."""
        return self._resolve(key, "queued")

    def drop(self, key: str) -> bool:
        """A person looked: nothing is to be done for the batch any more. Whether it was unknown."""
        return self._resolve(key, "dropped")

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _resolve(self, key: str, state: KnownState) -> bool:
        found = self._rows.execute(
            "SELECT 1 FROM batch WHERE partition_id = ? AND key = ? AND state = 'unknown'", self._id, key
        ).fetchone()
        if found is None:
            return False
        batch_state = "queued" if state == "queued" else "reviewed"
        self._settle(key, batch_state, state, "", maybe_staged=0, first_sent=None)
        return True

    def _batches(self, state: str, more: str = "", *values: Any) -> list[Batch]:
        rows = self._rows.execute(
            f"SELECT key, body, size FROM batch WHERE partition_id = ? AND state = ? {more} ORDER BY id",  # noqa: S608
            *(self._id, state, *values),
        )
        return [Batch(row["key"], bytes(row["body"]), row["size"]) for row in rows.fetchall()]

    def _pack(self, body_of: Callable[[Sequence[ImportItem]], bytes]) -> bool:
        """Makes a batch of the oldest items that are in none; whether there were any."""
        with self._rows.transaction():
            loose = self._rows.execute(
                "SELECT id, fingerprint, domain, payload, evidence FROM item WHERE partition_id = ? "
                "AND state = 'queued' AND NOT EXISTS (SELECT 1 FROM batch_item WHERE item = item.id) "
                "ORDER BY id LIMIT ?",
                *(self._id, MAX_IMPORT_ITEMS),
            ).fetchall()
            if not loose:
                return False
            key = hashlib.sha256("\n".join(row["fingerprint"] for row in loose).encode()).hexdigest()[:32]
            items = [
                ImportItem.model_validate(
                    {
                        "domain": row["domain"],
                        "payload": json.loads(row["payload"]),
                        "evidence": json.loads(row["evidence"]),
                    }
                )
                for row in loose
            ]
            batch = self._rows.execute(
                "INSERT INTO batch (partition_id, key, state, body, size, created_at) VALUES (?, ?, 'queued', ?, ?, ?)",
                *(self._id, key, body_of(items), len(items), self.now()),
            ).lastrowid
            for position, row in enumerate(loose):
                self._rows.execute("INSERT INTO batch_item VALUES (?, ?, ?)", batch, position, row["id"])
        return True

    def _settle(self, key: str, state: str, item_state: KnownState, detail: str, **values: Any) -> None:
        with self._rows.transaction():
            self._set_batch(key, state, detail=detail, **values)
            for _, row_id in self._members(key):
                self._set_item(row_id, item_state)

    def _set_batch(self, key: str, state: str, **values: Any) -> None:
        columns = "".join(f", {name} = ?" for name in values)
        self._rows.execute(
            f"UPDATE batch SET state = ?{columns} WHERE partition_id = ? AND key = ?",  # noqa: S608 - names of columns
            *(state, *values.values(), self._id, key),
        )

    def _set_item(self, row_id: int, state: KnownState, **values: Any) -> None:
        columns = "".join(f", {name} = ?" for name in values)
        self._rows.execute(f"UPDATE item SET state = ?{columns} WHERE id = ?", state, *values.values(), row_id)  # noqa: S608

    def _members(self, key: str) -> list[tuple[int, int]]:
        rows = self._rows.execute(
            "SELECT position, item FROM batch_item JOIN batch ON batch.id = batch WHERE partition_id = ? AND key = ? "
            "ORDER BY position",
            *(self._id, key),
        )
        return [(row[0], row[1]) for row in rows.fetchall()]

    def _states(self, batch: sqlite3.Row) -> dict[str, int]:
        rows = self._rows.execute(
            "SELECT state, count(*) FROM item JOIN batch_item ON item.id = item WHERE batch = ? GROUP BY state",
            batch["id"],
        )
        return {row[0]: row[1] for row in rows}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
