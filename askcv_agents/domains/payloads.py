"""The content of an item, a model for each domain. Fields and bounds are *assumed*, and each stands here once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from askcv_agents.domains import LIST_LENGTH, LONG_TEXT, SHORT_TEXT
from askcv_agents.issues import FieldIssue

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

    @classmethod
    def read(cls, content: Mapping[str, Any], *, by_alias: bool | None = None) -> Self | tuple[FieldIssue, ...]:
        """A payload read strictly, or what keeps it from being one. See ``domains.parse_payload``."""
        try:
            return cls.model_validate(content, by_alias=by_alias, by_name=None if by_alias is None else not by_alias)
        except ValidationError as error:
            return field_issues(error)

    @classmethod
    def fitted(cls, content: dict[str, Any], original: Mapping[str, Any]) -> Self:
        """A payload of which texts were replaced by longer ones: those that no longer fit are cut. A field that takes
        words of a list, or a date, stays as it was in the ``original``."""
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            for issue in error.errors():
                *path, last = issue["loc"]
                holder: Any = content
                before: Any = original
                for part in path:
                    holder, before = holder[part], before[part]
                longest = issue.get("ctx", {}).get("max_length")
                holder[last] = holder[last][: longest - 1] + "…" if longest else before[last]
            return cls.model_validate(content)

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


def field_issues(error: ValidationError) -> tuple[FieldIssue, ...]:
    """What pydantic found, as wire paths and messages; the refused values themselves are left out."""
    return tuple(
        FieldIssue(path=".".join(str(part) for part in found["loc"]) or "payload", message=found["msg"])
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    )
