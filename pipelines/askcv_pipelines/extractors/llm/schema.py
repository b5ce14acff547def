"""What a model is asked to answer, and how its few field names become each domain's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, get_args

from askcv_agents.domains import DOMAINS
from askcv_pipelines.reading.dates import MONTHS

VERSION = "1"
TEXTS = ("title", "category", "metric", "organization", "project", "role", "person", "owner", "date", "start_date",
         "end_date", "degree", "field_of_study", "level", "url")  # fmt: skip
"""The fields of an item, the same for every domain: a flat form is what small models keep to."""

_NAMES: Mapping[str, Mapping[str, str]] = {
    "knowledge_entries": {"date": "occurred_on"},
    "work_experience": {},
    "projects": {"title": "name"},
    "skills": {"title": "name"},
    "education": {"organization": "institution", "title": "degree"},
    "certifications": {"title": "name", "organization": "issuer", "date": "issued_on"},
    "awards": {"organization": "issuer", "date": "awarded_on"},
    "publications": {"category": "kind", "organization": "venue", "date": "published_on"},
    "testimonials": {"person": "author", "role": "author_role", "category": "relationship", "date": "given_on"},
    "coaching_action_items": {"person": "requested_by", "date": "due_on"},
}


class Asked(NamedTuple):
    """The strict form of an answer, under the name that a service is given for it."""

    name: str
    schema: dict[str, Any]


def _items() -> dict[str, Any]:
    """Items: every key required, null where there is nothing to say."""
    nullable = {"type": ["string", "null"]}
    item = {
        "type": "object",
        "properties": {
            "domain": {"type": "string", "enum": list(DOMAINS)},
            "sentences": {"type": "array", "items": {"type": "integer"}},
            "quote": {"type": "string"},
            **dict.fromkeys(TEXTS, nullable),
        },
        "required": ["domain", "sentences", "quote", *TEXTS],
        "additionalProperties": False,
    }
    return _list_of("items", item)


def _list_of(name: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": item}},
        "required": [name],
        "additionalProperties": False,
    }


_VERDICT = {
    "type": "object",
    "properties": {"pair": {"type": "integer"}, "same": {"type": "boolean"}},
    "required": ["pair", "same"],
    "additionalProperties": False,
}
ITEMS = Asked("career_items", _items())
VERDICTS = Asked("verdicts", _list_of("verdicts", _VERDICT))


def fields_of(domain: str, given: Mapping[str, str]) -> dict[str, str]:
    """The given fields under the domain's own names. What the domain does not have, and a word that its list does not
    have, is left out."""
    model = DOMAINS[domain].model.model_fields
    fields: dict[str, str] = {}
    for name, value in given.items():
        own = _NAMES[domain].get(name, name)
        if own not in model or (own in fields and name != own):
            continue
        words = allowed(domain, own)
        text = _date(value) if own.endswith(("_on", "_date")) else value
        if words:
            text = value.strip().lower().replace(" ", "_")
            if text not in words:
                continue
        if text:
            fields[own] = text
    return fields


@cache
def allowed(domain: str, name: str) -> frozenset[str]:
    """The words that a field takes, where it takes no others."""
    found: set[str] = set()
    pending = [DOMAINS[domain].model.model_fields[name].annotation]
    while pending:
        arguments = get_args(pending.pop())
        found.update(a for a in arguments if isinstance(a, str))
        pending.extend(a for a in arguments if not isinstance(a, str))
    return frozenset(found)


def _date(value: str) -> str:
    """ "March 2024" as 2024-03; whatever is no date stays and is refused later."""
    words = value.replace(",", " ").split()
    if len(words) == 2 and words[0][:3].lower() in MONTHS and words[1].isdigit():
        return f"{words[1]}-{MONTHS[words[0][:3].lower()]:02}"
    return value.strip()[:10]
