"""Tenants and what opens their doors: tokens, one-time inbox links, sessions. Secrets are kept as SHA-256 only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from askcv_agents import wire
from askcv_agents.staging import repository, tables
from askcv_agents.staging.repository import Row
from askcv_agents.staging.store import Store

LINK_SECONDS = 3600
SESSION_SECONDS = 12 * 3600


class Refusal(Exception):
    """A request that is answered with an error: HTTP status, code, message and the code's further fields."""

    def __init__(self, status: int, code: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": code, "message": message, **extra}


@dataclass(frozen=True)
class Principal:
    """Who asks: a token's tenant, type and scopes."""

    tenant_id: str
    token_type: str
    scopes: tuple[str, ...]


class Principals:
    """Who may come in, over one store. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self.store = store
        self._ms = now

    def create_token(self, tenant: str, kind: str, scopes: Sequence[str] | None = None) -> str:
        """A new token of the tenant with that name, who is made where there is none. It is shown this once."""
        token_type = wire.TOKEN_TYPES[kind]
        value = token_type.prefix + secrets.token_urlsafe(30)
        with self.store.write() as connection:
            found = repository.tenant_by_name(connection, tenant)
            tenant_id = found["id"] if found else new_id("ten")
            if not found:
                repository.add(connection, tables.tenant, id=tenant_id, name=tenant, created_at=self._ms())
            repository.add(
                connection,
                tables.token,
                sha256=_sha256(value),
                tenant_id=tenant_id,
                type=kind,
                scopes=list(token_type.scopes if scopes is None else scopes),
                created_at=self._ms(),
            )
        return value

    def tenant_names(self) -> list[str]:
        with self.store.read() as connection:
            return [row["name"] for row in repository.tenants(connection)]

    def create_link(self, tenant: str) -> str | None:
        """A key that opens the tenant's inbox once, within an hour; None where there is no such tenant."""
        with self.store.write() as connection:
            found = repository.tenant_by_name(connection, tenant)
            now = self._ms()
            repository.forget_expired(connection, now, now - wire.IDEMPOTENCY_HOURS * 3_600_000)
            return self._grant(connection, "link", found["id"], LINK_SECONDS) if found else None

    def open_link(self, key: str) -> str | None:
        """A session for the tenant of a link, which is used up; None where it is unknown, used or expired."""
        with self.store.write() as connection:
            found = repository.access_by_hash(connection, "link", _sha256(key), self._ms())
            if found is None or not repository.remove_access(connection, "link", _sha256(key)):
                return None
            return self._grant(connection, "session", found["tenant_id"], SESSION_SECONDS)

    def session_tenant(self, session: str) -> Row | None:
        """The tenant whose inbox a session shows."""
        with self.store.read() as connection:
            found = repository.access_by_hash(connection, "session", _sha256(session), self._ms())
            return repository.tenant_by_id(connection, found["tenant_id"]) if found else None

    def sign_out(self, session: str) -> None:
        """Ends a session: its cookie opens nothing any more."""
        with self.store.write() as connection:
            repository.remove_access(connection, "session", _sha256(session))

    def authenticate(self, bearer: str | None) -> Principal:
        """Who a bearer token speaks for."""
        if bearer is not None:
            with self.store.read() as connection:
                found = repository.token_by_hash(connection, _sha256(bearer))
            if found is not None:
                return Principal(found["tenant_id"], found["type"], tuple(found["scopes"]))
        raise Refusal(401, wire.UNAUTHORIZED, "A valid bearer token is required.")

    def _grant(self, connection: Connection, kind: str, tenant_id: str, seconds: int) -> str:
        value = secrets.token_urlsafe(24)
        expires = self._ms() + seconds * 1000
        repository.add(
            connection, tables.access, sha256=_sha256(value), kind=kind, tenant_id=tenant_id, expires_at=expires
        )
        return value


def new_id(kind: str) -> str:
    return f"{kind}_{secrets.token_hex(12)}"


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
