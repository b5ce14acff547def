"""Items as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from askcv_agents.domains import DOMAINS, label_of
from askcv_agents.staging.clock import day
from askcv_agents.staging.difference import differences
from askcv_agents.staging.neighbours import Near
from askcv_agents.staging.repository.rows import Row
from askcv_agents.wire import QUOTE_BREAK

SOURCES = {"performance_review": "performance review", "meeting_notes": "meeting notes", "code_review": "code review"}
STATES = {"pending": "waiting in this inbox", "approved": "in your record", "rejected": "rejected"}


def named(name: str) -> str:
    """A name of the code as words: ``work_experience``, ``occurredOn``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name.replace("_", " "))


def card(row: Row, near: Near | None = None) -> dict[str, Any]:
    """An item with its label as title, every other field by name, its evidence, and what it is near."""
    title = label_of(row["domain"], row["payload"])
    evidence = evidence_of(row)
    shown = {_folded(title), *map(_folded, evidence["quotes"] if evidence else ())}  # nothing is said twice on a card
    return {
        "id": row["id"],
        "batch": row["batch_id"],
        "domain": named(row["domain"]),
        "title": title,
        "fields": [
            (name, value) for name, value in fields(row) if not all(_folded(said) in shown for said in _said(value))
        ],
        "evidence": evidence,
        "status": row["status"],
        "when": day(row["reviewed_at"] or row["created_at"]),
        "edited": row["edited_at"] is not None,
        "near": _near(row, near) if near is not None else None,
    }


@cache
def schema_of(domain: str) -> Mapping[str, Any]:
    """What a domain's payload is, by wire names."""
    return DOMAINS[domain].model.model_json_schema(by_alias=True)


def fields(row: Row) -> list[tuple[str, Any]]:
    """The fields of an item beside its label, by their names as words; a choice of few as words too."""
    domain = DOMAINS[row["domain"]]
    label = domain.model.model_fields[domain.label].alias or domain.label
    properties = schema_of(row["domain"])["properties"]
    told = ((name, value) for name, value in row["payload"].items() if name != label)
    return [(named(name), _value(value, properties.get(name, {}))) for name, value in told]


def _said(value: Any) -> list[Any]:
    """A value, or the entries of a text that is a list."""
    lines = value.split("\n") if isinstance(value, str) else []
    listed = len(lines) > 1 and all(line.startswith("- ") for line in lines)
    return [line.removeprefix("- ") for line in lines] if listed else [value]


def evidence_of(row: Row) -> dict[str, Any] | None:
    """The evidence of an item, with every part there; None where it came without."""
    if not row["evidence"]:
        return None
    found = {"quote": "", "document": "", "locator": "", "note": "", "sourceKind": "", **row["evidence"]}
    return found | {
        "sourceKind": SOURCES.get(found["sourceKind"], ""),
        "quotes": found["quote"].split(QUOTE_BREAK),
    }


def _near(row: Row, near: Near) -> dict[str, Any]:
    other = near.row
    return {
        "id": other["id"],
        "title": label_of(other["domain"], other["payload"]),
        "where": STATES[other["status"]],
        "live": other["status"] == "approved",
        "percent": near.percent,
        "by_meaning": near.by_meaning,
        "differences": [(named(found.name), found.parts) for found in differences(other["payload"], row["payload"])],
    }


def _value(value: Any, schema: Mapping[str, Any]) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return named(value) if isinstance(value, str) and "enum" in str(schema) else value


def _folded(value: Any) -> str:
    return " ".join(str(value).split())
