"""Whose record a token opens, and the journal's part for it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.errors import InsufficientScope, NotFound, UnreadableAnswer
from askcv_agents.exchange import Operation, RetryPolicy
from askcv_pipelines.journal import Journal, Partition, default_path


@contextmanager
def open_partition(settings: Settings, tenant: str, now: Callable[[], float] = time.time) -> Iterator[Partition]:
    """The journal's part for a tenant of the service that the settings name."""
    with Journal(default_path(settings.state_dir), now=now) as journal:
        journal.remember_tenant(settings.record_address, _digest(settings), tenant)
        with journal.partition(settings.record_address, tenant) as partition:
            yield partition


def remembered_tenant(settings: Settings) -> str | None:
    """Whose record the token opens, where an earlier run learned it; nothing is asked."""
    with Journal(default_path(settings.state_dir)) as journal:
        return journal.tenant_of(settings.record_address, _digest(settings))


def tenant_of(settings: Settings, retry: RetryPolicy, note: Callable[[str], None] | None = None) -> Operation[Any, str]:
    """Whose journal partition it is; where the service does not tell, the token stands for its tenant."""
    try:
        profile = yield from operations.profile(retry)
        if profile.tenant_id:
            return profile.tenant_id
    except (InsufficientScope, NotFound, UnreadableAnswer):
        pass  # a token that may only write, or a service that tells nothing
    if note is not None:
        note("The service does not tell whose record this is: the journal goes by the token, a new one starts anew.")
    return "token-" + hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:16]


def _digest(settings: Settings) -> str:
    return hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:32]
