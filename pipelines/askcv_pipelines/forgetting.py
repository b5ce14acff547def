"""Forgetting: a document's text and what it alone gave leave the journal. What the service holds stays there.

Of an item that was sent a skeleton stays: its fingerprint, its state and its place in its batch, no word of it. So it
is not submitted a second time, and the person's decision still arrives. What waits is taken back and is gone. What left
and was never answered stays until it is settled: to send it again, its words are needed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from pathlib import Path

from askcv_pipelines.places import Place
from askcv_pipelines.rows import Rows
from askcv_pipelines.withdrawal import take_apart

DAY = 86_400.0
REVIEWED = ("approved", "declined", "refused", "dropped")
"""States in which nothing more is heard of an item."""


@dataclass
class Forgotten:
    """What was removed: ``documents``; ``waiting`` items, which are not sent any more; ``sent`` items, of which the
    service holds a copy. And what stays: items that other documents gave too (``shared``), and ``unsettled`` ones."""

    documents: list[str] = field(default_factory=list)
    waiting: int = 0
    sent: int = 0
    shared: int = 0
    unsettled: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


class Forgetting:
    """What can be forgotten of one partition."""

    def __init__(self, rows: Rows, partition: int) -> None:
        self._rows = rows
        self._id = partition

    def named(self, name: str) -> list[Place]:
        """The documents that a person may mean: by path or address, else by the name they are shown with."""
        where = "SELECT * FROM place WHERE partition_id = ? AND "
        absolute = str(Path(name).absolute())
        rows = self._rows.execute(f"{where} place IN (?, ?)", self._id, name, absolute).fetchall()
        rows = rows or self._rows.execute(f"{where} name = ? ORDER BY place", self._id, name).fetchall()
        if not rows:
            rows = self._rows.execute(
                "SELECT '' AS place, name, sha256 FROM document WHERE partition_id = ? AND name = ? LIMIT 1",
                *(self._id, name),
            ).fetchall()
        return [Place(row["place"], row["name"], row["sha256"]) for row in rows]

    def document(self, place: Place, done: Forgotten | None = None) -> Forgotten:
        """Forgets one document."""
        done = Forgotten() if done is None else done
        done.documents.append(place.name)
        with self._deleting():
            shared, own = self._given_by(place)
            for row in shared:
                self._without_evidence(row, place)
            self._forget(own, done)
            done.shared += len(shared)
            self._rows.execute(
                "DELETE FROM item_source WHERE place = ? AND item IN (SELECT id FROM item WHERE partition_id = ?)",
                *(place.place, self._id),
            )
            for table in ("place", "done_action"):
                self._rows.execute(
                    f"DELETE FROM {table} WHERE partition_id = ? AND place = ?",  # noqa: S608 - names of tables
                    *(self._id, place.place),
                )
            self._rows.execute(
                "UPDATE item SET done_in = NULL WHERE partition_id = ? AND done_in = ?", self._id, place.name
            )
            self._rows.execute(
                "DELETE FROM document WHERE partition_id = ? AND sha256 = ? AND NOT EXISTS "
                "(SELECT 1 FROM place WHERE place.partition_id = document.partition_id "
                "AND place.sha256 = document.sha256)",
                *(self._id, place.sha256),
            )
        return done

    def older_than(self, days: float) -> Forgotten:
        """Forgets documents that were not seen for that long, and items that were reviewed and are that old."""
        before, done = self._rows.now() - days * DAY, Forgotten()
        old = self._rows.execute("SELECT * FROM place WHERE partition_id = ? AND seen_at < ?", self._id, before)
        for row in old.fetchall():
            self.document(Place(row["place"], row["name"], row["sha256"]), done)
        with self._deleting():
            self._rows.execute("DELETE FROM document WHERE partition_id = ? AND last_seen < ?", self._id, before)
            items = self._rows.execute(
                f"SELECT * FROM item WHERE partition_id = ? AND created_at < ? AND forgotten_at IS NULL "  # noqa: S608
                f"AND state IN ({', '.join('?' for _ in REVIEWED)})",
                *(self._id, before, *REVIEWED),
            )
            self._forget(items.fetchall(), done)
        return done

    def everything(self) -> Forgotten:
        """Forgets all there is of this record, batches included; not the choice about names, nor what limits need."""
        done = Forgotten()
        mine = "SELECT id FROM item WHERE partition_id = ?"
        with self._deleting():
            names = self._rows.execute("SELECT DISTINCT name FROM document WHERE partition_id = ?", self._id)
            done.documents += [row["name"] for row in names.fetchall()]
            for row in self._rows.execute("SELECT state FROM item WHERE partition_id = ?", self._id).fetchall():
                done.waiting += row["state"] == "queued"
                done.sent += row["state"] != "queued"
            for table in ("batch_item", "item_part", "item_source"):
                self._rows.execute(f"DELETE FROM {table} WHERE item IN ({mine})", self._id)  # noqa: S608
            for table in ("item", "batch", "document", "place", "done_action", "mirror", "mirror_item"):
                self._rows.execute(f"DELETE FROM {table} WHERE partition_id = ?", self._id)  # noqa: S608
        return done

    def wiped(self) -> None:
        """Takes what was deleted out of the file as well."""
        self._rows.execute("VACUUM")
        self._rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def skeletons(self) -> dict[str, str]:
        """Fingerprints of forgotten items that were sent, each with its state."""
        rows = self._rows.execute(
            "SELECT fingerprint, state FROM item WHERE partition_id = ? AND forgotten_at IS NOT NULL", self._id
        )
        return {row["fingerprint"]: row["state"] for row in rows.fetchall()}

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _deleting(self) -> AbstractContextManager[None]:
        self._rows.execute("PRAGMA secure_delete = ON")
        return self._rows.transaction()

    def _given_by(self, place: Place) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
        """The items that other documents gave too, and those that this one alone gave. Journals of earlier versions
        know an item's document by the name in its evidence alone."""
        rows = self._rows.execute(
            "SELECT item.*, EXISTS (SELECT 1 FROM item_source WHERE item = item.id AND place != ?) AS elsewhere "
            "FROM item WHERE partition_id = ? AND forgotten_at IS NULL AND "
            "(EXISTS (SELECT 1 FROM item_source WHERE item = item.id AND place = ?) OR "
            "(NOT EXISTS (SELECT 1 FROM item_source WHERE item = item.id) "
            "AND json_extract(evidence, '$.document') = ?))",
            *(place.place, self._id, place.place, place.name),
        ).fetchall()
        return [row for row in rows if row["elsewhere"]], [row for row in rows if not row["elsewhere"]]

    def _without_evidence(self, row: sqlite3.Row, place: Place) -> None:
        """The quote of a shared item goes, unless it is surely another document's; what others say too stays."""
        others = self._rows.execute(
            "SELECT name FROM item_source JOIN place ON place.place = item_source.place "
            "WHERE item = ? AND partition_id = ? AND place.place != ?",
            *(row["id"], self._id, place.place),
        )
        named = (json.loads(row["evidence"] or "null") or {}).get("document")
        if row["state"] == "unknown" or named in {other["name"] for other in others} - {place.name}:
            return
        take_apart(self._rows, self._id, [row["id"]])
        self._rows.execute("UPDATE item SET evidence = 'null' WHERE id = ?", row["id"])
        self._empty_batch(row["id"])

    def _forget(self, items: Iterable[sqlite3.Row], done: Forgotten) -> None:
        for row in items:
            if row["state"] != "unknown":
                self._rows.execute("DELETE FROM item_part WHERE item = ?", row["id"])
            if row["state"] == "queued":
                take_apart(self._rows, self._id, [row["id"]])
                self._rows.execute("DELETE FROM batch_item WHERE item = ?", row["id"])
                self._rows.execute("DELETE FROM item WHERE id = ?", row["id"])
                done.waiting += 1
            elif row["state"] == "unknown":
                done.unsettled += 1
            else:
                self._rows.execute(
                    "UPDATE item SET payload = '{}', evidence = NULL, why = '', issues = NULL, done_in = NULL, "
                    "forgotten_at = ? WHERE id = ?",
                    *(self._rows.now(), row["id"]),
                )
                self._empty_batch(row["id"])
                self._rows.execute(  # a later note keeps its own words for what it marks as done
                    "UPDATE done_action SET earlier = json_extract(payload, '$.title') "
                    "WHERE partition_id = ? AND earlier_id = ?",
                    *(self._id, row["fingerprint"]),
                )
                done.sent += 1

    def _empty_batch(self, item: int) -> None:
        """The bytes of a batch that was answered are not needed any more."""
        self._rows.execute(
            "UPDATE batch SET body = x'' WHERE state IN ('accepted', 'reviewed', 'refused') "
            "AND id IN (SELECT batch FROM batch_item WHERE item = ?)",
            item,
        )
