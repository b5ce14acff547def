"""Requests and answers as models: what the backend writes, and what callers of the client are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)
from pydantic.alias_generators import to_camel

from askcv_agents.domains.payloads import field_issues
from askcv_agents.issues import FieldIssue
from askcv_agents.wire.contract import SourceKind


class WireModel(BaseModel):
    """camelCase on the wire; unknown fields are kept. An optional field that is null, or is not what it should be, has
    its default: a field that nobody needs stops nothing."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True, coerce_numbers_to_str=True
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_where_unreadable(cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        field = cls.model_fields[info.field_name or ""]
        if field.is_required():
            return read(value)
        try:
            return read(value)
        except ValidationError:
            return field.get_default(call_default_factory=True, validated_data={})

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self | tuple[FieldIssue, ...]:
        """An answer read, or what keeps it from being one."""
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            return field_issues(error)

    def to_wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


Bounded = Annotated[str, Field(max_length=5_000)]


class WireEvidence(BaseModel):
    """The passage that proves an item, beside its payload. Assumed to be accepted by the staging backend only.

    ``note`` is for the reviewer: that the item is near something known, for example.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    quote: Bounded
    document: Bounded | None = None
    source_kind: SourceKind | None = None
    locator: Bounded | None = None
    note: Bounded | None = None

    def to_wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class ImportItem(BaseModel):
    """One item of an import request. The payload is checked against its domain's model by whoever reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    domain: str
    payload: dict[str, Any]
    evidence: WireEvidence | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self | tuple[FieldIssue, ...]:
        """An item read strictly, or what keeps it from being one."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            return field_issues(error)

    def to_wire(self) -> dict[str, Any]:
        """Payloads are whole as they are: only absent evidence is left out."""
        body: dict[str, Any] = {"domain": self.domain, "payload": self.payload}
        if self.evidence is not None:
            body["evidence"] = self.evidence.to_wire()
        return body


class StagedItem(WireModel):
    """An item that now waits in the review inbox. ``index`` is its place in the request."""

    index: int
    item_id: str | None = None
    domain: str | None = None
    status: str = "pending"


def staged_entry(index: int, item_id: str, domain: str) -> dict[str, Any]:
    """A staged item as an answer has it. For a hundred at a time: a model each would cost more than storing them."""
    return {"index": index, _ITEM_ID: item_id, "domain": domain, "status": "pending"}


_ITEM_ID = StagedItem.model_fields["item_id"].alias or "item_id"


class WireIssue(WireModel):
    path: str = "payload"
    message: str = ""


class RefusedItem(WireModel):
    """An item that did not match its domain's schema."""

    index: int
    domain: str | None = None
    issues: list[WireIssue] = []


class ImportAnswer(WireModel):
    batch_id: str | None = None
    status: str | None = None
    accepted: int | None = None
    rejected: int | None = None
    items: list[StagedItem] = []
    errors: list[RefusedItem] = []


class StatusCounts(WireModel):
    pending: int = 0
    approved: int = 0
    rejected: int = 0


class ReviewedItem(WireModel):
    item_id: str
    index: int | None = None
    domain: str | None = None
    status: str = "pending"
    reviewed_at: str | None = None


class StatusAnswer(WireModel):
    batch_id: str
    status: str
    created_at: str | None = None
    counts: StatusCounts = StatusCounts()
    items: list[ReviewedItem] = []


class ExportedItem(WireModel):
    """An approved item. ``payload`` is kept as the service gave it."""

    id: str
    domain: str | None = None
    payload: dict[str, Any] = {}
    created_at: str | None = None
    updated_at: str | None = None


class ExportPage(WireModel):
    domain: str | None = None
    items: list[ExportedItem] = []
    page: int | None = None
    limit: int | None = None
    total: int | None = None
    has_more: bool | None = None
    next_cursor: str | None = None


class DomainCount(WireModel):
    count: int = 0
    updated_at: str | None = None


class TokenInfo(WireModel):
    type: str | None = None
    scopes: list[str] | None = None


class ProfileAnswer(WireModel):
    tenant_id: str | None = None
    name: str | None = None
    headline: str | None = None
    email: str | None = None
    domains: dict[str, DomainCount] = {}
    token: TokenInfo = TokenInfo()
    limits: dict[str, Any] = {}


def import_body(items: Sequence[ImportItem]) -> dict[str, Any]:
    """The body of an import request."""
    return {"items": [item.to_wire() for item in items]}
