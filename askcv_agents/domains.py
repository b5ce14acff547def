"""The ten importable domains: their payload models, identity and guidance.

Everything the project knows of a domain is one entry of ``DOMAINS``. Names, fields and bounds are *assumed* (only five
domain names are documented, see ``docs/contract.md``), so each stands here once: a wrong domain name is corrected in
its ``Domain`` entry, a wrong field name by ``Field(alias="…")`` on its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from askcv_agents.issues import FieldIssue

SHORT_TEXT = 200
"""Longest title or name, in characters."""
LONG_TEXT = 5_000
"""Longest free text, in characters."""
LIST_LENGTH = 50
"""Most entries in a list."""

PARTIAL_DATE_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


def _real_date(value: str) -> str:
    if not re.match(PARTIAL_DATE_PATTERN, value):
        raise ValueError("give a date as YYYY, YYYY-MM or YYYY-MM-DD")
    if len(value) == len("YYYY-MM-DD"):
        date.fromisoformat(value)
    return value


Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=SHORT_TEXT)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONG_TEXT)]
PartialDate = Annotated[
    str,
    StringConstraints(strip_whitespace=True),
    AfterValidator(_real_date),
    Field(
        json_schema_extra={"pattern": PARTIAL_DATE_PATTERN},
        description="YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source is.",
    ),
]
Tags = Annotated[list[Short], Field(max_length=LIST_LENGTH)]
Highlights = Annotated[list[Long], Field(max_length=LIST_LENGTH)]


class Payload(BaseModel):
    """The content of one career item. camelCase on the wire; unknown fields are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    def to_wire(self) -> dict[str, Any]:
        """The payload as the service reads it: wire names, fields without a value left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class KnowledgeEntry(Payload):
    title: Short
    content: Long
    category: Literal["accomplishment", "decision", "lesson", "strength", "feedback", "other"] | None = None
    metric: Short | None = Field(None, description='The figure of the accomplishment exactly as written ("30%").')
    occurred_on: PartialDate | None = None
    organization: Short | None = None
    project: Short | None = None
    tags: Tags | None = None


class WorkExperience(Payload):
    organization: Short
    title: Short
    employment_type: Short | None = None
    location: Short | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    current: bool | None = None
    summary: Long | None = None
    highlights: Highlights | None = None


class Project(Payload):
    name: Short
    description: Long | None = None
    role: Short | None = None
    organization: Short | None = None
    url: Long | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    technologies: Tags | None = None
    highlights: Highlights | None = None


class Skill(Payload):
    name: Short
    category: (
        Literal["language", "framework", "tool", "platform", "method", "domain", "human", "spoken_language", "other"]
        | None
    ) = None
    level: Literal["beginner", "intermediate", "advanced", "expert"] | None = None
    years_of_experience: Annotated[float, Field(ge=0, le=100, strict=True)] | None = None
    last_used: PartialDate | None = None


class Education(Payload):
    institution: Short
    degree: Short | None = None
    field_of_study: Short | None = None
    start_date: PartialDate | None = None
    end_date: PartialDate | None = None
    grade: Short | None = None
    description: Long | None = None


class Certification(Payload):
    name: Short
    issuer: Short | None = None
    issued_on: PartialDate | None = None
    expires_on: PartialDate | None = None
    credential_id: Short | None = None
    url: Long | None = None


class Award(Payload):
    title: Short
    issuer: Short | None = None
    awarded_on: PartialDate | None = None
    description: Long | None = None


class Publication(Payload):
    title: Short
    kind: Literal["paper", "article", "talk", "podcast", "book", "post", "patent", "other"] | None = None
    venue: Short | None = None
    published_on: PartialDate | None = None
    url: Long | None = None
    description: Long | None = None


class Testimonial(Payload):
    quote: Long
    author: Short | None = None
    author_role: Short | None = None
    relationship: Literal["manager", "peer", "report", "client", "mentor", "reviewer", "other"] | None = None
    given_on: PartialDate | None = None
    context: Long | None = None


class CoachingActionItem(Payload):
    title: Short
    description: Long | None = None
    category: Literal["action", "growth_area", "review_feedback", "goal"] | None = None
    owner: Short | None = None
    due_on: PartialDate | None = None
    status: Literal["open", "in_progress", "done"] | None = None
    priority: Literal["low", "medium", "high"] | None = None
    requested_by: Short | None = None
    url: Long | None = None


@dataclass(frozen=True)
class Domain:
    """One importable kind of career item.

    ``label`` is the field a person knows an item by; items whose ``identity`` fields are equal are the same item.
    Both are Python field names of ``model``. ``guidance`` is the one line a model or a person decides by.
    """

    name: str
    model: type[Payload]
    label: str
    identity: tuple[str, ...]
    guidance: str


_ALL = (
    Domain(
        "knowledge_entries",
        KnowledgeEntry,
        "title",
        ("content", "occurred_on", "organization"),
        "Something the person accomplished, decided, learned or handled, said of the past.",
    ),
    Domain(
        "work_experience",
        WorkExperience,
        "title",
        ("organization", "title", "start_date", "end_date"),
        "A position held: an organisation with a role or a period.",
    ),
    Domain(
        "projects",
        Project,
        "name",
        ("name", "organization", "start_date"),
        "A named undertaking the person worked on; one item per project.",
    ),
    Domain(
        "skills",
        Skill,
        "name",
        ("name",),
        "A named skill, technology, method or human skill the text shows the person has used or has.",
    ),
    Domain(
        "education",
        Education,
        "institution",
        ("institution", "degree", "field_of_study", "start_date", "end_date"),
        "A degree or course of study of the person.",
    ),
    Domain(
        "certifications",
        Certification,
        "name",
        ("name", "issuer", "issued_on", "expires_on", "credential_id"),
        "A certificate or licence obtained, not one only planned.",
    ),
    Domain(
        "awards",
        Award,
        "title",
        ("title", "issuer", "awarded_on"),
        "A prize, award, formal recognition or promotion received.",
    ),
    Domain(
        "publications",
        Publication,
        "title",
        ("title", "venue", "published_on"),
        "A paper, article, talk, podcast or released write-up by the person.",
    ),
    Domain(
        "testimonials",
        Testimonial,
        "quote",
        ("quote", "author", "given_on"),
        "Praise of the person in another person's words.",
    ),
    Domain(
        "coaching_action_items",
        CoachingActionItem,
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


def field_issues(error: ValidationError) -> tuple[FieldIssue, ...]:
    """What pydantic found, as wire paths and messages; the refused values themselves are left out."""
    return tuple(
        FieldIssue(path=".".join(str(part) for part in found["loc"]) or "payload", message=found["msg"])
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    )


def parse_payload(
    domain: str, payload: Mapping[str, Any], *, by_alias: bool | None = None
) -> Payload | tuple[FieldIssue, ...]:
    """The payload of ``domain`` read strictly, or the issues that keep it from being one. Python field names are taken
    as well, unless ``by_alias``: the service knows wire names alone."""
    if domain not in DOMAINS:
        return (FieldIssue("domain", f"unknown domain; use one of {', '.join(DOMAINS)}"),)
    try:
        by_name = None if by_alias is None else not by_alias
        return DOMAINS[domain].model.model_validate(payload, by_alias=by_alias, by_name=by_name)
    except ValidationError as error:
        return field_issues(error)
