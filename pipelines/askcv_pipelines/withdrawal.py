"""Items that wait and are taken back: they were never sent, so nothing is in doubt.

A queued batch was not staged by any attempt; one that holds an item to be taken back is taken apart, and what remains
of it is packed anew, under a new key.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from askcv_agents.domains import label_of
from askcv_pipelines.approval import Approval, Asked
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.rows import Rows

BY_HAND = "declined-by-hand"
"""The decision of an item that a person kept from leaving."""


@dataclass(frozen=True)
class Waiting:
    """An item that waits in the journal."""

    id: int
    asked: Asked


class Withdrawal:
    """What may be taken back in one partition."""

    def __init__(self, rows: Rows, partition: int) -> None:
        self._rows = rows
        self._id = partition

    def not_allowed_yet(self) -> list[Waiting]:
        """Items that wait and that nobody approved by hand."""
        rows = self._rows.execute(
            "SELECT * FROM item WHERE partition_id = ? AND state = 'queued' AND allowed_at IS NULL ORDER BY id",
            self._id,
        )
        return [Waiting(row["id"], _asked(row)) for row in rows.fetchall()]

    def allow(self, fingerprints: Iterable[str]) -> None:
        """A person said that these may leave: nobody is asked about them again."""
        with self._rows.transaction():
            for fingerprint in fingerprints:
                self._rows.execute(
                    "UPDATE item SET allowed_at = ? WHERE partition_id = ? AND fingerprint = ?",
                    *(self._rows.now(), self._id, fingerprint),
                )

    def allow_waiting(self, item: Waiting) -> None:
        with self._rows.transaction():
            self._rows.execute("UPDATE item SET allowed_at = ? WHERE id = ?", self._rows.now(), item.id)

    def decline(self, refused: Sequence[QueuedItem]) -> None:
        """A person said that these may not leave: they are known as declined, and not offered again."""
        with self._rows.transaction():
            for entry in refused:
                item = entry.item
                added = self._rows.execute(
                    "INSERT OR IGNORE INTO item (partition_id, fingerprint, domain, payload, evidence, decision, why, "
                    "state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'declined', ?)",
                    *(self._id, item.fingerprint, item.domain, _json(item.payload), _json(item.evidence)),
                    *(BY_HAND, entry.why, self._rows.now()),
                )
                for position, part in enumerate(entry.parts if added.rowcount else ()):
                    self._rows.execute(
                        "INSERT INTO item_part VALUES (?, ?, ?, ?, ?, ?)",
                        *(added.lastrowid, position, part.fingerprint, part.domain, _json(part.payload)),
                        (part.evidence or {}).get("quote", ""),
                    )

    def decline_waiting(self, item: Waiting) -> None:
        """The same for one that waits."""
        with self._rows.transaction():
            take_apart(self._rows, self._id, [item.id])
            self._rows.execute("UPDATE item SET state = 'declined', decision = ? WHERE id = ?", BY_HAND, item.id)

    def admit(self, queued: Sequence[QueuedItem], approval: Approval) -> list[QueuedItem]:
        """Those that a person lets leave."""
        allowed: list[QueuedItem] = []
        for entry in queued:
            answer = approval.allows(_asked_about(entry))
            if answer:
                allowed.append(entry)
            elif answer is False:
                self.decline([entry])
        return allowed

    def ask_again(self, approval: Approval) -> None:
        """Asks about what earlier runs left waiting and nobody approved by hand."""
        for waiting in self.not_allowed_yet():
            answer = approval.allows(waiting.asked)
            if answer:
                self.allow_waiting(waiting)
            elif answer is False:
                self.decline_waiting(waiting)
            else:
                approval.left += 1


def take_apart(rows: Rows, partition: int, items: Iterable[int]) -> None:
    """Takes apart the queued batches that hold any of these items: what was in them waits loose. In a transaction."""
    for item in items:
        found = rows.execute(
            "SELECT batch.id FROM batch JOIN batch_item ON batch.id = batch WHERE item = ? AND partition_id = ? "
            "AND state = 'queued' AND maybe_staged = 0",
            *(item, partition),
        ).fetchone()
        if found is not None:
            rows.execute("DELETE FROM batch_item WHERE batch = ?", found["id"])
            rows.execute("DELETE FROM batch WHERE id = ?", found["id"])


def _asked_about(entry: QueuedItem) -> Asked:
    item = entry.item
    evidence = item.evidence or {}
    said = [str(evidence.get(name) or "") for name in ("document", "quote", "locator")]
    return Asked(said[0], item.domain, label_of(item.domain, item.payload), said[1], said[2], entry.why)


def _asked(row: sqlite3.Row) -> Asked:
    evidence = json.loads(row["evidence"] or "null") or {}
    label = label_of(row["domain"], json.loads(row["payload"]))
    said = [str(evidence.get(name) or "") for name in ("document", "quote", "locator")]
    return Asked(said[0], row["domain"], label, said[1], said[2], row["why"])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
