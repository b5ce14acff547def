"""Duplicate decisions for use alone: bare lists of items in, decisions by id out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askcv_agents.domains import DOMAINS
from askcv_agents.errors import ConfigError
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.judged import Judged
from askcv_pipelines.dedup.known import KnownItems
from askcv_pipelines.values import Known


def decide_alone(new: Any, existing: Any) -> dict[str, dict[str, Any]]:
    """The decision of each new item by its id. Both lists hold ``{"id", "domain", "payload"}``.

    Each decision is ``{"decision": "duplicate" | "review" | "new", "of", "ofNew", "score", "why", "differences"}``:
    ``of`` names the existing item it is the same as or near, ``ofNew`` the new one; both None where there is none.

    Raises:
        ConfigError: a list is not as described; the message names the entry.
    """
    ours, theirs = _read(new, "new"), _read(existing, "existing")
    known = KnownItems(Known(item["id"], item["domain"], item["payload"], "approved") for item in theirs)
    judged = known.judge_all([Fact(item["domain"], item["payload"]) for item in ours])
    return {item["id"]: _as_data(result, ours) for item, result in zip(ours, judged, strict=True)}


def _read(items: Any, name: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(items, list):
        raise ConfigError(f"the {name} items are no list", 'Give a JSON array of {"id", "domain", "payload"}.')
    seen: set[str] = set()
    for number, item in enumerate(items):
        where = f"{name} item {number}"
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            raise ConfigError(f"{where} has no id", 'Each is an object {"id", "domain", "payload"}; ids are strings.')
        if item["id"] in seen:
            raise ConfigError(f"{where}: the id {item['id']!r} stands twice", "Give each item an id of its own.")
        if item.get("domain") not in DOMAINS:
            raise ConfigError(f"{where}: unknown domain {item.get('domain')!r}", f"Use one of {', '.join(DOMAINS)}.")
        if not isinstance(item.get("payload"), dict):
            raise ConfigError(f"{where}: its payload is no object", "A payload is an object in wire names.")
        seen.add(item["id"])
    return items


def _as_data(judged: Judged, new: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    of = of_new = None
    if judged.near is not None and judged.verdict != "new":
        if judged.near.state == "this run":
            of_new = new[int(judged.near.id.removeprefix("run:"))]["id"]
        else:
            of = judged.near.id
    return {
        "decision": judged.verdict,
        "of": of,
        "ofNew": of_new,
        "score": judged.score,
        "why": judged.why,
        "differences": [vars(difference) for difference in judged.differences],
    }
