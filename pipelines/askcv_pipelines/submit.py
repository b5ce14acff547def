"""Submission: drains the outbox. Every step is in the journal before the network is used, and before every wait."""

from __future__ import annotations

from dataclasses import dataclass, field

from askcv_agents import operations, wire
from askcv_agents.config import Settings
from askcv_agents.errors import ApiError, ConnectionFailed, OutcomeUnknown, RateLimited, ValidationFailed
from askcv_agents.exchange import Emit, Operation, RetryPolicy, Wait
from askcv_agents.issues import FieldIssue, ItemIssues
from askcv_pipelines.events import Event, Progress
from askcv_pipelines.partition import Partition
from askcv_pipelines.values import Batch

SAME_KEY_ATTEMPTS = 3
"""How often a batch whose answer was lost is sent again at once, where the service recognises its key."""
UNSAID_LIMIT = 3600.0
"""Seconds to hold off where the service sets a rate limit and does not say for how long."""
REMEMBERED = wire.IDEMPOTENCY_HOURS * 3600 * 0.95
"""Seconds for which a key is sure to be recognised: clocks differ."""

# Waiting and trying again is done here, where each step is on record, and not inside the call.
ONCE = RetryPolicy(attempts=1, max_wait=0.0)


@dataclass(frozen=True)
class Submitted:
    """What draining the outbox gave. ``retry_after`` is in seconds, where the rate limit holds the rest."""

    receipts: tuple[wire.Receipt, ...]
    retry_after: float | None = None


def drain(partition: Partition, settings: Settings, retry: RetryPolicy) -> Operation[Event, Submitted]:
    """Sends every batch that may be sent, oldest first, and notes each answer.

    A rate limit longer than the policy waits ends it: what is left waits in the journal. A batch whose outcome is
    unknown is sent again only where the service honours idempotency keys, and while it remembers them.

    Raises:
        ApiError: the service cannot be reached or refuses the token; the batch stays in the journal.
    """
    delivery = _Delivery(partition, settings, retry)
    outbox = partition.outbox
    if settings.idempotent_imports:
        for batch in outbox.unanswered(since=partition.now() - REMEMBERED):
            if not (yield from delivery.deliver(batch)):
                break

    evidence = bool(settings.send_evidence)
    while (yield from delivery.may_send()) and (batch_to_go := outbox.next_batch(evidence=evidence)) is not None:
        if not (yield from delivery.deliver(batch_to_go)):
            break
    return Submitted(tuple(delivery.receipts), outbox.held_for() or None)


@dataclass
class _Delivery:
    """One run's attempts. ``waited`` are the seconds spent on rate limits so far."""

    partition: Partition
    settings: Settings
    retry: RetryPolicy
    receipts: list[wire.Receipt] = field(default_factory=list)
    waited: float = 0.0

    def deliver(self, batch: Batch) -> Operation[Event, bool]:
        """Sends a batch until it is settled; False where the rate limit ends the run."""
        outbox, attempt = self.partition.outbox, 0
        while (yield from self.may_send()):
            attempt += 1
            outbox.sending(batch)
            try:
                receipt = yield from operations.send_batch(batch.body, batch.size, ONCE, key=batch.key)
            except RateLimited as limited:
                outbox.not_staged(batch.key)
                delay = UNSAID_LIMIT if limited.retry_after is None else limited.retry_after
                outbox.hold(max(delay, self.retry.shortest_wait))
                attempt -= 1
            except OutcomeUnknown as lost:
                outbox.unknown(batch.key, lost.message)
                if not self.settings.idempotent_imports or attempt >= SAME_KEY_ATTEMPTS:
                    return True
                yield Wait(self.retry.backoff(attempt))
            except ConnectionFailed:
                outbox.not_staged(batch.key)
                if attempt >= self.retry.attempts:
                    raise
                yield Wait(self.retry.backoff(attempt))
            except ValidationFailed as refused:
                if outbox.refused(batch.key, refused.message):
                    self.receipts.append(_refused_whole(batch, refused))
                return True
            except ApiError:
                outbox.not_staged(batch.key)
                raise
            else:
                outbox.accepted(batch.key, receipt)
                self.receipts.append(receipt)
                yield Emit(self._progress(receipt))
                return True
        return False

    def may_send(self) -> Operation[Event, bool]:
        """Waits for the rate limit; False where that takes longer than the policy waits."""
        while (held := self.partition.outbox.held_for()) > 0:
            pause = self.retry.after_limit(held)
            if self.waited + pause > self.retry.max_wait:
                return False
            self.waited += pause
            yield Wait(pause)
        return True

    def _progress(self, receipt: wire.Receipt) -> Progress:
        staged = sum(r.accepted for r in self.receipts)
        waiting = self.partition.outbox.waiting()
        return Progress("submit", staged, staged + waiting, receipt.batch_id or "refused")


def _refused_whole(batch: Batch, refused: ValidationFailed) -> wire.Receipt:
    """A request that the service refused without saying which item is wrong: none of them is staged."""
    issue = (FieldIssue("request", refused.message),)
    return wire.Receipt(None, 0, (), tuple(ItemIssues(n, "?", issue) for n in range(batch.size)), refused.request_id)
