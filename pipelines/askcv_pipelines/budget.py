"""The rate budget: when the service takes the next batch, as this machine's journal knows it.

Every request is on record before it leaves, so that all runs together stay within the limit and none is sent only to be
refused; and the service's own word (429) holds every batch. A clock that was set back makes no wait longer than it was.
"""

from __future__ import annotations

from askcv_agents import wire
from askcv_pipelines.rows import Rows

MARGIN = 1.0
"""Seconds more than the window for which a request counts here: the service's clock starts when it arrives."""


class Budget:
    """The imports of one partition. ``limit`` None: the service sets none."""

    def __init__(self, rows: Rows, partition: int, limit: wire.Limit | None) -> None:
        self._rows = rows
        self._id = partition
        self.limit = limit

    def asked(self, at: float | None = None) -> None:
        """Notes a request. It belongs into the transaction that lets it leave."""
        moment = self._rows.now() if at is None else at
        self._rows.execute("INSERT INTO import_request VALUES (?, ?)", self._id, moment)

    def gave_back(self) -> None:
        """The last request was not let through: it does not count."""
        self._rows.execute(
            "DELETE FROM import_request WHERE rowid = "
            "(SELECT rowid FROM import_request WHERE partition_id = ? ORDER BY asked_at DESC LIMIT 1)",
            self._id,
        )

    def hold(self, seconds: float) -> None:
        """The service said so: nothing is to be sent for that long."""
        now = self._rows.now()
        self._rows.execute(
            "UPDATE partition SET not_before = ?, held_since = ? WHERE id = ?", now + seconds, now, self._id
        )

    def held_for(self) -> float:
        """Seconds until the service takes the next batch."""
        return max(self._held_by_service(), self._held_by_count())

    def _held_by_service(self) -> float:
        now = self._rows.now()
        row = self._rows.execute("SELECT not_before, held_since FROM partition WHERE id = ?", self._id).fetchone()
        until, since = float(row["not_before"]), float(row["held_since"])
        if now < since < until:  # the clock was set back: what was asked for is waited for, not the hours between
            self.hold(until - since)
            return until - since
        return max(0.0, until - now)

    def _held_by_count(self) -> float:
        if self.limit is None:
            return 0.0
        now, window = self._rows.now(), self.limit.seconds + MARGIN
        with self._rows.transaction():
            self._rows.execute(
                "DELETE FROM import_request WHERE partition_id = ? AND asked_at <= ?", self._id, now - window
            )
            self._rows.execute(  # the clock was set back: a request to come is one that was made
                "UPDATE import_request SET asked_at = ? WHERE partition_id = ? AND asked_at > ?", now, self._id, now
            )
        oldest = self._rows.execute(
            "SELECT asked_at FROM import_request WHERE partition_id = ? ORDER BY asked_at DESC LIMIT 1 OFFSET ?",
            *(self._id, self.limit.requests - 1),
        ).fetchone()
        return 0.0 if oldest is None else max(0.0, float(oldest[0]) + window - now)
