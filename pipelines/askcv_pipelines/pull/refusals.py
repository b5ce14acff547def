"""What a service may refuse: one thing, which leaves the others; or every request for a while, which is obeyed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from askcv_agents.errors import SourceError

MAX_WAIT = 60.0  # seconds: longer waits stop the run, which goes on when it is run again
UNSAID = 60.0  # seconds to wait where a limit does not say for how long: what GitHub's documentation asks for


class Unreadable(SourceError):
    """This one thing is not to be had with this token: gone, moved, or not permitted. Others may be."""


class LimitReached(SourceError):
    """The service wants no request before ``resume_at``. What was fetched is kept."""

    def __init__(self, resume_at: datetime) -> None:
        when = resume_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        super().__init__(
            f"the service's rate limit is reached until {when}", "Run the same command again then.", retryable=True
        )
        self.resume_at = resume_at


def seconds_to_wait(status: int, headers: Mapping[str, str], message: str, now: float) -> float | None:
    """The seconds that a refusal asks to wait from ``now`` (seconds since 1970); None where it is not about a limit.

    ``headers`` have names in lower case. A Retry-After counts first, then the time at which a used-up limit is reset.
    """
    if status not in {403, 429}:
        return None
    if "retry-after" in headers:
        return _number(headers["retry-after"], UNSAID)
    if headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
        # A second more: the reset is given in whole seconds, and clocks differ.
        return max(0.0, _number(headers["x-ratelimit-reset"], now + UNSAID) - now) + 1.0
    return UNSAID if status == 429 or "rate limit" in message.lower() else None


def resume_at(now: float, seconds: float) -> datetime:
    return datetime.fromtimestamp(now + seconds, UTC)


def _number(text: str, otherwise: float) -> float:
    """Seconds as a header gives them, a year at most."""
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if 0 <= value < float("inf") else otherwise
