"""Tenants and what opens their doors: tokens, one-time inbox links, sessions. Secrets are kept as SHA-256 only."""

from __future__ import annotations

import base64
import hashlib
import secrets
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from askcv_agents import wire
from askcv_agents.staging import tables
from askcv_agents.staging.repository import people, requests
from askcv_agents.staging.repository.rows import Row, add
from askcv_agents.staging.store import Store

LINK_SECONDS = 3600
SESSION_SECONDS = 12 * 3600
LAST_USE_MS = 60_000
"""How exactly the last use of a token is known: a write for every request would cost more than it tells."""
_RANDOM = 40
_CHECKSUM = 6


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

    def create_token(self, tenant: str, kind: str, scopes: Sequence[str] | None = None, name: str | None = None) -> str:
        """A new token of the tenant with that name, who is made where there is none. It is shown this once."""
        token_type = wire.TOKEN_TYPES[kind]
        value = checksummed(token_type.prefix + secrets.token_urlsafe(30))
        with self.store.write() as connection:
            found = people.tenant_by_name(connection, tenant)
            tenant_id = found["id"] if found else new_id("ten")
            if not found:
                add(connection, tables.tenant, id=tenant_id, name=tenant, created_at=self._ms())
            add(
                connection,
                tables.token,
                sha256=_sha256(value),
                tenant_id=tenant_id,
                type=kind,
                scopes=list(token_type.scopes if scopes is None else scopes),
                created_at=self._ms(),
                id=new_id("tok"),
                name=name,
                hint=value[: len(token_type.prefix) + 4],
            )
        return value

    def tokens(self, tenant_id: str | None = None) -> Sequence[Row]:
        """All tokens, or those of one tenant; newest first, the revoked ones too."""
        with self.store.read() as connection:
            return people.tokens(connection, tenant_id)

    def revoke_token(self, token_id: str, tenant_id: str | None = None) -> bool:
        """Whether there was such a token (of that tenant), which opens nothing from now on."""
        with self.store.write() as connection:
            return people.revoke_token(connection, token_id, tenant_id, self._ms())

    def tenant_names(self) -> list[str]:
        with self.store.read() as connection:
            return [row["name"] for row in people.tenants(connection)]

    def tenant_id(self, name: str) -> str | None:
        with self.store.read() as connection:
            found = people.tenant_by_name(connection, name)
        return found["id"] if found else None

    def create_link(self, tenant: str) -> str | None:
        """A key that opens the tenant's inbox once, within an hour; None where there is no such tenant."""
        with self.store.write() as connection:
            found = people.tenant_by_name(connection, tenant)
            now = self._ms()
            people.forget_access(connection, now)
            requests.forget_answers(connection, now - wire.IDEMPOTENCY_HOURS * 3_600_000)
            return self._grant(connection, "link", found["id"], LINK_SECONDS) if found else None

    def open_link(self, key: str) -> str | None:
        """A session for the tenant of a link, which is used up; None where it is unknown, used or expired."""
        with self.store.write() as connection:
            found = people.access_by_hash(connection, "link", _sha256(key), self._ms())
            if found is None or not people.remove_access(connection, "link", _sha256(key)):
                return None
            return self._grant(connection, "session", found["tenant_id"], SESSION_SECONDS)

    def session_tenant(self, session: str) -> Row | None:
        """The tenant whose inbox a session shows."""
        with self.store.read() as connection:
            found = people.access_by_hash(connection, "session", _sha256(session), self._ms())
            return people.tenant_by_id(connection, found["tenant_id"]) if found else None

    def sign_out(self, session: str) -> None:
        """Ends a session: its cookie opens nothing any more."""
        with self.store.write() as connection:
            people.remove_access(connection, "session", _sha256(session))

    def authenticate(self, bearer: str | None) -> Principal:
        """Who a bearer token speaks for."""
        if bearer is not None and not mistyped(bearer):
            digest = _sha256(bearer)
            with self.store.read() as connection:
                found = people.token_by_hash(connection, digest)
            if found is not None:
                now = self._ms()
                if now - (found["last_used_at"] or 0) > LAST_USE_MS:
                    with self.store.write() as connection:
                        people.touch_token(connection, digest, now)
                return Principal(found["tenant_id"], found["type"], tuple(found["scopes"]))
        raise Refusal(401, wire.UNAUTHORIZED, "A valid bearer token is required.")

    def _grant(self, connection: Connection, kind: str, tenant_id: str, seconds: int) -> str:
        value = secrets.token_urlsafe(24)
        expires = self._ms() + seconds * 1000
        add(connection, tables.access, sha256=_sha256(value), kind=kind, tenant_id=tenant_id, expires_at=expires)
        return value


def new_id(kind: str) -> str:
    """An id that nobody guesses."""
    return f"{kind}_{secrets.token_hex(12)}"


def new_ids(kind: str, now: int, count: int) -> list[str]:
    """Such ids that begin with the time: they lie together in an index, and are quicker to store."""
    drawn = secrets.token_hex(8 * count)
    return [f"{kind}_{now:011x}{drawn[at : at + 16]}" for at in range(0, 16 * count, 16)]


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def checksummed(value: str) -> str:
    """The token with a checksum at its end, by which a mistyped one is known without asking the database."""
    return value + base64.urlsafe_b64encode(zlib.crc32(value.encode()).to_bytes(4, "big")).decode().rstrip("=")


def mistyped(value: str) -> bool:
    """Whether a token's checksum is wrong. One without a checksum is an older one."""
    prefix = next((kind.prefix for kind in wire.TOKEN_TYPES.values() if value.startswith(kind.prefix)), "")
    if len(value) != len(prefix) + _RANDOM + _CHECKSUM:
        return False
    return not secrets.compare_digest(checksummed(value[:-_CHECKSUM]).encode(), value.encode())
