"""The outbox: a partition's batches and what became of them.

    queued → sending → accepted → reviewed
                     → refused            the service listed what is wrong, or refused the request as a whole
                     → unknown            it left and no readable answer came: it may be staged, or not

An ``unknown`` batch is sent again where its key is honoured, queued again or closed where a person looked, and closed
where the record holds its items (docs/submission.md).

A batch is ``sending`` on disk before its first byte leaves. One that may be staged never goes back to ``queued`` by
itself. Its bytes and its key are kept as they first left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askcv_agents.domains import label_of
from askcv_agents.wire import LIMITS, MAX_IMPORT_ITEMS, Limit, Receipt
from askcv_pipelines.batch_rows import FINAL, HAS_APPROVED, HAS_UNKNOWN, MEMBERS, UNKNOWN, BatchRows, as_json, body_of
from askcv_pipelines.budget import Budget
from askcv_pipelines.rows import Rows
from askcv_pipelines.trail import Trail
from askcv_pipelines.values import Batch, BatchItem, KnownState

if TYPE_CHECKING:
    from askcv_agents.wire import StatusAnswer

REVIEWED: dict[str, KnownState] = {"approved": "approved", "rejected": "declined"}
PARTLY_THERE = "some of its items are in the record, so it was staged: the others wait in the inbox or were declined"


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


class Outbox(BatchRows):
    """The batches of one partition. ``limit`` is the service's, None where it has none; ``trail`` outlives the file."""

    def __init__(
        self, rows: Rows, partition: int, limit: Limit | None = LIMITS["import"], trail: Trail | None = None
    ) -> None:
        super().__init__(rows, partition)
        self._trail = trail
        self._packed: dict[str, list[int]] = {}
        self._budget = Budget(rows, partition, limit)
        self.now = rows.now
        self.hold = self._budget.hold
        self.held_for = self._budget.held_for

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
                    *(self._id, item.fingerprint, item.domain, as_json(item.payload), as_json(item.evidence)),
                    *(entry.decision, entry.why, self.now()),
                )
                for position, part in enumerate(entry.parts if added.rowcount else ()):
                    self._rows.execute(
                        "INSERT INTO item_part VALUES (?, ?, ?, ?, ?, ?)",
                        *(added.lastrowid, position, part.fingerprint, part.domain, as_json(part.payload)),
                        (part.evidence or {}).get("quote", ""),
                    )

    def next_batch(self, *, evidence: bool) -> Batch | None:
        """The oldest queued batch; where there is none, a new one of the oldest loose items, with or without their
        evidence. So batches are full when they leave; from ``sending`` on nothing of them changes."""
        found = self._batches("queued")
        return found[0] if found else self._pack(evidence=evidence)

    def waiting(self) -> int:
        """How many items are queued."""
        row = self._rows.execute("SELECT count(*) FROM item WHERE partition_id = ? AND state = 'queued'", self._id)
        return int(row.fetchone()[0])

    def unanswered(self, since: float) -> list[Batch]:
        """Batches that may be staged and first left after ``since``: a service that honours keys tells them apart."""
        return self._batches("unknown", "AND first_sent > ? AND first_sent <= ?", since, self.now())

    def sending(self, batch: Batch) -> None:
        """On disk before the first byte leaves. The first time counts: the service forgets a key some time after."""
        with self._rows.transaction():
            if not self._keep(batch):
                self._rows.execute(
                    "UPDATE batch SET state = 'sending', first_sent = coalesce(first_sent, ?) "
                    "WHERE partition_id = ? AND key = ?",
                    *(self.now(), self._id, batch.key),
                )
            self._budget.asked()
        if self._trail is not None:
            rows = self._rows.execute(f"SELECT fingerprint {MEMBERS}", self._id, batch.key).fetchall()
            self._trail.sending(batch, [row[0] for row in rows], self.now())

    def clock_was_set_back(self) -> None:
        """How long ago batches left cannot be told any more, so no key of theirs is sure to be remembered."""
        self._rows.execute(
            "UPDATE batch SET first_sent = 0 WHERE partition_id = ? AND first_sent IS NOT NULL", self._id
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
        if self._trail is not None:
            self._trail.accepted(key, receipt)
        with self._rows.transaction():
            self._set_batch(key, "accepted" if receipt.batch_id else "refused", batch_id=receipt.batch_id, detail="")
            rows: list[tuple[str, str | None, str | None, int]] = []
            for position, row_id, before in self._members(key):
                if position in refused or not receipt.batch_id:
                    rows.append(("refused", None, as_json(refused.get(position, [])), row_id))
                else:
                    rows.append((before if before in FINAL else "pending", staged.get(position), None, row_id))
            self._rows.executemany("UPDATE item SET state = ?, remote_id = ?, issues = ? WHERE id = ?", rows)

    def refused(self, key: str, detail: str) -> bool:
        """The service refused the request as a whole: it is not sent again. Where an earlier attempt may have staged
        it, that settles nothing. Whether it did."""
        if self._maybe_staged(key):
            self.unknown(key, detail)
            return False
        if self._trail is not None:
            self._trail.refused(key, detail)
        self._settle(key, "refused", "refused", detail)
        return True

    def unknown(self, key: str, detail: str) -> None:
        """It left, and nobody knows what became of it."""
        self._settle(key, "unknown", "unknown", detail, maybe_staged=1)

    def not_staged(self, key: str) -> None:
        """This attempt staged nothing: queued again, but for a batch that an earlier attempt may have staged."""
        state: KnownState = "unknown" if self._maybe_staged(key) else "queued"
        if self._trail is not None and state == "queued":
            self._trail.not_staged(key)
        with self._rows.transaction():
            self._settle(key, state, state)
            self._budget.gave_back()

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
        rows = self._rows.execute(f"SELECT item.* {MEMBERS}", self._id, key)
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
            for position, row_id, before in self._members(key):
                row = self._rows.execute("SELECT remote_id FROM item WHERE id = ?", row_id).fetchone()
                if before == "refused":
                    continue
                verdict = by_id.get(row["remote_id"]) or by_index.get(position) or (common if done else None)
                self._set_item(row_id, state := REVIEWED.get(verdict or "", "pending"))
                open_items += state == "pending"
            self._set_batch(key, "reviewed" if done and not open_items else "accepted")

    def unsure_domains(self, forgotten: Iterable[str] = ()) -> set[str]:
        """Domains of items of which only the record may tell what became of them: those that are unknown, and those of
        batches that the service has ``forgotten``."""
        rows = self._rows.execute(
            "SELECT DISTINCT domain FROM item WHERE partition_id = ? AND state = 'unknown'", self._id
        )
        listed = {item["domain"] for key in forgotten for item in self.items(key) if item["state"] == "pending"}
        return listed | {row[0] for row in rows}

    def in_record(self, domain: str, fingerprints: Iterable[str]) -> None:
        """The record holds items with these fingerprints: what was waiting or unknown of them is approved, and what is
        in no batch yet need not leave. ``fingerprints`` are read only where something waits."""
        waiting = self._rows.execute(
            "SELECT fingerprint, id FROM item WHERE partition_id = ? AND domain = ? AND (state IN "
            "('pending', 'unknown') OR (state = 'queued' AND NOT EXISTS (SELECT 1 FROM batch_item WHERE item = id)))",
            *(self._id, domain),
        )
        waits = {row["fingerprint"]: row["id"] for row in waiting.fetchall()}
        if not waits:
            return
        with self._rows.transaction():
            for fingerprint in fingerprints:
                if (row_id := waits.pop(fingerprint, None)) is not None:
                    self._set_item(row_id, "approved")
            self._rows.execute(
                f"UPDATE batch SET state = 'reviewed', detail = '' WHERE {UNKNOWN} AND NOT {HAS_UNKNOWN}",  # noqa: S608
                self._id,
            )
            self._rows.execute(
                f"UPDATE batch SET detail = ? WHERE {UNKNOWN} AND {HAS_APPROVED}",  # noqa: S608
                *(PARTLY_THERE, self._id),
            )

    def resend(self, key: str) -> bool:
        """A person looked: the items are not in the inbox, so the batch is sent again. Whether it was unknown.

        Items of it that the record holds stay behind: the others are queued anew, for another batch."""
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
        partly = state == "queued" and any(before in FINAL for *_, before in self._members(key))
        batch_state = "queued" if state == "queued" and not partly else "reviewed"
        with self._rows.transaction():
            self._settle(key, batch_state, state, "", maybe_staged=0, first_sent=None)
            if partly:
                self._rows.execute(
                    "DELETE FROM batch_item WHERE item IN (SELECT id FROM item WHERE state = 'queued') "
                    "AND batch = (SELECT id FROM batch WHERE partition_id = ? AND key = ?)",
                    *(self._id, key),
                )
        return True

    def _pack(self, *, evidence: bool) -> Batch | None:
        """A batch of the oldest items that are in none."""
        loose = self._rows.execute(
            "SELECT id, fingerprint, domain, payload, evidence FROM item WHERE partition_id = ? "
            "AND state = 'queued' AND NOT EXISTS (SELECT 1 FROM batch_item WHERE item = item.id) "
            "ORDER BY id LIMIT ?",
            *(self._id, MAX_IMPORT_ITEMS),
        ).fetchall()
        if not loose:
            return None
        key = hashlib.sha256("\n".join(row["fingerprint"] for row in loose).encode()).hexdigest()[:32]
        self._packed[key] = [row["id"] for row in loose]
        return Batch(key, body_of(loose, evidence=evidence), len(loose))

    def _keep(self, batch: Batch) -> bool:
        """A batch that was just packed leaves, and is kept with its members for good. Whether it is such a one."""
        members = self._packed.pop(batch.key, None)
        if members is None:
            return False
        now = self.now()
        row = self._rows.execute(
            "INSERT INTO batch (partition_id, key, state, body, size, first_sent, created_at) "
            "VALUES (?, ?, 'sending', ?, ?, ?, ?)",
            *(self._id, batch.key, batch.body, batch.size, now, now),
        ).lastrowid
        self._rows.executemany(
            "INSERT INTO batch_item VALUES (?, ?, ?)", [(row, place, member) for place, member in enumerate(members)]
        )
        return True
