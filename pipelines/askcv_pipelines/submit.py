"""Submission: drains the outbox. Every step is in the journal before the network is used."""

from __future__ import annotations

from dataclasses import dataclass

from askcv_agents import operations, wire
from askcv_agents.config import Settings
from askcv_agents.errors import ApiError, OutcomeUnknown, RateLimited, ValidationFailed
from askcv_agents.exchange import Emit, Operation, RetryPolicy, Wait
from askcv_pipelines.journal import Partition
from askcv_pipelines.values import Batch, Event, Progress

SAME_KEY_ATTEMPTS = 3
"""How often a batch whose answer was lost is sent again at once, where the service recognises its key."""


@dataclass(frozen=True)
class Submitted:
    """What draining the outbox gave. ``retry_after`` is in seconds, where the rate limit ended it."""

    receipts: tuple[wire.Receipt, ...]
    retry_after: float | None = None


def drain(partition: Partition, settings: Settings, retry: RetryPolicy) -> Operation[Event, Submitted]:
    """Sends every batch that may be sent, oldest first, and notes each answer.

    A rate limit ends it: what is left waits in the journal. A batch whose outcome is unknown is sent again only where
    the service honours idempotency keys; elsewhere it stays ``unknown``.

    Raises:
        ApiError: the service cannot be reached or refuses the token; the batch is queued again.
    """
    receipts: list[wire.Receipt] = []
    while (batch := partition.next_batch()) is not None:
        try:
            receipt = yield from _send(batch, partition, settings, retry)
        except RateLimited as limited:
            delay = limited.retry_after if limited.retry_after is not None else 3600.0
            partition.requeue(batch.key, not_before=partition.now() + delay)
            break
        except OutcomeUnknown as unknown:
            partition.unknown(batch.key, unknown.message)
            continue
        except ValidationFailed as refused:
            partition.refused(batch.key, refused.message)
            continue
        except ApiError:
            partition.requeue(batch.key)
            raise
        partition.accepted(batch.key, receipt)
        receipts.append(receipt)
        staged = sum(len(r.staged) for r in receipts)
        yield Emit(Progress("submit", staged, staged + _waiting(partition), receipt.batch_id or "refused"))
    return Submitted(tuple(receipts), partition.held_for() or None)


def _send(batch: Batch, partition: Partition, settings: Settings, retry: RetryPolicy) -> Operation[Event, wire.Receipt]:
    items = [wire.ImportItem.model_validate({"domain": i.domain, "payload": i.payload, "evidence": i.evidence})
             for i in batch.items]  # fmt: skip
    ready = operations.checked_items(items, evidence=bool(settings.send_evidence))
    attempts = SAME_KEY_ATTEMPTS if settings.idempotent_imports else 1
    for attempt in range(1, attempts + 1):
        partition.sending(batch.key)
        try:
            return (yield from operations.import_batch(ready, retry, key=batch.key))
        except OutcomeUnknown:
            if attempt == attempts:
                raise
            yield Wait(retry.backoff(attempt))
    raise AssertionError("the last attempt returns or raises")


def recover(partition: Partition, settings: Settings) -> None:
    """What an earlier process sent and never heard of: sent again where its key is still recognised, else unknown."""
    remembered = wire.IDEMPOTENCY_HOURS * 3600 * 0.95  # clocks differ
    for key, state, first_sent in partition.left_open():
        if settings.idempotent_imports and partition.now() - first_sent < remembered:
            partition.requeue(key)
        elif state == "sending":
            partition.unknown(key, "the process ended before the answer came")


def _waiting(partition: Partition) -> int:
    return partition.counts().get("queued", 0)
