"""Every error this project raises on purpose.

    AskcvError                  message, hint, retryable
    ├── ConfigError             a setting is missing, unreadable or unsafe
    ├── ApiError                the service answered, or should have (request_id, status, receipts)
    │   ├── ConnectionFailed    nothing was sent: no connection came about
    │   ├── UnreadableAnswer    an answer came that is not what the contract says
    │   ├── Unauthorized        401: the token is missing, wrong or revoked
    │   ├── InsufficientScope   403: the token lacks required_scope
    │   ├── NotFound            404: no such thing for this token's tenant
    │   ├── ValidationFailed    400, 413, 422, or refused before sending (issues)
    │   ├── RateLimited         429: retry_after seconds until the next attempt can succeed
    │   ├── ServerError         5xx on a call that changes nothing
    │   └── OutcomeUnknown      an import left and no readable answer came back: staged, or not
    ├── NotApproved             a tool that writes was not approved: nothing was sent
    ├── SourceError             a document cannot be read (names the file)
    ├── ExtractorError          an extractor cannot run or gave something unusable
    └── JournalError            the journal cannot be opened, locked or trusted

``retryable`` says whether the same call can succeed later without anything being changed. Messages and hints carry no
token and no document text. Whatever is not an ``AskcvError`` is a programming error and propagates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from askcv_agents.issues import ItemIssues

if TYPE_CHECKING:
    from askcv_agents.wire import Receipt


class AskcvError(Exception):
    """The root. ``message`` says what happened, ``hint`` what to do about it."""

    def __init__(self, message: str, hint: str = "", *, retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retryable = retryable


class NotApproved(AskcvError):
    """A tool that writes was not approved, or nobody was there to ask; nothing was sent."""


class ConfigError(AskcvError):
    """A setting is missing, unreadable or unsafe."""


class ApiError(AskcvError):
    """A call to the service did not give what was asked for.

    ``receipts`` are the batches that the same call had already seen accepted: those are staged, and sending them
    again would double them.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        retryable: bool = False,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, hint, retryable=retryable)
        self.status = status
        self.request_id = request_id
        self.receipts: tuple[Receipt, ...] = ()


class ConnectionFailed(ApiError):
    """No connection came about, so nothing was sent."""


class UnreadableAnswer(ApiError):
    """An answer came that is not what the contract says."""


class Unauthorized(ApiError):
    """401: the token is missing, wrong or revoked."""


class InsufficientScope(ApiError):
    """403: the token lacks ``required_scope`` (None where the answer does not name one)."""

    def __init__(self, message: str, hint: str = "", *, required_scope: str | None = None, **api: Any) -> None:
        super().__init__(message, hint, **api)
        self.required_scope = required_scope


class NotFound(ApiError):
    """404: no such thing for this token's tenant."""


class ValidationFailed(ApiError):
    """The input is refused: by the service, or before anything was sent (``status`` is then None)."""

    def __init__(self, message: str, hint: str = "", *, items: tuple[ItemIssues, ...] = (), **api: Any) -> None:
        super().__init__(message, hint, **api)
        self.items = items


class RateLimited(ApiError):
    """429. ``retry_after`` is in seconds, as the service said; None where it did not say."""

    def __init__(self, message: str, hint: str = "", *, retry_after: float | None = None, **api: Any) -> None:
        super().__init__(message, hint, retryable=True, **api)
        self.retry_after = retry_after


class ServerError(ApiError):
    """5xx on a call that changes nothing on the service."""


class OutcomeUnknown(ApiError):
    """An import was sent and no readable answer came back. Never re-send it blindly: reconcile first."""


class SourceError(AskcvError):
    """A document cannot be read. The message names it."""


class ExtractorError(AskcvError):
    """An extractor cannot run, or gave something unusable."""


class JournalError(AskcvError):
    """The journal cannot be opened, locked or trusted."""


__all__ = [
    "ApiError",
    "AskcvError",
    "ConfigError",
    "ConnectionFailed",
    "ExtractorError",
    "InsufficientScope",
    "JournalError",
    "NotApproved",
    "NotFound",
    "OutcomeUnknown",
    "RateLimited",
    "ServerError",
    "SourceError",
    "Unauthorized",
    "UnreadableAnswer",
    "ValidationFailed",
]
