"""Follow-up: what became of the batches that the journal holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.errors import InsufficientScope, NotFound, RateLimited
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_pipelines.accounts import open_partition, tenant_of
from askcv_pipelines.done import DoneAction
from askcv_pipelines.events import Event, Progress
from askcv_pipelines.mirror import fingerprints, refreshed
from askcv_pipelines.outbox import OpenBatch
from askcv_pipelines.partition import Partition


@dataclass(frozen=True)
class FollowUp:
    """Every open batch with its items, all items by state, how many documents were read, and how many batches were
    asked for. ``done`` are known actions that notes mark as done."""

    batches: tuple[OpenBatch, ...]
    counts: dict[str, int]
    documents: int
    refreshed: int
    note: str = ""
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    done: tuple[DoneAction, ...] = ()


def refresh(settings: Settings, retry: RetryPolicy, now: Callable[[], float] = time.time) -> Operation[Event, FollowUp]:
    """Asks the service for each accepted batch, within its limits, and notes the person's decisions. What became of
    items that no batch id tells of is looked for in the record."""
    tenant = yield from tenant_of(settings, retry)
    with open_partition(settings, tenant, now) as part:
        part.outbox.left_behind()
        notes = [part.restored]
        asked, forgotten = yield from _ask(part, retry, notes)
        yield from _look_up(part, part.outbox.unsure_domains(forgotten), retry, notes)
        note = " ".join(filter(None, notes))
        batches = tuple(part.outbox.open_batches())
        items = {batch.key: part.outbox.items(batch.key) for batch in batches}
        return FollowUp(batches, part.counts(), part.documents(), asked, note, items, part.done.told())


def _ask(part: Partition, retry: RetryPolicy, notes: list[str]) -> Operation[Event, tuple[int, list[str]]]:
    """How many batches were asked for, and the keys of those that the service does not know any more."""
    waiting = [batch for batch in part.outbox.open_batches() if batch.state == "accepted" and batch.batch_id]
    asked, forgotten = 0, []
    for batch in waiting:
        try:
            status = yield from operations.import_status(batch.batch_id or "", retry)
        except NotFound:
            forgotten.append(batch.key)  # shown as it stands
            continue
        except RateLimited as limited:
            notes.append(f"{len(waiting) - asked} batches were not asked for: {limited.hint}")
            break
        part.outbox.reviewed(batch.key, status)
        asked += 1
        yield Emit(Progress("known", asked, len(waiting), batch.batch_id or ""))
    return asked, forgotten


def _look_up(part: Partition, domains: set[str], retry: RetryPolicy, notes: list[str]) -> Operation[Event, None]:
    """Reads what is new in the record of those domains: items that are there were staged and approved."""
    for domain in sorted(domains):
        mirror = part.mirror(domain)
        try:
            state = yield from refreshed(mirror, retry)
        except InsufficientScope as error:
            notes.append(f"The record could not be read ({error.message}): unknown items stay unknown.")
            return
        part.outbox.in_record(domain, fingerprints(mirror))
        if state.wait is not None:
            notes.append(f"The record's {domain} could not be read to the end: try again in {state.wait:.0f} s.")
