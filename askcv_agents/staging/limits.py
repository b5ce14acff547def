"""Scopes and rate limits: whether a request is let through."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from askcv_agents import wire
from askcv_agents.staging import tables
from askcv_agents.staging.principals import Principal, Refusal
from askcv_agents.staging.repository import people, requests
from askcv_agents.staging.repository.rows import add
from askcv_agents.staging.store import Store

Limits = Mapping[wire.Bucket, wire.Limit]


class Gate:
    """Lets requests through. Windows slide; ``limits`` None means there are none; ``now`` gives milliseconds."""

    def __init__(self, store: Store, limits: Limits | None, now: Callable[[], int]) -> None:
        self.store = store
        self.limits = limits
        self._ms = now

    def admit(self, principal: Principal, bucket: wire.Bucket, domain: str | None = None) -> None:
        """Lets a request of an agent through, or refuses it for its scope or its rate."""
        needed = wire.REQUIRED_SCOPES[bucket]
        if principal.token_type == "mcp":  # noqa: S105 - a type, no secret
            raise _forbidden("MCP tokens work at /api/mcp only.", needed[0])
        if not set(needed) & set(principal.scopes):
            raise _forbidden(f"This call needs the scope {needed[0]}.", needed[0])
        self.count(principal, bucket, domain)

    def require_mcp(self, principal: Principal) -> None:
        """Lets MCP tokens with the scope for it through."""
        if principal.token_type != "mcp" or wire.MCP not in principal.scopes:  # noqa: S105
            raise _forbidden("MCP needs a token of the type mcp, with the scope mcp.", wire.MCP)

    def count(self, principal: Principal, bucket: wire.Bucket, domain: str | None = None) -> None:
        """Refuses a request for its rate. Requests that are let through count."""
        if self.limits is None:
            return
        limit, now = self.limits[bucket], self._ms()
        name = f"{bucket}:{domain}" if domain else bucket
        since = now - limit.seconds * 1000
        with self.store.write() as connection:
            people.lock_tenant(connection, principal.tenant_id)
            count, oldest = requests.requests_since(connection, principal.tenant_id, name, since)
            if count < limit.requests:
                requests.forget_requests(connection, principal.tenant_id, name, since)
                add(connection, tables.request_event, tenant_id=principal.tenant_id, bucket=name, at=now)
                return
        wait = (oldest or now) + limit.seconds * 1000 - now
        raise Refusal(
            429,
            wire.RATE_LIMITED,
            f"At most {limit.requests} requests in {limit.seconds} s per {limit.per}.",
            retryAfterMs=wait,
        )


def _forbidden(message: str, scope: str) -> Refusal:
    return Refusal(403, wire.INSUFFICIENT_SCOPE, message, requiredScope=scope)
