"""Runs jobs, one after another, beside the server or in a process of its own. Several workers share one database."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable

from askcv_agents.staging.gaps import looked_for
from askcv_agents.staging.ingestion import ingested
from askcv_agents.staging.neighbours import sketched
from askcv_agents.staging.repository import jobs
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Kind, Shop
from askcv_agents.staging.verdicts import decided, undone

log = logging.getLogger("askcv_agents.staging.worker")

LEASE_MS = 60_000
"""How long a worker is waited for before another takes its job."""
ATTEMPTS = 5
BACKOFF_MS = 2_000
KEEP_DONE_MS = 24 * 3_600_000
IDLE_SECONDS = 0.5

KINDS: dict[str, Kind] = {
    "decide": decided,
    "gaps": looked_for,
    "ingest": ingested,
    "sketch": sketched,
    "undo": undone,
}


class Worker:
    """Leases jobs and runs them. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, shop: Shop, now: Callable[[], int]) -> None:
        self.shop = shop
        self.store = shop.store
        self._ms = now
        self._name = secrets.token_hex(8)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Runs jobs from a thread until ``stop``."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="askcv-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Lets the job that runs come to its end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None

    def counts(self, tenant_id: str | None = None) -> dict[str, int]:
        """How many jobs are ready, leased and failed."""
        with self.store.read() as connection:
            return jobs.job_counts(connection, tenant_id)

    def retry_failed(self, tenant_id: str) -> int:
        with self.store.write() as connection:
            return jobs.retry_failed(connection, tenant_id, self._ms())

    def run_due(self, most: int = 1_000_000) -> int:
        """Runs what is due now; how many jobs that were."""
        done = 0
        while done < most and not self._stop.is_set() and self.run_one():
            done += 1
        return done

    def run_one(self) -> bool:
        """Runs the oldest job that is due; whether there was one."""
        found = self._take()
        if found is None:
            return False
        try:
            write = KINDS[found["kind"]](self.shop, found["tenant_id"], found["subject"], self._ms())
            with self.store.write() as connection:
                if jobs.finish(connection, found["seq"], self._name, state="done", finished_at=self._ms(), error=None):
                    write(connection)
            self._say(found, "done")
        except Exception as error:  # noqa: BLE001 - whatever it was, the job is tried again or shown as failed
            self._failed(found, error)
        return True

    def _take(self) -> Row | None:
        """Looks before it writes: an idle worker takes no writer's turn."""
        now = self._ms()
        with self.store.read() as connection:
            if jobs.due(connection, now) is None:
                return None
        with self.store.write() as connection:
            found = jobs.due(connection, now, lock=True)
            if found is not None:
                jobs.lease(connection, found["seq"], self._name, now + LEASE_MS)
                jobs.forget_done(connection, now - KEEP_DONE_MS)
        return found

    def _failed(self, found: Row, error: Exception) -> None:
        attempts, now = found["attempts"] + 1, self._ms()
        again = attempts < ATTEMPTS
        values = {
            "state": "ready" if again else "failed",
            "run_after": now + BACKOFF_MS * 2**attempts,
            "error": type(error).__name__,  # its text may hold somebody's words
        }
        with self.store.write() as connection:
            jobs.finish(connection, found["seq"], self._name, **values)
        self._say(found, "to be tried again" if again else "failed", error)

    def _say(self, found: Row, what: str, error: Exception | None = None) -> None:
        fields = {"job": found["seq"], "kind": found["kind"], "attempt": found["attempts"] + 1}
        level = logging.DEBUG if error is None else logging.WARNING
        log.log(level, "job %s (%s) %s", found["seq"], found["kind"], what, extra=fields, exc_info=error)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self.run_one()
            except Exception:  # the database may be back in a moment
                log.exception("jobs cannot be run")
                busy = False
            if not busy:
                self._stop.wait(IDLE_SECONDS)
