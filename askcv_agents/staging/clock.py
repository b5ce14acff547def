"""Times as they are shown."""

from __future__ import annotations

from datetime import UTC, datetime


def timestamp(ms: int) -> str:
    """RFC 3339, UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(ms: int) -> str:
    """The day, as a person reads it."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%-d %b %Y")


def minute(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%-d %b %Y, %H:%M UTC")
