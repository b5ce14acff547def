"""Batches and their items as rows of the journal: the statements that the outbox is made of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from askcv_pipelines.rows import Rows
from askcv_pipelines.values import Batch, KnownState

FINAL = frozenset({"approved", "declined"})

# Parts of statements.
MEMBERS = (
    "FROM item JOIN batch_item ON item.id = item JOIN batch ON batch.id = batch "
    "WHERE batch.partition_id = ? AND key = ? ORDER BY position"
)
UNKNOWN = "partition_id = ? AND state = 'unknown'"
HAS_UNKNOWN = (
    "EXISTS (SELECT 1 FROM batch_item JOIN item ON item.id = item WHERE batch = batch.id AND item.state = 'unknown')"
)
HAS_APPROVED = HAS_UNKNOWN.replace("'unknown'", "'approved'")


class BatchRows:
    """The rows of one partition."""

    def __init__(self, rows: Rows, partition: int) -> None:
        self._rows = rows
        self._id = partition

    def _batches(self, state: str, more: str = "", *values: Any) -> list[Batch]:
        rows = self._rows.execute(
            f"SELECT key, body, size FROM batch WHERE partition_id = ? AND state = ? {more} ORDER BY id",  # noqa: S608
            *(self._id, state, *values),
        )
        return [Batch(row["key"], bytes(row["body"]), row["size"]) for row in rows.fetchall()]

    def _maybe_staged(self, key: str) -> bool:
        row = self._rows.execute("SELECT maybe_staged FROM batch WHERE partition_id = ? AND key = ?", self._id, key)
        return bool(row.fetchone()[0])

    def _settle(self, key: str, state: str, item_state: KnownState, detail: str | None = None, **values: Any) -> None:
        """What is known of an item for good stays known. Without a ``detail`` the one before stays."""
        with self._rows.transaction():
            self._set_batch(key, state, **({} if detail is None else {"detail": detail}), **values)
            self._rows.execute(
                "UPDATE item SET state = ? WHERE state NOT IN ('approved', 'declined') AND id IN (SELECT item FROM "
                "batch_item JOIN batch ON batch.id = batch WHERE partition_id = ? AND key = ?)",
                *(item_state, self._id, key),
            )

    def _set_batch(self, key: str, state: str, **values: Any) -> None:
        columns = "".join(f", {name} = ?" for name in values)
        self._rows.execute(
            f"UPDATE batch SET state = ?{columns} WHERE partition_id = ? AND key = ?",  # noqa: S608 - names of columns
            *(state, *values.values(), self._id, key),
        )

    def _set_item(self, row_id: int, state: KnownState, **values: Any) -> None:
        columns = "".join(f", {name} = ?" for name in values)
        self._rows.execute(f"UPDATE item SET state = ?{columns} WHERE id = ?", state, *values.values(), row_id)  # noqa: S608

    def _members(self, key: str) -> list[tuple[int, int, KnownState]]:
        rows = self._rows.execute(f"SELECT position, item.id, item.state {MEMBERS}", self._id, key)
        return [(row[0], row[1], row[2]) for row in rows.fetchall()]

    def _states(self, batch: sqlite3.Row) -> dict[str, int]:
        rows = self._rows.execute(
            "SELECT state, count(*) FROM item JOIN batch_item ON item.id = item WHERE batch = ? GROUP BY state",
            batch["id"],
        )
        return {row[0]: row[1] for row in rows}


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def body_of(items: Sequence[sqlite3.Row], *, evidence: bool) -> bytes:
    """The bytes of an import of these items, which are on record in the form in which they leave."""
    parts = []
    for row in items:
        proof = f',"evidence":{row["evidence"]}' if evidence and row["evidence"] not in (None, "null") else ""
        parts.append(f'{{"domain":"{row["domain"]}","payload":{row["payload"]}{proof}}}')
    return f'{{"items":[{",".join(parts)}]}}'.encode()
