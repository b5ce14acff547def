"""What goes over the wire: endpoints, limits, token types, requests and answers.

Client and staging backend meet here and in ``domains``, nowhere else. Each assumed name, shape or code stands once:
``docs/contract.md`` says which are documented. Answers are read leniently (unknown fields kept, missing optional
fields tolerated); requests are written strictly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

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

from askcv_agents.issues import ItemIssues

LIVE_BASE_URL = "https://askcv.ai"

# -- endpoints ---------------------------------------------------------------------------------------------------------

IMPORT_PATH = "/api/agent/import"
STATUS_PATH = "/api/agent/import/{batch_id}"
EXPORT_PATH = "/api/agent/export/{domain}"
PROFILE_PATH = "/api/agent/profile"
MCP_PATH = "/api/mcp"

MAX_IMPORT_ITEMS = 100
MAX_PAGE_ITEMS = 100
DEFAULT_PAGE_ITEMS = 50

REQUEST_ID_HEADER = "X-Request-Id"
IDEMPOTENCY_HEADER = "Idempotency-Key"
IDEMPOTENCY_HOURS = 24
"""How long a service that honours the key remembers it."""


@dataclass(frozen=True)
class Limit:
    """At most ``requests`` in any ``seconds``, counted per ``per``."""

    requests: int
    seconds: int
    per: Literal["tenant", "tenant and domain"]


Bucket = Literal["import", "status", "export", "profile"]

LIMITS: Mapping[Bucket, Limit] = {
    "import": Limit(20, 3600, "tenant"),
    "status": Limit(120, 3600, "tenant"),
    "export": Limit(120, 3600, "tenant and domain"),
    "profile": Limit(120, 3600, "tenant"),
}

# -- tokens ------------------------------------------------------------------------------------------------------------

READ: Final = "agent:read"
WRITE: Final = "agent:write"
QUERY: Final = "agent:query"
MCP: Final = "mcp"
EXTENSION: Final = "extension"
Scope = Literal["agent:read", "agent:write", "agent:query", "mcp", "extension"]


@dataclass(frozen=True)
class TokenType:
    """A kind of token. Its scopes are defaults only: others may have been chosen when it was made."""

    name: Literal["extension", "agent", "mcp"]
    prefix: str
    scopes: tuple[Scope, ...]


TOKEN_TYPES: Mapping[str, TokenType] = {
    kind.name: kind
    for kind in (
        TokenType("extension", "askcv_ext_", (EXTENSION,)),
        TokenType("agent", "askcv_agt_", (READ, WRITE, QUERY)),
        TokenType("mcp", "askcv_mcp_", (MCP,)),
    )
}

# Any one of the scopes of an endpoint opens it; a 403 names the first.
REQUIRED_SCOPES: Mapping[Bucket, tuple[Scope, ...]] = {
    "import": (WRITE,),
    "status": (READ, WRITE),
    "export": (READ,),
    "profile": (READ, WRITE),
}

# -- error codes -------------------------------------------------------------------------------------------------------

BAD_REQUEST = "bad_request"
UNAUTHORIZED = "unauthorized"
INSUFFICIENT_SCOPE = "insufficient_scope"
NOT_FOUND = "not_found"
METHOD_NOT_ALLOWED = "method_not_allowed"
TOO_LARGE = "payload_too_large"
VALIDATION_FAILED = "validation_failed"
RATE_LIMITED = "rate_limited"
SERVER_ERROR = "server_error"

# -- requests and answers ----------------------------------------------------------------------------------------------


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

    def to_wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


SourceKind = Literal["performance_review", "meeting_notes", "code_review", "other"]
ItemStatus = Literal["pending", "approved", "rejected"]
BatchStatus = Literal["pending", "partially_reviewed", "completed"]

Bounded = Annotated[str, Field(max_length=5_000)]
QUOTE_BREAK = "\n … "
"""Between several passages in one quote."""


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

    @classmethod
    def read(cls, content: Mapping[str, Any], sent: int) -> ImportAnswer:
        """An answer to ``sent`` items, each entry read by itself: whatever carries a batch id has staged something,
        however odd the rest is. Entries without a usable index take the places that are left, in order."""
        refused = [_refused(entry) for entry in _entries(content, "errors")]
        staged = [_staged(entry) for entry in _entries(content, "items")]
        taken: set[int] = set()
        errors = [_placed(entry, taken, sent) for entry in refused]
        items = [_placed(entry, taken, sent) for entry in staged]
        rest = {name: value for name, value in content.items() if name not in {"items", "errors"}}
        found = {
            "items": [StagedItem.model_construct(**entry) for entry in items],  # typed already
            "errors": [RefusedItem(**entry) for entry in errors],
        }
        return cls.model_validate(rest).model_copy(update=found)


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


class ErrorAnswer(WireModel):
    """The body of every error. Fields beyond ``error`` and ``message`` depend on the code."""

    error: str = ""
    message: str = ""
    required_scope: str | None = None
    retry_after_ms: float | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of one batch: the service's ``batch_id`` (None where nothing was staged), how many items it
    ``accepted``, which were ``staged`` (as far as the answer lists them) and which were refused. Indexes count from the
    first item the caller gave, over all batches of the call."""

    batch_id: str | None
    accepted: int
    staged: tuple[StagedItem, ...]
    refused: tuple[ItemIssues, ...]
    request_id: str | None = None


def import_body(items: Sequence[ImportItem]) -> dict[str, Any]:
    """The body of an import request."""
    return {"items": [item.to_wire() for item in items]}


def _entries(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    return found if isinstance(found, list) else []


def _staged(entry: Any) -> dict[str, Any]:
    entry = entry if isinstance(entry, dict) else {}
    item_id = entry.get("itemId", entry.get("id"))
    domain = entry.get("domain")
    return {
        "index": entry.get("index"),
        "item_id": str(item_id) if isinstance(item_id, str | int) else None,
        "domain": domain if isinstance(domain, str) else None,
    }


def _refused(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        return {"index": None, "issues": [WireIssue(message=str(entry))]}
    found = [_issue(issue) for issue in _entries(entry, "issues")]
    if not found:
        found = [_issue(entry)]
    domain = entry.get("domain")
    return {"index": entry.get("index"), "domain": domain if isinstance(domain, str) else None, "issues": found}


def _issue(entry: Any) -> WireIssue:
    if not isinstance(entry, Mapping):
        return WireIssue(message=str(entry))
    path = entry.get("path", "payload")
    parts = path if isinstance(path, list) else [path]
    return WireIssue(path=".".join(map(str, parts)), message=str(entry.get("message", "refused")))


def _placed(entry: dict[str, Any], taken: set[int], sent: int) -> dict[str, Any]:
    """The entry at its index, or at the first place that is free where it names none of the request's."""
    index = entry["index"]
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < sent or index in taken:
        index = next((place for place in range(sent) if place not in taken), max(0, sent - 1))
        entry = entry | {"index": index}
    taken.add(index)
    return entry
