"""The account that a token opens: whose record it is, and that record's part of the journal."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from askcv_agents import operations, wire
from askcv_agents.config import Settings
from askcv_agents.errors import InsufficientScope, NotFound, UnreadableAnswer
from askcv_agents.exchange import Operation, RetryPolicy
from askcv_pipelines.journal import Journal, default_path
from askcv_pipelines.partition import Partition
from askcv_pipelines.redact import Names

DOCUMENTED = wire.LIMITS["import"]


@dataclass(frozen=True)
class Account:
    """A tenant, and the service's limit on imports: as documented, or as the service tells (None: it sets none)."""

    tenant: str
    imports: wire.Limit | None = DOCUMENTED


def account_of(
    settings: Settings, retry: RetryPolicy, note: Callable[[str], None] | None = None
) -> Operation[Any, Account]:
    """Whose journal partition it is; where the service does not tell, the token stands for its tenant."""
    limit: wire.Limit | None = DOCUMENTED
    try:
        found = yield from operations.tenancy(retry)
        limit = _told(found.limits)
        if found.tenant_id:
            return Account(found.tenant_id, limit)
    except (InsufficientScope, NotFound, UnreadableAnswer):
        pass  # a token that may only write, or a service that tells nothing
    if note is not None:
        note("The service does not tell whose record this is: the journal goes by the token, a new one starts anew.")
    return Account("token-" + hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:16], limit)


def tenant_of(settings: Settings, retry: RetryPolicy) -> Operation[Any, str]:
    """``account_of``, where nothing is submitted."""
    return (yield from account_of(settings, retry)).tenant


@contextmanager
def open_partition(
    settings: Settings,
    tenant: str,
    now: Callable[[], float] = time.time,
    limit: wire.Limit | None = DOCUMENTED,
) -> Iterator[Partition]:
    """The journal's part for a tenant of the service that the settings name."""
    with Journal(default_path(settings.state_dir), now=now) as journal:
        journal.remember_tenant(settings.record_address, digest(settings), tenant)
        with journal.partition(settings.record_address, tenant, limit) as partition:
            yield partition


def remembered_tenant(settings: Settings, now: Callable[[], float] = time.time) -> str | None:
    """Whose record the token opens, where an earlier run learned it; nothing is asked."""
    with Journal(default_path(settings.state_dir), now=now) as journal:
        return journal.tenant_of(settings.record_address, digest(settings))


def remembered_names(settings: Settings, now: Callable[[], float] = time.time) -> Names | None:
    """What becomes of third parties' names in the record that the token opens, where an earlier run settled it."""
    with Journal(default_path(settings.state_dir), now=now) as journal:
        return journal.names_of(settings.record_address, digest(settings))


def digest(settings: Settings) -> str:
    """The token as the journal knows it."""
    return hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:32]


def _told(limits: Mapping[str, Any] | None) -> wire.Limit | None:
    """The limit on imports that a profile tells; a service that lists its limits and no such one sets none."""
    if limits is None:
        return DOCUMENTED
    told = limits.get("import")
    if told is None:
        return None
    try:
        return wire.Limit(int(told["requests"]), int(told["perSeconds"]), "tenant")
    except (KeyError, TypeError, ValueError):
        return DOCUMENTED
