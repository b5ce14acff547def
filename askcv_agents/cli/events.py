"""Running an operation at the terminal: its events are shown as they come, its progress is one line."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from askcv_agents.client import Client
    from askcv_agents.exchange import Operation
    from askcv_pipelines.events import Event, Progress

T = TypeVar("T")


@dataclass
class Watch:
    """Shows events, unless it is ``quiet``. With ``keep`` events are kept, for a report."""

    show_items: bool = False
    show_plan: bool = False
    keep: bool = False
    quiet: bool = False
    kept: list[Event] = field(default_factory=list)
    _line: bool = False
    _heads: bool = False
    _sent: int = 0

    def see(self, event: Event) -> None:
        from askcv_agents.cli.show import (
            show_document,
            show_document_plan,
            show_failure,
            show_gaps,
            show_held,
            show_plan_heads,
        )
        from askcv_pipelines.events import Failure, Progress

        if self.keep and not isinstance(event, Progress):
            self.kept.append(event)
        if self.quiet:
            return
        if isinstance(event, Progress):
            self._progress(f"{event.phase} {event.done}/{event.total} {event.what}{self._ahead(event)}"[:100])
            return
        self.clear()
        if isinstance(event, Failure):
            show_failure(event)
            return
        show_gaps(event)
        if self.show_items:
            show_document(event)
        elif self.show_plan:
            if not self._heads:
                show_plan_heads()
            self._heads = True
            show_document_plan(event)
        else:
            show_held(event, named=True)

    def clear(self) -> None:
        """Takes the progress line away."""
        if self._line:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._line = False

    def _ahead(self, event: Progress) -> str:
        """When the last of what waits will have left, where that is more than this hour."""
        from askcv_pipelines.pace import PER_HOUR, batches_of, duration, time_left

        if event.phase != "submit":
            return ""
        self._sent += 1
        if self._sent > PER_HOUR:
            return ""  # the limit is another, or there is none
        left = time_left(batches_of(event.total - event.done), left_this_hour=PER_HOUR - self._sent)
        return f" · done in about {duration(left)} at {PER_HOUR} batches an hour" if left else ""

    def _progress(self, text: str) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)
            self._line = True


def drive(client: Client, operation: Operation[Event, T], watch: Watch) -> T:
    """Runs an operation to its result."""
    result: list[T] = []
    for event in client.stream(_keeping(operation, result)):
        watch.see(event)
    watch.clear()
    return result[0]


def drive_offline(operation: Operation[Event, T], watch: Watch) -> T:
    """Runs an operation that asks for nothing from the network."""
    from askcv_agents.exchange import Emit

    while True:
        try:
            effect = next(operation)
        except StopIteration as end:
            watch.clear()
            result: T = end.value
            return result
        if isinstance(effect, Emit):
            watch.see(effect.value)


def _keeping(operation: Operation[Any, T], result: list[T]) -> Operation[Any, None]:
    result.append((yield from operation))
