"""Jobs: written in the transaction that makes them necessary, leased by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from askcv_agents.staging.repository.rows import Row, every, one
from askcv_agents.staging.tables import job

_ADD_JOB = job.insert()


def add_job(connection: Connection, tenant_id: str, kind: str, subject: str, now: int) -> None:
    row = {"tenant_id": tenant_id, "kind": kind, "subject": subject, "state": "ready", "attempts": 0}
    connection.execute(_ADD_JOB, {**row, "run_after": now, "created_at": now})


def add_job_once(connection: Connection, tenant_id: str, kind: str, now: int) -> None:
    """A job for a tenant as a whole, unless one like it waits already."""
    waiting = select(job.c.seq).where(job.c.state == "ready", job.c.tenant_id == tenant_id, job.c.kind == kind)
    if one(connection, waiting.limit(1)) is None:
        add_job(connection, tenant_id, kind, "", now)


def due(connection: Connection, now: int, *, lock: bool = False) -> Row | None:
    """The oldest job that is to be run: ready, or leased by a worker that has not come back. Locked, others skip it."""
    waiting = or_(
        and_(job.c.state == "ready", job.c.run_after <= now),
        and_(job.c.state == "leased", job.c.leased_until < now),
    )
    oldest = select(job).where(waiting).order_by(job.c.seq).limit(1)
    return one(connection, oldest.with_for_update(skip_locked=True) if lock else oldest)


def lease(connection: Connection, seq: int, worker: str, until: int) -> None:
    taken = job.update().where(job.c.seq == seq)
    connection.execute(taken.values(state="leased", worker=worker, leased_until=until, attempts=job.c.attempts + 1))


def finish(connection: Connection, seq: int, worker: str, **values: Any) -> bool:
    """Whether the worker still held it: the work of one that was thought lost does not count twice."""
    mine = job.update().where(job.c.seq == seq, job.c.worker == worker, job.c.state == "leased")
    return connection.execute(mine.values(leased_until=None, **values)).rowcount == 1


def jobs_of_tenant(connection: Connection, tenant_id: str, limit: int) -> Sequence[Row]:
    return every(connection, select(job).where(job.c.tenant_id == tenant_id).order_by(job.c.seq.desc()).limit(limit))


def job_counts(connection: Connection, tenant_id: str | None = None) -> dict[str, int]:
    """How many jobs there are by state; those that are done are not counted."""
    counted = select(job.c.state, func.count()).where(job.c.state != "done").group_by(job.c.state)
    if tenant_id is not None:
        counted = counted.where(job.c.tenant_id == tenant_id)
    return {row.state: row[1] for row in connection.execute(counted)}


def forget_done(connection: Connection, until: int) -> None:
    connection.execute(job.delete().where(job.c.state == "done", job.c.finished_at <= until))


def retry_failed(connection: Connection, tenant_id: str, now: int) -> int:
    again = job.update().where(job.c.tenant_id == tenant_id, job.c.state == "failed")
    return connection.execute(again.values(state="ready", attempts=0, run_after=now, error=None)).rowcount
