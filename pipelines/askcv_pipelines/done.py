"""Actions that are done: what notes tick off, and the known action that each of them was.

The service documents no update. So a known action that later notes mark as done is marked in the journal; it is
submitted as done only where the person asks for it, naming the earlier item; and it is never added again as open.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from askcv_agents.domains import LONG_TEXT, label_of
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.outbox import QueuedItem
from askcv_pipelines.rows import Rows
from askcv_pipelines.values import BatchItem, Decision, Duplicate, Known, Review
from askcv_pipelines.withdrawal import take_apart

ACTIONS = "coaching_action_items"
NAMED = 200
"""Characters of the earlier item's name in the description of the later one."""


@dataclass(frozen=True)
class Mark:
    """An action that a document marks as done, masked as it would leave. ``dated`` is the date of that part of it."""

    item: BatchItem
    place: str
    dated: str | None


@dataclass(frozen=True)
class DoneAction:
    """A known action that notes mark as done: its name, the document that says so, and whether that was submitted."""

    label: str
    document: str
    seen_at: float
    submitted: bool


class DoneActions:
    """The marks of one partition."""

    def __init__(self, rows: Rows, partition: int) -> None:
        self._rows = rows
        self._id = partition

    def note(self, marks: Iterable[Mark]) -> None:
        """Remembers marks; the first document that says so stays its source."""
        with self._rows.transaction():
            for mark in marks:
                self._rows.execute(
                    "INSERT OR IGNORE INTO done_action (partition_id, fingerprint, payload, evidence, place, dated, "
                    "seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    *(self._id, mark.item.fingerprint, _json(mark.item.payload), _json(mark.item.evidence)),
                    *(mark.place, mark.dated, self._rows.now()),
                )

    def marks(self) -> list[Mark]:
        rows = self._rows.execute("SELECT * FROM done_action WHERE partition_id = ? ORDER BY rowid", self._id)
        return [Mark(_item(row), row["place"], row["dated"]) for row in rows.fetchall()]

    def settle(self, record: Iterable[Known]) -> int:
        """Finds the known action of each mark that has none yet: in the journal, else in the ``record``. Gives how many
        were found. One that waits still is taken back, for it would be added as open."""
        unsettled = self._rows.execute(
            "SELECT * FROM done_action WHERE partition_id = ? AND earlier_id IS NULL ORDER BY rowid", self._id
        ).fetchall()
        if not unsettled:
            return 0
        from askcv_pipelines.dedup.facts import Fact  # noqa: PLC0415 - comparing, for marks that wait for it alone
        from askcv_pipelines.dedup.known import KnownItems  # noqa: PLC0415

        known = KnownItems(self._open_actions(before=max(row["seen_at"] for row in unsettled)))
        known.extend(ACTIONS, [known for known in record if known.payload.get("status") != "done"])
        facts = [Fact(ACTIONS, json.loads(row["payload"])) for row in unsettled]
        judged = known.judge_all(facts, [_quote(row["evidence"]) for row in unsettled])
        found = 0
        for row, result in zip(unsettled, judged, strict=True):
            near = result.near if result.verdict == "duplicate" else None
            if near is not None and near.state != "this run" and not self._newer(near, row["seen_at"]):
                found += self._settle(row, near)
        return found

    def ready(self) -> list[QueuedItem]:
        """What tells the record that known actions are done, where that was not submitted yet."""
        return [QueuedItem(_told(row), "done", f"marks “{row['earlier']}” as done") for row in self._untold()]

    def submitted(self) -> None:
        """Notes which of those are in the journal now, and the document that gave them."""
        with self._rows.transaction():
            for row in self._untold():
                self._rows.execute(
                    "INSERT OR IGNORE INTO item_source SELECT id, ? FROM item "
                    "WHERE partition_id = ? AND fingerprint = ? AND ? != ''",
                    *(row["place"], self._id, _told(row).fingerprint, row["place"]),
                )
                self._rows.execute(
                    "UPDATE done_action SET submitted_at = ? WHERE partition_id = ? AND fingerprint = ? "
                    "AND EXISTS (SELECT 1 FROM item WHERE partition_id = ? AND item.fingerprint = ?)",
                    *(self._rows.now(), self._id, row["fingerprint"], self._id, _told(row).fingerprint),
                )

    def told(self) -> tuple[DoneAction, ...]:
        """The known actions that are done, the latest last."""
        rows = self._rows.execute(
            "SELECT * FROM done_action WHERE partition_id = ? AND earlier_id IS NOT NULL ORDER BY rowid", self._id
        )
        return tuple(
            DoneAction(row["earlier"], _document(row["evidence"]), row["seen_at"], row["submitted_at"] is not None)
            for row in rows.fetchall()
        )

    def _untold(self) -> list[sqlite3.Row]:
        return self._rows.execute(
            "SELECT * FROM done_action WHERE partition_id = ? AND earlier_id IS NOT NULL AND submitted_at IS NULL "
            "ORDER BY rowid",
            self._id,
        ).fetchall()

    def _open_actions(self, before: float) -> Iterable[Known]:
        """Open actions of the journal that are older; of a group its members."""
        rows = self._rows.execute(
            "SELECT item.*, part.payload AS part_payload, quote FROM item "
            "LEFT JOIN item_part AS part ON item = item.id WHERE partition_id = ? AND item.domain = ? "
            "AND forgotten_at IS NULL AND done_at IS NULL AND created_at < ? "
            "AND state IN ('queued', 'pending', 'approved', 'unknown') ORDER BY item.id, position",
            *(self._id, ACTIONS, before),
        )
        for row in rows.fetchall():
            payload = json.loads(row["part_payload"] or row["payload"])
            if payload.get("status") != "done":
                quote = row["quote"] or _quote(row["evidence"])
                yield Known(row["fingerprint"], ACTIONS, payload, row["state"], quote)

    def _newer(self, near: Known, seen_at: float) -> bool:
        """Whether an item came after the mark: it was let through as an action that is open again."""
        row = self._rows.execute(
            "SELECT 1 FROM item WHERE partition_id = ? AND fingerprint IN (?, ?) AND created_at >= ?",
            *(self._id, near.id, fingerprint(ACTIONS, near.payload), seen_at),
        ).fetchone()
        return row is not None

    def _settle(self, mark: sqlite3.Row, near: Known) -> bool:
        """Marks one known action; False where it was taken back, since it never left."""
        with self._rows.transaction():
            row = self._rows.execute(
                "SELECT id, state FROM item WHERE partition_id = ? AND fingerprint = ?",
                *(self._id, fingerprint(ACTIONS, near.payload)),
            ).fetchone()
            if row is not None and row["state"] == "queued":
                take_apart(self._rows, self._id, [row["id"]])
                self._rows.execute("DELETE FROM item WHERE id = ?", row["id"])
                return False
            if row is not None:
                self._rows.execute(
                    "UPDATE item SET done_at = ?, done_in = ? WHERE id = ?",
                    *(self._rows.now(), _document(mark["evidence"]), row["id"]),
                )
            self._rows.execute(
                "UPDATE done_action SET earlier = ?, earlier_id = ? WHERE partition_id = ? AND fingerprint = ?",
                *(label_of(ACTIONS, near.payload), near.id, self._id, mark["fingerprint"]),
            )
        return True


def known_of(marks: Iterable[Mark]) -> list[Known]:
    """Marks as what is known: an open action that one of them is about is not added."""
    return [Known(m.item.fingerprint, ACTIONS, m.item.payload, "done", _said(m.item.evidence, "quote")) for m in marks]


def opened_again(decision: Decision, marks: Sequence[Mark]) -> Decision:
    """A duplicate of a done action, said later than the note that ticked it off: a person judges it."""
    dated = decision.item.evidence[0].date
    if not isinstance(decision, Duplicate) or decision.of.state != "done" or not dated:
        return decision
    mark = next((m for m in marks if m.item.fingerprint == decision.of.id), None)
    if mark is None or not mark.dated or dated <= mark.dated:
        return decision
    return Review(decision.item, decision.of, decision.score, f"done on {mark.dated}, as notes say, and open again")


def _told(row: sqlite3.Row) -> BatchItem:
    """The action as done, with the earlier item in its description: that is what makes it another item."""
    item, earlier = _item(row), row["earlier"][:NAMED]
    said = f"Done, as {_document(row['evidence']) or 'a later note'} says. Earlier item: “{earlier}”."
    before = str(item.payload.get("description") or "")[: LONG_TEXT - len(said) - 1]
    payload = {**item.payload, "status": "done", "description": f"{before}\n{said}".strip()}
    return replace(item, fingerprint=fingerprint(ACTIONS, payload), payload=payload)


def _item(row: sqlite3.Row) -> BatchItem:
    return BatchItem(row["fingerprint"], ACTIONS, json.loads(row["payload"]), json.loads(row["evidence"]))


def _said(evidence: Any, name: str) -> str:
    return str((evidence or {}).get(name) or "")


def _quote(evidence: str | None) -> str:
    return _said(json.loads(evidence or "null"), "quote")


def _document(evidence: str | None) -> str:
    return _said(json.loads(evidence or "null"), "document")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
