"""Every SQL statement of the backend, and nothing but SQL: callers give a connection and the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, func, select

from askcv_agents.staging.tables import access, batch, idempotency, item, record, request_event, tenant, token

Row: TypeAlias = RowMapping


def _one(connection: Connection, statement: sa.Select[Any]) -> Row | None:
    return connection.execute(statement).mappings().first()


def _all(connection: Connection, statement: sa.Select[Any]) -> Sequence[Row]:
    return connection.execute(statement).mappings().all()


# -- tenants, tokens, access -------------------------------------------------------------------------------------------


def tenant_by_name(connection: Connection, name: str) -> Row | None:
    return _one(connection, select(tenant).where(tenant.c.name == name))


def tenant_by_id(connection: Connection, tenant_id: str) -> Row:
    return connection.execute(select(tenant).where(tenant.c.id == tenant_id)).mappings().one()


def tenants(connection: Connection) -> Sequence[Row]:
    return _all(connection, select(tenant).order_by(tenant.c.created_at, tenant.c.name))


def add(connection: Connection, table: sa.Table, **values: Any) -> None:
    connection.execute(table.insert().values(**values))


def token_by_hash(connection: Connection, sha256: str) -> Row | None:
    return _one(connection, select(token).where(token.c.sha256 == sha256))


def access_by_hash(connection: Connection, kind: str, sha256: str, now: int) -> Row | None:
    found = select(access).where(access.c.kind == kind, access.c.sha256 == sha256, access.c.expires_at > now)
    return _one(connection, found)


def remove_access(connection: Connection, kind: str, sha256: str) -> bool:
    """Whether it was still there: of two that use a link at once, one is told no."""
    gone = connection.execute(access.delete().where(access.c.kind == kind, access.c.sha256 == sha256))
    return gone.rowcount == 1


# -- limits ------------------------------------------------------------------------------------------------------------


def requests_since(connection: Connection, tenant_id: str, bucket: str, since: int) -> tuple[int, int | None]:
    """How many requests came after ``since``, and when the oldest of them did."""
    window = (request_event.c.tenant_id == tenant_id, request_event.c.bucket == bucket, request_event.c.at > since)
    count, oldest = connection.execute(select(func.count(), func.min(request_event.c.at)).where(*window)).one()
    return count, oldest


def forget_requests(connection: Connection, tenant_id: str, bucket: str, until: int) -> None:
    gone = (request_event.c.tenant_id == tenant_id, request_event.c.bucket == bucket, request_event.c.at <= until)
    connection.execute(request_event.delete().where(*gone))


# -- batches and items -------------------------------------------------------------------------------------------------


def add_batch(
    connection: Connection, batch_id: str, tenant_id: str, now: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    connection.execute(batch.insert().values(id=batch_id, tenant_id=tenant_id, created_at=now))
    connection.execute(item.insert(), list(rows))


def batch_of_tenant(connection: Connection, tenant_id: str, batch_id: str) -> Row | None:
    return _one(connection, select(batch).where(batch.c.id == batch_id, batch.c.tenant_id == tenant_id))


def items_of_batch(connection: Connection, batch_id: str) -> Sequence[Row]:
    return _all(connection, select(item).where(item.c.batch_id == batch_id).order_by(item.c.position))


def items_page(
    connection: Connection, tenant_id: str, status: str, domain: str | None, window: tuple[int, int]
) -> Sequence[Row]:
    """Items in one state, oldest first; ``window`` is offset and limit."""
    wanted = select(item).where(item.c.tenant_id == tenant_id, item.c.status == status)
    if domain is not None:
        wanted = wanted.where(item.c.domain == domain)
    return _all(connection, wanted.order_by(item.c.seq).offset(window[0]).limit(window[1]))


def item_counts(connection: Connection, tenant_id: str) -> dict[tuple[str, str], int]:
    """How many items there are by state and domain."""
    counted = (
        select(item.c.status, item.c.domain, func.count())
        .where(item.c.tenant_id == tenant_id)
        .group_by(item.c.status, item.c.domain)
    )
    return {(status, domain): count for status, domain, count in connection.execute(counted)}


def pending_items(connection: Connection, tenant_id: str, item_ids: Sequence[str]) -> Sequence[Row]:
    """Those of the items that are this tenant's and still pending."""
    wanted = select(item).where(item.c.tenant_id == tenant_id, item.c.status == "pending", item.c.id.in_(item_ids))
    return _all(connection, wanted.order_by(item.c.seq))


def set_reviewed(connection: Connection, item_ids: Sequence[str], status: str, now: int) -> None:
    connection.execute(item.update().where(item.c.id.in_(item_ids)).values(status=status, reviewed_at=now))


# -- the record --------------------------------------------------------------------------------------------------------


def add_records(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    connection.execute(record.insert(), list(rows))


def record_page(connection: Connection, tenant_id: str, domain: str, offset: int, limit: int) -> Sequence[Row]:
    wanted = select(record).where(record.c.tenant_id == tenant_id, record.c.domain == domain)
    return _all(connection, wanted.order_by(record.c.seq).offset(offset).limit(limit))


def record_counts(connection: Connection, tenant_id: str) -> dict[str, tuple[int, int]]:
    """By domain: how many live items, and when the last changed."""
    counted = (
        select(record.c.domain, func.count(), func.max(record.c.updated_at))
        .where(record.c.tenant_id == tenant_id)
        .group_by(record.c.domain)
    )
    return {domain: (count, updated) for domain, count, updated in connection.execute(counted)}


# -- idempotency -------------------------------------------------------------------------------------------------------


def remembered_answer(connection: Connection, tenant_id: str, key: str, since: int) -> Row | None:
    mine = (idempotency.c.tenant_id == tenant_id, idempotency.c.key == key, idempotency.c.created_at > since)
    return _one(connection, select(idempotency).where(*mine))


def remember_answer(connection: Connection, row: Mapping[str, Any]) -> None:
    mine = (idempotency.c.tenant_id == row["tenant_id"], idempotency.c.key == row["key"])
    connection.execute(idempotency.delete().where(*mine))  # one that has expired
    connection.execute(idempotency.insert().values(**row))
