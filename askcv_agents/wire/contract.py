"""The contract's words: endpoints, limits, token types, scopes, error codes. Nothing here is read or sent by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

LIVE_BASE_URL = "https://askcv.ai"

# -- endpoints ---------------------------------------------------------------------------------------------------------

IMPORT_PATH = "/api/agent/import"
STATUS_PATH = "/api/agent/import/{batch_id}"
EXPORT_PATH = "/api/agent/export/{domain}"
PROFILE_PATH = "/api/agent/profile"
MCP_PATH = "/api/mcp"

MCP_TOOLS = ("import_career_data", "get_import_status", "read_career_data")

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

# -- words of requests and answers -------------------------------------------------------------------------------------

SourceKind = Literal["performance_review", "meeting_notes", "code_review", "other"]
ItemStatus = Literal["pending", "approved", "rejected"]
BatchStatus = Literal["pending", "partially_reviewed", "completed"]

QUOTE_BREAK = "\n … "
"""Between several passages in one quote."""
