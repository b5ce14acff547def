"""What goes over the wire: endpoints, limits, token types, requests and answers.

    contract   the words of it: paths, limits, scopes, codes
    answers    what an import, a profile and an error tell, read by hand
    models     requests and answers as models: what is written, and what callers are given

Client and staging backend meet here and in ``domains``, nowhere else. Each assumed name, shape or code stands once:
``docs/contract.md`` says which are documented. Answers are read leniently (unknown fields kept, missing optional
fields tolerated); requests are written strictly.

Models are imported when one of them is first used: a submission needs none.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from askcv_agents.wire.answers import ErrorAnswer, Receipt, Staged, Tenancy
from askcv_agents.wire.contract import (
    BAD_REQUEST,
    DEFAULT_PAGE_ITEMS,
    EXPORT_PATH,
    EXTENSION,
    IDEMPOTENCY_HEADER,
    IDEMPOTENCY_HOURS,
    IMPORT_PATH,
    INSUFFICIENT_SCOPE,
    LIMITS,
    LIVE_BASE_URL,
    MAX_IMPORT_ITEMS,
    MAX_PAGE_ITEMS,
    MCP,
    MCP_PATH,
    MCP_TOOLS,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    PROFILE_PATH,
    QUERY,
    QUOTE_BREAK,
    RATE_LIMITED,
    READ,
    REQUEST_ID_HEADER,
    REQUIRED_SCOPES,
    SERVER_ERROR,
    STATUS_PATH,
    TOKEN_TYPES,
    TOO_LARGE,
    UNAUTHORIZED,
    VALIDATION_FAILED,
    WRITE,
    BatchStatus,
    Bucket,
    ItemStatus,
    Limit,
    Scope,
    SourceKind,
    TokenType,
)

if TYPE_CHECKING:
    from askcv_agents.wire.models import (
        Bounded,
        DomainCount,
        ExportedItem,
        ExportPage,
        ImportAnswer,
        ImportItem,
        ProfileAnswer,
        RefusedItem,
        ReviewedItem,
        StagedItem,
        StatusAnswer,
        StatusCounts,
        TokenInfo,
        WireEvidence,
        WireIssue,
        WireModel,
        import_body,
        staged_entry,
    )

__all__ = [
    "BAD_REQUEST",
    "DEFAULT_PAGE_ITEMS",
    "EXPORT_PATH",
    "EXTENSION",
    "IDEMPOTENCY_HEADER",
    "IDEMPOTENCY_HOURS",
    "IMPORT_PATH",
    "INSUFFICIENT_SCOPE",
    "LIMITS",
    "LIVE_BASE_URL",
    "MAX_IMPORT_ITEMS",
    "MAX_PAGE_ITEMS",
    "MCP",
    "MCP_PATH",
    "MCP_TOOLS",
    "METHOD_NOT_ALLOWED",
    "NOT_FOUND",
    "PROFILE_PATH",
    "QUERY",
    "QUOTE_BREAK",
    "RATE_LIMITED",
    "READ",
    "REQUEST_ID_HEADER",
    "REQUIRED_SCOPES",
    "SERVER_ERROR",
    "STATUS_PATH",
    "TOKEN_TYPES",
    "TOO_LARGE",
    "UNAUTHORIZED",
    "VALIDATION_FAILED",
    "WRITE",
    "BatchStatus",
    "Bounded",
    "Bucket",
    "DomainCount",
    "ErrorAnswer",
    "ExportPage",
    "ExportedItem",
    "ImportAnswer",
    "ImportItem",
    "ItemStatus",
    "Limit",
    "ProfileAnswer",
    "Receipt",
    "RefusedItem",
    "ReviewedItem",
    "Scope",
    "SourceKind",
    "Staged",
    "StagedItem",
    "StatusAnswer",
    "StatusCounts",
    "Tenancy",
    "TokenInfo",
    "TokenType",
    "WireEvidence",
    "WireIssue",
    "WireModel",
    "import_body",
    "staged_entry",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("askcv_agents.wire.models"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
