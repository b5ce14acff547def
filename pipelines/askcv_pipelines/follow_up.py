"""Follow-up: what became of the batches that the journal holds."""

from __future__ import annotations

from dataclasses import dataclass

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.errors import NotFound, RateLimited
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_pipelines.journal import Journal, OpenBatch, default_path
from askcv_pipelines.pipeline import tenant_of
from askcv_pipelines.values import Event, Progress


@dataclass(frozen=True)
class FollowUp:
    """Every open batch, the items by state, and how many batches were asked for."""

    batches: tuple[OpenBatch, ...]
    counts: dict[str, int]
    refreshed: int
    note: str = ""


def refresh(settings: Settings, retry: RetryPolicy) -> Operation[Event, FollowUp]:
    """Asks the service for each accepted batch, within its limits, and notes the person's decisions."""
    tenant = yield from tenant_of(settings, retry)
    with Journal(default_path(settings.state_dir)) as journal, journal.partition(settings.base_url, tenant) as part:
        waiting = [batch for batch in part.open_batches() if batch.state == "accepted" and batch.batch_id]
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
            part.reviewed(batch.key, status)
            asked += 1
            yield Emit(Progress("known", asked, len(waiting), batch.batch_id or ""))
        return FollowUp(tuple(part.open_batches()), part.counts(), asked, note)
