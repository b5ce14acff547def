"""Which of two rows of two journals holds: the one that tells of more. What one machine saw happen, happened.

Each function takes the same two rows in either order and gives the same one, but where they contradict: then the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

ITEM_STATES = {"queued": 0, "unknown": 1, "dropped": 2, "refused": 3, "pending": 4, "declined": 5, "approved": 5}
"""How far an item came. Where one machine knows what the other is unsure of, that is known."""
BATCH_STATES = {"queued": 0, "unknown": 1, "refused": 2, "accepted": 3, "reviewed": 4}
FORGOTTEN = ("payload", "evidence", "why", "issues", "done_in", "forgotten_at")
"""What of an item is gone once either machine was told to forget it."""

Row = dict[str, Any]
Choose = Callable[[Row, Row], Row]


def item(ours: Row, theirs: Row) -> Row:
    """The further of two; forgotten where either is."""
    further, other = _ordered(ours, theirs, ITEM_STATES)
    chosen = {
        **further,
        "remote_id": further["remote_id"] or other["remote_id"],
        "created_at": min(ours["created_at"], theirs["created_at"]),
        "allowed_at": _first(ours["allowed_at"], theirs["allowed_at"]),
    }
    if ours["done_at"] is not None and theirs["done_at"] is not None:
        done = min((row["done_at"], row["done_in"] or "") for row in (ours, theirs))
        chosen |= {"done_at": done[0], "done_in": done[1] or None}
    elif further["done_at"] is None:
        chosen |= {name: other[name] for name in ("done_at", "done_in")}
    forgotten = [row for row in (further, other) if row["forgotten_at"] is not None]
    return chosen | {name: forgotten[0][name] for name in FORGOTTEN} if forgotten else chosen


def batch(ours: Row, theirs: Row) -> Row:
    """The further of two. A body that was forgotten is gone, unless it may have to be sent again."""
    further, other = _ordered(ours, theirs, BATCH_STATES)
    unsure = "unknown" in {ours["state"], theirs["state"]}
    return {
        **further,
        "batch_id": further["batch_id"] or other["batch_id"],
        "body": (max if unsure else min)(ours["body"], theirs["body"], key=len),
        "first_sent": _first(ours["first_sent"], theirs["first_sent"]),
        "created_at": min(ours["created_at"], theirs["created_at"]),
    }


def _document(ours: Row, theirs: Row) -> Row:
    seen = {"first_seen": min(ours["first_seen"], theirs["first_seen"])}
    return max(ours, theirs, key=lambda row: (row["last_seen"], _told(row))) | seen


def _place(ours: Row, theirs: Row) -> Row:
    return max(ours, theirs, key=lambda row: (row["seen_at"], _told(row)))


def _done(ours: Row, theirs: Row) -> Row:
    """The first document that says so stays its source; what it was about, and that it was submitted, is kept."""
    first, other = sorted((ours, theirs), key=lambda row: (row["seen_at"], _told(row)))
    about = first if first["earlier_id"] is not None else other
    return first | {
        "earlier": about["earlier"],
        "earlier_id": about["earlier_id"],
        "submitted_at": _first(ours["submitted_at"], theirs["submitted_at"]),
    }


KEYED: tuple[tuple[str, tuple[str, ...], Choose], ...] = (
    ("document", ("sha256", "extractor"), _document),
    ("place", ("place",), _place),
    ("done_action", ("fingerprint",), _done),
)


def _ordered(ours: Row, theirs: Row, states: Mapping[str, int]) -> tuple[Row, Row]:
    """The further row first; of two that are as far, ours where they contradict, else the one that was made first."""
    if states[ours["state"]] != states[theirs["state"]]:
        far, near = sorted((ours, theirs), key=lambda row: -states[row["state"]])
        return far, near
    if ours["state"] != theirs["state"]:
        return ours, theirs
    first, later = sorted((ours, theirs), key=lambda row: (row["created_at"], _told(row)))
    return first, later


def _told(row: Row) -> str:
    """A row in one text: what decides between two of the same age, on every machine alike."""
    return json.dumps({name: str(value) for name, value in row.items() if name != "partition_id"}, sort_keys=True)


def _first(one: float | None, other: float | None) -> float | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
