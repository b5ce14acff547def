"""Driving operations inside a tool: events kept, and another call on the same record waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from askcv_agents.errors import JournalError
from askcv_agents.exchange import Emit, Operation, Outcome, TransportFault, Wait, resume
from askcv_pipelines.events import Event

LOCKED_FOR = 30.0
"""Seconds that a call waits for another one that works on the same record."""


def collected(operation: Operation[Event, Any], events: list[Event]) -> Operation[Any, Any]:
    """The operation, with what it emits kept instead of handed on."""
    outcome: Outcome = None
    while True:
        try:
            effect = resume(operation, outcome)
        except StopIteration as end:
            return end.value
        if isinstance(effect, Emit):
            events.append(effect.value)
            outcome = None
            continue
        try:
            outcome = yield effect
        except TransportFault as fault:
            outcome = fault


def patiently(make: Callable[[], Operation[Any, Any]]) -> Operation[Any, Any]:
    """An operation on the journal, tried again while another call works on the same record."""
    waited = 0.0
    while True:
        try:
            return (yield from make())
        except JournalError as busy:
            if not busy.retryable or waited >= LOCKED_FOR:
                raise
            yield Wait(0.1)
            waited += 0.1
