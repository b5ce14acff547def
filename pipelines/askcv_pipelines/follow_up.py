"""Follow-up: what became of the batches that the journal holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.errors import NotFound, RateLimited
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_pipelines.done import DoneAction
from askcv_pipelines.outbox import OpenBatch
from askcv_pipelines.pipeline import open_partition, tenant_of
from askcv_pipelines.values import Event, Progress


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


def refresh(settings: Settings, retry: RetryPolicy) -> Operation[Event, FollowUp]:
    """Asks the service for each accepted batch, within its limits, and notes the person's decisions."""
    tenant = yield from tenant_of(settings, retry)
    with open_partition(settings, tenant) as part:
        part.outbox.left_behind()
        waiting = [batch for batch in part.outbox.open_batches() if batch.state == "accepted" and batch.batch_id]
        note = ""
        asked = 0
        for batch in waiting:
            try:
                status = yield from operations.import_status(batch.batch_id or "", retry)
            except NotFound:
                continue  # shown as it stands: the service may have forgotten an old batch
            except RateLimited as limited:
                note = f"{len(waiting) - asked} batches were not asked for: {limited.hint}"
                break
            part.outbox.reviewed(batch.key, status)
            asked += 1
            yield Emit(Progress("known", asked, len(waiting), batch.batch_id or ""))
        batches = tuple(part.outbox.open_batches())
        items = {batch.key: part.outbox.items(batch.key) for batch in batches}
        return FollowUp(batches, part.counts(), part.documents(), asked, note, items, part.done.told())
