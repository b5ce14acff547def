"""Requests as they count for limits, and the answers that are remembered for their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from askcv_agents.staging.repository.rows import Row, one
from askcv_agents.staging.tables import idempotency, request_event


def requests_since(connection: Connection, tenant_id: str, bucket: str, since: int) -> tuple[int, int | None]:
    """How many requests came after ``since``, and when the oldest of them did."""
    window = (request_event.c.tenant_id == tenant_id, request_event.c.bucket == bucket, request_event.c.at > since)
    count, oldest = connection.execute(select(func.count(), func.min(request_event.c.at)).where(*window)).one()
    return count, oldest


def forget_requests(connection: Connection, tenant_id: str, bucket: str, until: int) -> None:
    gone = (request_event.c.tenant_id == tenant_id, request_event.c.bucket == bucket, request_event.c.at <= until)
    connection.execute(request_event.delete().where(*gone))


def remembered_answer(connection: Connection, tenant_id: str, key: str, since: int) -> Row | None:
    mine = (idempotency.c.tenant_id == tenant_id, idempotency.c.key == key, idempotency.c.created_at > since)
    return one(connection, select(idempotency).where(*mine))


def remember_answer(connection: Connection, row: Mapping[str, Any]) -> None:
    mine = (idempotency.c.tenant_id == row["tenant_id"], idempotency.c.key == row["key"])
    connection.execute(idempotency.delete().where(*mine))  # one that has expired
    connection.execute(idempotency.insert().values(**row))


def forget_answers(connection: Connection, until: int) -> None:
    connection.execute(idempotency.delete().where(idempotency.c.created_at <= until))
