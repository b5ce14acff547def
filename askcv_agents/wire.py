"""What goes over the wire: endpoints, limits, token types, requests and answers.

Client and staging backend meet here and in ``domains``, nowhere else. Each assumed name, shape or code stands once:
``docs/contract.md`` says which are documented. Answers are read leniently (unknown fields kept, missing optional
fields tolerated); requests are written strictly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from askcv_agents.issues import ItemIssues

LIVE_BASE_URL = "https://askcv.ai"

# -- endpoints ---------------------------------------------------------------------------------------------------------

IMPORT_PATH = "/api/agent/import"
STATUS_PATH = "/api/agent/import/{batch_id}"
EXPORT_PATH = "/api/agent/export/{domain}"
PROFILE_PATH = "/api/agent/profile"

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
    """camelCase on the wire; unknown fields are kept."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow", frozen=True)

    def to_wire(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


SourceKind = Literal["performance_review", "meeting_notes", "code_review", "other"]
ItemStatus = Literal["pending", "approved", "rejected"]
BatchStatus = Literal["pending", "partially_reviewed", "completed"]

Bounded = Annotated[str, Field(max_length=5_000)]


class WireEvidence(WireModel):
    """The passage that proves an item, beside its payload. Assumed to be accepted by the staging backend only."""

    quote: Bounded
    document: Bounded | None = None
    source_kind: SourceKind | None = None
    locator: Bounded | None = None


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
    item_id: str
    domain: str | None = None
    status: str = "pending"


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


class ErrorAnswer(WireModel):
    """The body of every error. Fields beyond ``error`` and ``message`` depend on the code."""

    error: str = ""
    message: str = ""
    required_scope: str | None = None
    retry_after_ms: float | None = None


@dataclass(frozen=True)
class Receipt:
    """What became of one batch: the service's ``batch_id`` (None where every item was refused), what was staged and
    what was refused. Indexes count from the first item the caller gave, over all batches of the call."""

    batch_id: str | None
    staged: tuple[StagedItem, ...]
    refused: tuple[ItemIssues, ...]
    request_id: str | None = None


def import_body(items: Sequence[ImportItem]) -> dict[str, Any]:
    """The body of an import request."""
    return {"items": [item.to_wire() for item in items]}
