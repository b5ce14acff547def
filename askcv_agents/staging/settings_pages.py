"""``/settings``: the tokens of a tenant, and the work that is done in the background."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from askcv_agents import wire
from askcv_agents.staging.backend import Backend
from askcv_agents.staging.clock import day, minute
from askcv_agents.staging.pages import PageRefusal, SignedIn, own_form, render
from askcv_agents.staging.repository.rows import Row

router = APIRouter(include_in_schema=False)

TYPES = {"agent": "for AI agents", "mcp": "for MCP connections", "extension": "for the browser extension"}


@router.get("/settings")
def settings(request: Request, tenant: SignedIn) -> Response:
    """All tokens, the form that makes one, and the background work."""
    return _page(request.app.state.backend, tenant)


@router.post("/settings/tokens", dependencies=[Depends(own_form)])
def create(
    request: Request,
    tenant: SignedIn,
    kind: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    scope: Annotated[list[str], Form()] = [],  # noqa: B006 - read by the framework, never changed
) -> Response:
    """Makes a token and shows it, this once."""
    if kind not in wire.TOKEN_TYPES or not set(scope) <= set(get_args(wire.Scope)):
        raise PageRefusal(400, "Not understood", "Choose one of the token types, and scopes from the list.")
    backend: Backend = request.app.state.backend
    label = " ".join(name.replace("\x00", "").split())[:200] or None
    value = backend.principals.create_token(tenant["name"], kind, scope or None, label)
    return _page(backend, tenant, created=value)


@router.post("/settings/tokens/{token_id}/revoke", dependencies=[Depends(own_form)])
def revoke(request: Request, tenant: SignedIn, token_id: str) -> Response:
    """Ends a token."""
    if not request.app.state.backend.principals.revoke_token(token_id, tenant["id"]):
        raise PageRefusal(404, "No such token", "It may have been revoked already.")
    return RedirectResponse("/settings", status_code=303)


@router.post("/settings/jobs/retry", dependencies=[Depends(own_form)])
def retry(request: Request, tenant: SignedIn) -> Response:
    """Tries failed jobs again."""
    request.app.state.backend.worker.retry_failed(tenant["id"])
    return RedirectResponse("/settings", status_code=303)


def _page(backend: Backend, tenant: Row, created: str = "") -> Response:
    return render(
        "settings.html",
        tenant=tenant["name"],
        here="settings",
        tokens=[_token(row) for row in backend.principals.tokens(tenant["id"])],
        created=created,
        types=[(name, meaning, wire.TOKEN_TYPES[name].scopes) for name, meaning in TYPES.items()],
        scopes=get_args(wire.Scope),
        jobs=backend.worker.counts(tenant["id"]),
    )


def _token(row: Row) -> dict[str, Any]:
    used, revoked = row["last_used_at"], row["revoked_at"]
    return {
        "id": row["id"],
        "name": row["name"] or "",
        "hint": f"{row['hint']}…",
        "type": row["type"],
        "scopes": ", ".join(row["scopes"]) or "none",
        "created": day(row["created_at"]),
        "used": minute(used) if used else "never",
        "revoked": day(revoked) if revoked else "",
    }
