"""The ten importable domains: their identity, their guidance, and the models of their payloads (``payloads``).

Everything the project knows of a domain is one entry of ``DOMAINS``. Names, fields and bounds are *assumed* (only five
domain names are documented, see ``docs/contract.md``), so each stands here once: a wrong domain name is corrected in
its ``Domain`` entry, a wrong field name by ``Field(alias="…")`` on its line.

The models are imported when one of them is first used: what is sent as it was queued needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from askcv_agents.issues import FieldIssue

if TYPE_CHECKING:
    from askcv_agents.domains.payloads import PARTIAL_DATE_PATTERN, Payload, field_issues

__all__ = [
    "DOMAINS",
    "LIST_LENGTH",
    "LONG_TEXT",
    "PARTIAL_DATE_PATTERN",
    "SHORT_TEXT",
    "Domain",
    "Payload",
    "field_issues",
    "label_of",
    "parse_payload",
]

SHORT_TEXT = 200
"""Longest title or name, in characters."""
LONG_TEXT = 5_000
"""Longest free text, in characters."""
LIST_LENGTH = 50
"""Most entries in a list."""


@dataclass(frozen=True)
class Domain:
    """One importable kind of career item.

    ``label`` is the field a person knows an item by; items whose ``identity`` fields are equal are the same item.
    Both are Python field names of ``model``, the class called ``payload`` in ``payloads``. ``guidance`` is the
    one line a model or a person decides by.
    """

    name: str
    payload: str
    label: str
    identity: tuple[str, ...]
    guidance: str

    @cached_property
    def model(self) -> type[Payload]:
        """The model of its payloads, imported when it is first asked for."""
        found: type[Payload] = getattr(import_module("askcv_agents.domains.payloads"), self.payload)
        return found


_ALL = (
    Domain(
        "knowledge_entries",
        "KnowledgeEntry",
        "title",
        ("content", "occurred_on", "organization"),
        "Something the person accomplished, decided, learned or handled, said of the past.",
    ),
    Domain(
        "work_experience",
        "WorkExperience",
        "title",
        ("organization", "title", "start_date", "end_date"),
        "A position held: an organisation with a role or a period.",
    ),
    Domain(
        "projects",
        "Project",
        "name",
        ("name", "organization", "start_date"),
        "A named undertaking the person worked on; one item per project.",
    ),
    Domain(
        "skills",
        "Skill",
        "name",
        ("name",),
        "A named skill, technology, method or human skill the text shows the person has used or has.",
    ),
    Domain(
        "education",
        "Education",
        "institution",
        ("institution", "degree", "field_of_study", "start_date", "end_date"),
        "A degree or course of study of the person.",
    ),
    Domain(
        "certifications",
        "Certification",
        "name",
        ("name", "issuer", "issued_on", "expires_on", "credential_id"),
        "A certificate or licence obtained, not one only planned.",
    ),
    Domain(
        "awards",
        "Award",
        "title",
        ("title", "issuer", "awarded_on"),
        "A prize, award, formal recognition or promotion received.",
    ),
    Domain(
        "publications",
        "Publication",
        "title",
        ("title", "venue", "published_on"),
        "A paper, article, talk, podcast or released write-up by the person.",
    ),
    Domain(
        "testimonials",
        "Testimonial",
        "quote",
        ("quote", "author", "given_on"),
        "Praise of the person in another person's words.",
    ),
    Domain(
        "coaching_action_items",
        "CoachingActionItem",
        "title",
        ("title", "description", "owner", "due_on"),
        "Something the person is to do, improve or try next; never another person's action.",
    ),
)

DOMAINS: Mapping[str, Domain] = {domain.name: domain for domain in _ALL}
"""Every importable domain by its wire name."""


def label_of(domain: str, payload: Mapping[str, Any]) -> str:
    """What a person knows a payload in wire names by; empty where it has no label."""
    name = DOMAINS[domain].label
    return str(payload.get(DOMAINS[domain].model.model_fields[name].alias or name) or "")


def parse_payload(
    domain: str, payload: Mapping[str, Any], *, by_alias: bool | None = None
) -> Payload | tuple[FieldIssue, ...]:
    """The payload of ``domain`` read strictly, or the issues that keep it from being one. Python field names are taken
    as well, unless ``by_alias``: the service knows wire names alone."""
    if domain not in DOMAINS:
        return (FieldIssue("domain", f"unknown domain; use one of {', '.join(DOMAINS)}"),)
    return DOMAINS[domain].model.read(payload, by_alias=by_alias)


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("askcv_agents.domains.payloads"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
