"""What a run compares with: the record, as far as the limit lets it be read, beside what the journal knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from askcv_agents.errors import InsufficientScope
from askcv_agents.exchange import Operation, RetryPolicy
from askcv_pipelines.dedup.known import KnownItems
from askcv_pipelines.events import Event
from askcv_pipelines.grouping import members
from askcv_pipelines.mirror import MirrorState, Reading, fingerprints, refreshed
from askcv_pipelines.partition import Partition
from askcv_pipelines.tally import Tally


def mirrored(
    part: Partition, known: KnownItems, domains: Iterable[str], retry: RetryPolicy, tally: Tally, reading: Reading
) -> Operation[Event, dict[str, float]]:
    """Adds what the record holds in these domains. Gives those that the limit kept from being read, with the seconds to
    wait: nothing is submitted to them unseen."""
    unread: dict[str, float] = {}
    states = []
    for domain in known.not_compared(domains):
        mirror = part.mirror(domain)
        state = mirror.state()
        if reading != "offline":
            try:
                state = yield from refreshed(mirror, retry, whole=reading == "whole")
            except InsufficientScope as error:
                tally.note(f"The record could not be read ({error.message}); only the journal was compared.")
                state = replace(state, complete=True)
            part.outbox.in_record(domain, fingerprints(mirror))
        if not state.complete:
            unread[domain] = state.wait or 0.0
        known.extend(domain, (member for item in mirror.known() for member in members(item)))
        states.append(state)
    tally.note(_told(states, part.now(), offline=reading == "offline"))
    return unread


def _told(states: Sequence[MirrorState], now: float, *, offline: bool) -> str:
    """What was compared with, and how old it is; empty where nothing was."""
    read = [state for state in states if state.read_at is not None]
    if not read:
        return "The record was never read on this machine: only the journal was compared." if offline and states else ""
    oldest = min(state.read_at or 0.0 for state in read)
    minutes = max(0, round((now - oldest) / 60))
    age = "just read" if minutes < 2 else f"read {minutes} minutes ago" if minutes < 120 else (
        f"read {minutes // 60} hours ago"
    )  # fmt: skip
    count = sum(state.items for state in read)
    return f"Compared with {count} items of the record, {age}."
