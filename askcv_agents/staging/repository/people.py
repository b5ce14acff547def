"""Tenants, their tokens, and what opens their inbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select

from askcv_agents.staging.repository.rows import Row, every, one
from askcv_agents.staging.tables import access, tenant, token


def tenant_by_name(connection: Connection, name: str) -> Row | None:
    return one(connection, select(tenant).where(tenant.c.name == name))


def tenant_by_id(connection: Connection, tenant_id: str) -> Row:
    return connection.execute(select(tenant).where(tenant.c.id == tenant_id)).mappings().one()


def tenants(connection: Connection) -> Sequence[Row]:
    return every(connection, select(tenant).order_by(tenant.c.created_at, tenant.c.name))


def lock_tenant(connection: Connection, tenant_id: str) -> None:
    """Other transactions that lock the tenant wait. SQLite has one writer anyhow."""
    if connection.dialect.name != "sqlite":
        mine = select(tenant.c.id).where(tenant.c.id == tenant_id)
        connection.execute(mine.with_for_update(key_share=True))


_TOKEN = select(token).where(token.c.sha256 == bindparam("given"), token.c.revoked_at.is_(None))


def token_by_hash(connection: Connection, sha256: str) -> Row | None:
    """A token that is not revoked."""
    return connection.execute(_TOKEN, {"given": sha256}).mappings().first()


def tokens(connection: Connection, tenant_id: str | None) -> Sequence[Row]:
    """Newest first, with the names of their tenants."""
    wanted = select(token, tenant.c.name.label("tenant")).join(tenant, tenant.c.id == token.c.tenant_id)
    if tenant_id is not None:
        wanted = wanted.where(token.c.tenant_id == tenant_id)
    return every(connection, wanted.order_by(token.c.created_at.desc(), token.c.id))


def touch_token(connection: Connection, sha256: str, now: int) -> None:
    connection.execute(token.update().where(token.c.sha256 == sha256).values(last_used_at=now))


def revoke_token(connection: Connection, token_id: str, tenant_id: str | None, now: int) -> bool:
    """Whether there was such a token that could be revoked."""
    mine = token.update().where(token.c.id == token_id, token.c.revoked_at.is_(None))
    if tenant_id is not None:
        mine = mine.where(token.c.tenant_id == tenant_id)
    return connection.execute(mine.values(revoked_at=now)).rowcount == 1


def access_by_hash(connection: Connection, kind: str, sha256: str, now: int) -> Row | None:
    found = select(access).where(access.c.kind == kind, access.c.sha256 == sha256, access.c.expires_at > now)
    return one(connection, found)


def remove_access(connection: Connection, kind: str, sha256: str) -> bool:
    """Whether it was still there: of two that use a link at once, one is told no."""
    gone = connection.execute(access.delete().where(access.c.kind == kind, access.c.sha256 == sha256))
    return gone.rowcount == 1


def forget_access(connection: Connection, now: int) -> None:
    """Links and sessions that open nothing any more."""
    connection.execute(access.delete().where(access.c.expires_at <= now))
