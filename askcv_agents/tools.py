"""The catalogue of service tools: one ``ToolSpec`` each, which every framework's adapter translates.

A handler is an operation (see ``exchange``), so the same handler serves sync and async frameworks. Adapters add no
description and no schema of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from askcv_agents import operations, wire
from askcv_agents.client import AsyncClient, Client
from askcv_agents.config import Settings
from askcv_agents.domains import DOMAINS, field_issues
from askcv_agents.errors import ApiError, AskcvError, InsufficientScope, RateLimited, ValidationFailed
from askcv_agents.exchange import Operation, RetryPolicy
from askcv_agents.issues import FieldIssue, ItemIssues

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)


@dataclass(frozen=True)
class Hints:
    """What a host may assume of a tool, in the sense of MCP's annotations."""

    read_only: bool
    destructive: bool
    idempotent: bool


@dataclass(frozen=True)
class ToolContext:
    """What a handler may use besides its input."""

    settings: Settings
    retry: RetryPolicy


@dataclass(frozen=True)
class ToolSpec(Generic[In, Out]):
    """One tool, independent of any framework. Any one of ``scopes`` lets a token use it."""

    name: str
    title: str
    description: str
    input_model: type[In]
    output_model: type[Out]
    hints: Hints
    scopes: tuple[wire.Scope, ...]
    handler: Callable[[ToolContext, In], Operation[Any, Out]]

    def run(self, client: Client, arguments: BaseModel | dict[str, Any]) -> Out:
        """Runs the tool. Bad arguments raise ``ValidationFailed``, as a refusal of the service does."""
        return client.run(self._operation(client.settings, client.retry, arguments))

    async def arun(self, client: AsyncClient, arguments: BaseModel | dict[str, Any]) -> Out:
        """``run``, awaited."""
        return await client.run(self._operation(client.settings, client.retry, arguments))

    def _operation(
        self, settings: Settings, retry: RetryPolicy, arguments: BaseModel | dict[str, Any]
    ) -> Operation[Any, Out]:
        given = arguments.model_dump(exclude_unset=True) if isinstance(arguments, BaseModel) else arguments
        try:
            parsed = self.input_model.model_validate(given)
        except ValidationError as error:
            raise bad_arguments(self.name, error) from error
        return self.handler(ToolContext(settings, retry), parsed)


class ToolInput(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ImportCareerDataInput(ToolInput):
    items: list[wire.ImportItem] = Field(
        min_length=1,
        max_length=wire.MAX_IMPORT_ITEMS,
        description="1 to 100 items: domain, and payload with the fields of that domain in camelCase. "
        "evidence.quote is the verbatim sentence that proves the item.",
    )


class RefusedImport(BaseModel):
    index: int
    domain: str
    issues: list[wire.WireIssue]


class ImportCareerDataOutput(BaseModel):
    batch_id: str | None = Field(description="For get_import_status; null where nothing was staged.")
    staged: int
    refused: list[RefusedImport]
    note: str = "Staged items wait in the person's review inbox; they are not part of the record until approved."


class GetImportStatusInput(ToolInput):
    batch_id: str = Field(min_length=1, max_length=200, description="The batch_id that import_career_data gave.")


class ReadCareerDataInput(ToolInput):
    domain: str = Field(description=f"One of: {', '.join(DOMAINS)}.", json_schema_extra={"enum": list(DOMAINS)})
    page: int = Field(1, ge=1, description="Pages count from 1.")
    limit: int = Field(wire.DEFAULT_PAGE_ITEMS, ge=1, le=wire.MAX_PAGE_ITEMS, description="Items a page.")


class ReadProfileInput(ToolInput):
    pass


def _import_career_data(context: ToolContext, given: ImportCareerDataInput) -> Operation[Any, ImportCareerDataOutput]:
    ready = operations.checked_items(given.items, evidence=bool(context.settings.send_evidence))
    receipt = yield from operations.import_batch(ready, context.retry, key=operations.fresh_key())
    return ImportCareerDataOutput(
        batch_id=receipt.batch_id,
        staged=len(receipt.staged),
        refused=[
            RefusedImport(index=item.index, domain=item.domain, issues=[_wire_issue(issue) for issue in item.issues])
            for item in receipt.refused
        ],
    )


def _get_import_status(context: ToolContext, given: GetImportStatusInput) -> Operation[Any, wire.StatusAnswer]:
    return operations.import_status(given.batch_id, context.retry)


def _read_career_data(context: ToolContext, given: ReadCareerDataInput) -> Operation[Any, wire.ExportPage]:
    return operations.export_page(given.domain, context.retry, operations.Position(given.page), limit=given.limit)


def _read_profile(context: ToolContext, _: ReadProfileInput) -> Operation[Any, wire.ProfileAnswer]:
    return operations.profile(context.retry)


_READ = Hints(read_only=True, destructive=False, idempotent=True)

CATALOGUE: tuple[ToolSpec[Any, Any], ...] = (
    ToolSpec(
        name="read_career_data",
        title="Read career data",
        description="Reads what the person's career record already holds in one domain: approved items, oldest first, "
        "a page at a time. Use it before importing, so that nothing is proposed twice. hasMore says whether "
        "there is a next page. Items still waiting in the review inbox are not shown. "
        "Cost: 1 of 120 requests per hour and domain.",
        input_model=ReadCareerDataInput,
        output_model=wire.ExportPage,
        hints=_READ,
        scopes=wire.REQUIRED_SCOPES["export"],
        handler=_read_career_data,
    ),
    ToolSpec(
        name="read_profile",
        title="Read profile",
        description="Reads whose record this is and how many items each domain holds. Use it to learn the person's "
        "name and what is there before reading whole domains. Cost: 1 of 120 requests per hour.",
        input_model=ReadProfileInput,
        output_model=wire.ProfileAnswer,
        hints=_READ,
        scopes=wire.REQUIRED_SCOPES["profile"],
        handler=_read_profile,
    ),
    ToolSpec(
        name="get_import_status",
        title="Get import status",
        description="Says what became of a batch that was imported: how many of its items are pending, approved or "
        "rejected. Only the person can approve; do not call it in a loop. Cost: 1 of 120 requests per hour.",
        input_model=GetImportStatusInput,
        output_model=wire.StatusAnswer,
        hints=_READ,
        scopes=wire.REQUIRED_SCOPES["status"],
        handler=_get_import_status,
    ),
    ToolSpec(
        name="import_career_data",
        title="Import career data",
        description="Stages 1 to 100 career items in the person's review inbox. They go live only when the person "
        "approves them. Import only facts that a source states about this person, each with its verbatim sentence in "
        "evidence.quote; never another person's action items. Read the domain first with read_career_data and leave "
        "out what is there. Items that do not match their domain's schema come back in refused with index and field: "
        "correct those alone and import them again; never repeat the accepted ones. If the error is outcome_unknown, "
        "do not call again: ask the person to look in the inbox. Cost: 1 of 20 batches per hour, so collect items "
        "into one call. Each domain's required fields: "
        + "; ".join(
            f"{name} ({', '.join(f.alias or n for n, f in domain.model.model_fields.items() if f.is_required())})"
            for name, domain in DOMAINS.items()
        )
        + ".",
        input_model=ImportCareerDataInput,
        output_model=ImportCareerDataOutput,
        hints=Hints(read_only=False, destructive=False, idempotent=False),
        scopes=wire.REQUIRED_SCOPES["import"],
        handler=_import_career_data,
    ),
)
"""The service tools, in the order in which they are offered."""


def offered(
    catalogue: Sequence[ToolSpec[Any, Any]], scopes: Sequence[str] | None, *, read_only: bool = False
) -> tuple[ToolSpec[Any, Any], ...]:
    """The tools that the *known* scopes of a token allow; all of them where its scopes are not known."""
    return tuple(
        spec
        for spec in catalogue
        if (scopes is None or set(spec.scopes) & set(scopes)) and not (read_only and not spec.hints.read_only)
    )


def error_payload(error: AskcvError) -> dict[str, Any]:
    """What a model reads of an error, the same in every framework: ``{error, message, hint, retryable,
    retryAfterMs}``, and ``items`` (index, domain, issues) or ``requiredScope`` where the error has them."""
    retry_after = error.retry_after if isinstance(error, RateLimited) else None
    payload: dict[str, Any] = {
        "error": _code(error),
        "message": error.message,
        "hint": error.hint,
        "retryable": error.retryable,
        "retryAfterMs": None if retry_after is None else round(retry_after * 1000),
    }
    if isinstance(error, ValidationFailed) and error.items:
        payload["items"] = [
            {"index": item.index, "domain": item.domain, "issues": [_wire_issue(i).to_wire() for i in item.issues]}
            for item in error.items
        ]
    if isinstance(error, InsufficientScope) and error.required_scope:
        payload["requiredScope"] = error.required_scope
    if isinstance(error, ApiError) and error.receipts:
        payload["stagedBatchIds"] = [receipt.batch_id for receipt in error.receipts]
    return payload


def output_payload(output: BaseModel) -> dict[str, Any]:
    """A tool's result as JSON: wire names, absent fields left out."""
    return output.model_dump(mode="json", by_alias=True, exclude_none=True)


def to_json(payload: dict[str, Any]) -> str:
    """Compact JSON text, for frameworks whose tools answer with text."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def bad_arguments(tool: str, error: ValidationError) -> ValidationFailed:
    """Arguments that do not fit a tool's schema, as the error a model can correct itself by."""
    issues = field_issues(error)
    return ValidationFailed(
        f"{tool}: {issues[0].path}: {issues[0].message}",
        "Correct the arguments and call again; nothing was sent.",
        items=(ItemIssues(0, tool, issues),),
    )


def _wire_issue(issue: FieldIssue) -> wire.WireIssue:
    return wire.WireIssue(path=issue.path, message=issue.message)


def _code(error: AskcvError) -> str:
    """The class name in snake case: ``RateLimited`` → ``rate_limited``."""
    name = type(error).__name__
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))
