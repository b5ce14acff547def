"""The mirror: what the record holds, kept in the journal page by page, so that decisions need no export of it all.

A page is on disk before the next is asked for, and each request is on record before it leaves: a killed run goes on
where it stopped, and all runs together stay within the service's limit. Later runs read on from the end (exports are
oldest first); where the count does not come out, something was taken away or put between, and it is read anew. What the
person *edits* in the record shows only after a whole reading (``--refresh``): the service does not tell.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from askcv_agents import operations, wire
from askcv_agents.errors import ConnectionFailed, RateLimited, ServerError
from askcv_agents.exchange import Emit, Operation, RetryPolicy, Wait
from askcv_pipelines.budget import MARGIN
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.events import Event, Progress
from askcv_pipelines.rows import Rows
from askcv_pipelines.values import Known

HOUR = 3600.0
PAGE = wire.MAX_PAGE_ITEMS
PER_HOUR = wire.LIMITS["export"].requests
ATTEMPTS = 3
Reading = Literal["refresh", "whole", "offline"]
"""How the record is read before a run decides: what is new in it, the whole of it, or nothing."""
ONCE = RetryPolicy(attempts=1, max_wait=0.0)
"""One request: trying again is done here, where each is on record."""


@dataclass(frozen=True)
class MirrorState:
    """A domain's mirror: how many items, read to its end or not, and when (seconds since 1970; None: never).
    ``wait`` is in seconds, where the limit keeps it from being read on."""

    domain: str
    items: int
    complete: bool
    read_at: float | None
    wait: float | None = None


class Mirror:
    """One domain's mirror in a partition of the journal."""

    def __init__(self, rows: Rows, partition: int, domain: str) -> None:
        self._rows = rows
        self._id = partition
        self.domain = domain

    def state(self, wait: float | None = None) -> MirrorState:
        row = self._row()
        if row is None:
            return MirrorState(self.domain, 0, complete=False, read_at=None, wait=wait)
        return MirrorState(self.domain, self._count(), bool(row["complete"]), row["read_at"], wait)

    def known(self) -> Iterator[Known]:
        """Every item, oldest first."""
        rows = self._rows.execute(
            "SELECT remote_id, payload FROM mirror_item WHERE partition_id = ? AND domain = ? ORDER BY id",
            *(self._id, self.domain),
        )
        for row in rows:
            yield Known(row["remote_id"], self.domain, json.loads(row["payload"]), "approved")

    def clear(self) -> None:
        """Forgets what was read; not what was asked: the limit counts that."""
        with self._rows.transaction():
            for table in ("mirror", "mirror_item"):
                self._rows.execute(
                    f"DELETE FROM {table} WHERE partition_id = ? AND domain = ?",  # noqa: S608 - names of tables
                    *(self._id, self.domain),
                )

    def place(self) -> operations.Position:
        """Where to read on: behind the last full page, or at the cursor that followed it."""
        row = self._row()
        if row is None:
            return operations.Position()
        if row["complete"] and not row["cursor"]:
            return operations.Position(self._count() // PAGE + 1)
        return operations.Position(row["page"] + 1, row["cursor"])

    def held_for(self) -> float:
        """Seconds until the limit lets another page be asked for."""
        now = self._rows.now()
        self._rows.execute(
            "DELETE FROM export_request WHERE partition_id = ? AND domain = ? AND (asked_at <= ? OR asked_at > ?)",
            *(self._id, self.domain, now - HOUR - MARGIN, now + HOUR),  # a clock that was set back frees its future
        )
        times = self._rows.execute(
            "SELECT asked_at FROM export_request WHERE partition_id = ? AND domain = ? ORDER BY asked_at DESC",
            *(self._id, self.domain),
        ).fetchall()
        if len(times) < PER_HOUR:
            return 0.0
        return max(0.0, float(times[PER_HOUR - 1][0]) + HOUR + MARGIN - now)

    def asking(self) -> None:
        """On disk before the request leaves."""
        self._rows.execute("INSERT INTO export_request VALUES (?, ?, ?)", self._id, self.domain, self._rows.now())

    def take(self, at: operations.Position, answer: wire.ExportPage, following: operations.Position | None) -> None:
        """Keeps a page and where the next begins, all or nothing."""
        with self._rows.transaction():
            for item in answer.items:
                self._rows.execute(
                    "INSERT INTO mirror_item (partition_id, domain, remote_id, payload) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT DO UPDATE SET payload = excluded.payload",
                    *(self._id, self.domain, item.id, json.dumps(item.payload, ensure_ascii=False)),
                )
            full = following is not None
            self._rows.execute(
                "INSERT INTO mirror VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET page = excluded.page, "
                "cursor = excluded.cursor, total = excluded.total, complete = excluded.complete, "
                "read_at = excluded.read_at",
                *(self._id, self.domain, at.page if full else at.page - 1, following.cursor if following else None),
                *(answer.total, not full, self._rows.now()),
            )

    def counts_come_out(self, answer: wire.ExportPage) -> bool:
        """Whether the mirror holds as many items as the service says it has."""
        return answer.total is None or answer.total == self._count()

    def _row(self) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._rows.execute(
            "SELECT * FROM mirror WHERE partition_id = ? AND domain = ?", self._id, self.domain
        ).fetchone()
        return found

    def _count(self) -> int:
        row = self._rows.execute(
            "SELECT count(*) FROM mirror_item WHERE partition_id = ? AND domain = ?", self._id, self.domain
        ).fetchone()
        return int(row[0])


def refreshed(mirror: Mirror, retry: RetryPolicy, *, whole: bool = False) -> Operation[Event, MirrorState]:
    """Reads what the mirror lacks; all of it where ``whole``. Ends early where the limit asks for a longer wait than
    the policy allows: the state then says how long, and a later call goes on from there.

    Raises:
        ApiError: the service cannot be reached or refuses; what was read is kept.
    """
    anew = whole
    if whole:
        mirror.clear()
    waited = 0.0
    attempt = 0
    at: operations.Position | None = mirror.place()
    while at is not None:
        if (pause := mirror.held_for()) > 0:
            if waited + pause > retry.max_wait:
                return mirror.state(wait=pause)
            waited += pause
            yield Wait(pause)
            continue
        mirror.asking()
        try:
            answer = yield from operations.export_page(mirror.domain, ONCE, at)
        except RateLimited as limited:
            return mirror.state(wait=HOUR if limited.retry_after is None else limited.retry_after)
        except (ConnectionFailed, ServerError):
            attempt += 1
            if attempt >= ATTEMPTS:
                raise
            yield Wait(retry.backoff(attempt))
            continue
        attempt = 0
        following = at.after(answer)
        mirror.take(at, answer, following)
        yield Emit(Progress("known", mirror.state().items, answer.total or mirror.state().items, mirror.domain))
        if following is None and not anew and not mirror.counts_come_out(answer):
            mirror.clear()
            anew, following = True, operations.Position()
        at = following
    return mirror.state()


def fingerprints(mirror: Mirror) -> Iterator[str]:
    """The identities of what the record holds."""
    return (fingerprint(mirror.domain, item.payload) for item in mirror.known())
