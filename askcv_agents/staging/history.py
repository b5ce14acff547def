"""What became of an item, as a person reads it: staged, corrected, approved, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from askcv_agents.staging.cards import named
from askcv_agents.staging.clock import minute
from askcv_agents.staging.difference import differences
from askcv_agents.staging.repository.rows import Row

WORDS = {"approved": "Approved", "rejected": "Rejected", "undone": "Verdict taken back", "edited": "Corrected"}


def told(row: Row, events: Sequence[Row]) -> list[dict[str, Any]]:
    """The history of an item, the first first; of a correction, what it changed."""
    history: list[dict[str, Any]] = [{"what": "Staged by an agent", "when": minute(row["created_at"]), "changes": []}]
    later = row["payload"]
    changes: dict[int, list[Any]] = {}
    for event in reversed(events):  # each correction keeps what was there before it
        if event["kind"] == "edited":
            before = event["change"]["before"]
            changes[event["seq"]] = [(named(found.name), found.parts) for found in differences(before, later)]
            later = before
    for event in events:
        entry = {"what": WORDS[event["kind"]], "when": minute(event["at"]), "changes": changes.get(event["seq"], [])}
        history.append(entry)
    return history
