"""A partition of the journal: what belongs to one tenant of one service."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from askcv_agents.wire import Limit
from askcv_pipelines.approval import Approval
from askcv_pipelines.done import DoneActions
from askcv_pipelines.forgetting import Forgetting
from askcv_pipelines.mirror import Mirror
from askcv_pipelines.outbox import Outbox, QueuedItem
from askcv_pipelines.places import Places
from askcv_pipelines.redact import Names
from askcv_pipelines.rows import JournalFile
from askcv_pipelines.trail import Trail
from askcv_pipelines.values import DocumentInfo, Known, KnownState
from askcv_pipelines.withdrawal import Withdrawal

OUTCOME = """
    SELECT item.state, item.issues, batch.batch_id
    FROM item LEFT JOIN batch_item ON batch_item.item = item.id LEFT JOIN batch ON batch.id = batch_item.batch
    WHERE item.partition_id = ? AND item.fingerprint = ?
"""
CLOCKS_DIFFER = 60.0
"""Seconds by which a clock may be set back without a word: machines correct themselves."""


@dataclass(frozen=True)
class ItemOutcome:
    """Where an item stands: its state, the batch it left in, and what the service found wrong with it."""

    state: KnownState
    batch_id: str | None
    issues: tuple[dict[str, str], ...]


class Partition:
    """The part of the journal that belongs to one tenant of one service."""

    def __init__(self, journal: JournalFile, number: int, limit: Limit | None, trail: Trail) -> None:
        self._journal = journal
        self._id = number
        self._trail = trail
        self.now = journal.now
        self.restored = journal.restored
        self.outbox = Outbox(journal, number, limit, trail)
        self.places = Places(journal, number)
        self.withdrawal = Withdrawal(journal, number)
        self.done = DoneActions(journal, number)
        self.forgetting = Forgetting(journal, number)

    def compare_clocks(self) -> None:
        """Notes the time. A clock that was set back since the last run leaves ages that cannot be trusted."""
        row = self._journal.execute("SELECT opened_at FROM partition WHERE id = ?", self._id).fetchone()
        if self.now() < float(row[0]) - CLOCKS_DIFFER:
            self.outbox.clock_was_set_back()
        self._journal.execute("UPDATE partition SET opened_at = ? WHERE id = ?", self.now(), self._id)

    def copy(self) -> None:
        """Makes the journal's last good copy anew: what is forgotten in the journal is gone from it as well."""
        self._journal.copy()
        self._trail.clear()

    def wiped(self) -> None:
        """What was forgotten is gone from every file of the journal: the file itself, its copy, a damaged one that was
        kept beside it."""
        self.forgetting.wiped()
        self.copy()
        for damaged in self._journal.path.parent.glob(f"{self._journal.path.name}.damaged*"):
            damaged.unlink(missing_ok=True)

    def enqueue(self, ready: Sequence[QueuedItem], approval: Approval | None) -> None:
        """Queues what may leave: all of it, where nobody is to be asked."""
        if approval is None:
            self.outbox.enqueue(ready)
            return
        allowed = self.withdrawal.admit(ready, approval)
        self.outbox.enqueue(allowed)
        self.withdrawal.allow([entry.item.fingerprint for entry in allowed])

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
