"""The four endpoints for agents. Who asks and how often is settled before the request is read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from askcv_agents import wire
from askcv_agents.domains import DOMAINS
from askcv_agents.staging.body import limited_body
from askcv_agents.staging.origin import bearer
from askcv_agents.staging.principals import Principal, Refusal

router = APIRouter()


def _principal(request: Request) -> Principal:
    principal: Principal = request.app.state.backend.principals.authenticate(bearer(request))
    return principal


Authenticated = Annotated[Principal, Depends(_principal)]


def _importer(request: Request, principal: Authenticated) -> Principal:
    request.app.state.backend.gate.admit(principal, "import")
    return principal


@router.post(wire.IMPORT_PATH, status_code=202)
async def import_items(
    request: Request,
    principal: Annotated[Principal, Depends(_importer)],
    idempotency_key: Annotated[str | None, Header(max_length=200, pattern="^[!-~]+$")] = None,
) -> JSONResponse:
    """Stages items in the review inbox of the token's tenant."""
    backend = request.app.state.backend
    body = await limited_body(request)
    outcome = await run_in_threadpool(backend.service.import_items, principal, body, idempotency_key)
    headers = {"Idempotency-Replayed": "true"} if outcome.replayed else None
    return JSONResponse(outcome.body, status_code=outcome.status, headers=headers)


@router.get(wire.STATUS_PATH)
def import_status(request: Request, principal: Authenticated, batch_id: str) -> dict[str, Any]:
    """What became of a batch."""
    backend = request.app.state.backend
    backend.gate.admit(principal, "status")
    answer: dict[str, Any] = backend.service.import_status(principal, batch_id)
    return answer


@router.get(wire.EXPORT_PATH)
def export(
    request: Request, principal: Authenticated, domain: str, page: str = "1", limit: str = str(wire.DEFAULT_PAGE_ITEMS)
) -> dict[str, Any]:
    """Approved items of one domain, oldest first."""
    if domain not in DOMAINS:
        raise Refusal(404, wire.NOT_FOUND, f"There is no such domain; use one of {', '.join(DOMAINS)}.")
    backend = request.app.state.backend
    backend.gate.admit(principal, "export", domain)
    wanted = _whole("page", page, 1_000_000), _whole("limit", limit, wire.MAX_PAGE_ITEMS)
    answer: dict[str, Any] = backend.service.export(principal, domain, *wanted)
    return answer


@router.get(wire.PROFILE_PATH)
def profile(request: Request, principal: Authenticated) -> dict[str, Any]:
    """Whose record the token opens."""
    backend = request.app.state.backend
    backend.gate.admit(principal, "profile")
    answer: dict[str, Any] = backend.service.profile(principal)
    return answer


def _whole(name: str, given: str, most: int) -> int:
    """Read by hand: the framework's own error body is not the contract's."""
    if given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= most and len(given) <= 9:
        return int(given)
    raise Refusal(422, wire.VALIDATION_FAILED, f"{name} must be a whole number from 1 to {most}.")
