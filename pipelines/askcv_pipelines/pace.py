"""How long it takes until everything that waits has left, at the pace that the service allows."""

from __future__ import annotations

import math

from askcv_agents import wire

PER_HOUR = wire.LIMITS["import"].requests
HOUR = 3600.0


def batches_of(items: int) -> int:
    """How many batches that many items fill."""
    return math.ceil(items / wire.MAX_IMPORT_ITEMS)


def time_left(batches: int, *, first_wait: float = 0.0, left_this_hour: int = PER_HOUR) -> float:
    """Seconds until the last of ``batches`` may leave: ``left_this_hour`` after ``first_wait``, then an hour for each
    further window."""
    if batches <= 0:
        return 0.0
    if batches <= left_this_hour:
        return first_wait
    return first_wait + HOUR * math.ceil((batches - left_this_hour) / PER_HOUR)


def duration(seconds: float) -> str:
    """``2 h 10 min``; less than a minute is ``1 min``, and from ten hours on minutes say nothing."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h" if not rest or hours >= 10 else f"{hours} h {rest} min"


def waiting_line(items: int, wait: float | None) -> str:
    """What a person is told of items that wait: how many, and when the last of them will have left."""
    said = f"{items} items wait" if items != 1 else "1 item waits"
    batches = batches_of(items)
    if wait is None:
        return f"{said}: run the same command again"
    left = time_left(batches, first_wait=wait)
    if left <= wait:
        return f"{said}: the limit lets them leave in about {duration(wait)}"
    return f"{said}: done in about {duration(left)} at {PER_HOUR} batches an hour"
