"""The control plane for tests of agents: reset, seed, clock, faults, recorded requests.

Off unless asked for, and opened by a token of its own. It sees what requests hold: it is for a backend that holds
nobody's data."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from askcv_agents import wire
from askcv_agents.staging.faults import CONTROL, Fault, Trouble
from askcv_agents.staging.origin import bearer
from askcv_agents.staging.principals import Refusal

if TYPE_CHECKING:
    from askcv_agents.staging.backend import Backend


class ShiftedClock:
    """A clock that can be set ahead. It gives seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._now() + self.ahead


class Control:
    """What the control plane holds: its token, its clock, and the trouble that was asked for."""

    def __init__(self, token: str, clock: ShiftedClock) -> None:
        self.token = token
        self.clock = clock
        self.trouble = Trouble()


class Seed(BaseModel):
    """A tenant with items: all of them pending, or approved at once."""

    model_config = ConfigDict(extra="forbid")

    tenant: str = Field(min_length=1, max_length=200)
    kind: Literal["agent", "mcp", "extension"] = "agent"
    scopes: list[wire.Scope] | None = None
    items: list[dict[str, Any]] = Field([], max_length=wire.MAX_IMPORT_ITEMS)
    approve: bool = False


class Advance(BaseModel):
    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(ge=0, le=10**9)


def _admit(request: Request) -> Control:
    control: Control = request.app.state.control
    if not secrets.compare_digest((bearer(request) or "").encode(), control.token.encode()):
        raise Refusal(401, wire.UNAUTHORIZED, "The control token is required.")
    return control


Admitted = Annotated[Control, Depends(_admit)]
router = APIRouter(prefix=CONTROL, include_in_schema=False)


@router.post("/reset")
def reset(request: Request, control: Admitted) -> dict[str, Any]:
    """Everything is as it was at first: no tenants, no faults, the clock as it goes."""
    request.app.state.backend.store.empty()
    control.trouble.clear()
    control.clock.ahead = 0.0
    return {"reset": True}


@router.post("/seed")
def seed(request: Request, _: Admitted, given: Seed) -> dict[str, Any]:
    """Makes a token, and stages items for its tenant."""
    backend: Backend = request.app.state.backend
    token = backend.principals.create_token(given.tenant, given.kind, given.scopes)
    made: dict[str, Any] = {"token": token, "tenantId": backend.principals.tenant_id(given.tenant)}
    if given.items:
        principal = backend.principals.authenticate(token)
        answer = backend.intake.stage(principal, given.items)
        if given.approve:
            backend.desk.review(made["tenantId"], [item["itemId"] for item in answer["items"]], "approved")
        made["import"] = answer
    made["inbox"] = f"/inbox/open?key={backend.principals.create_link(given.tenant)}"
    return made


@router.post("/clock")
def advance(control: Admitted, given: Advance) -> dict[str, Any]:
    """Sets the clock ahead by some seconds."""
    control.clock.ahead += given.seconds
    return {"now": control.clock()}


@router.post("/jobs")
async def run_jobs(request: Request, _: Admitted) -> dict[str, Any]:
    """Runs the jobs that are due, and waits for them."""
    return {"ran": await run_in_threadpool(request.app.state.backend.worker.run_due)}


@router.post("/faults")
def ask_for(control: Admitted, given: list[Fault]) -> list[dict[str, Any]]:
    """Faults that happen to requests that follow; the answer is all that are still to happen."""
    control.trouble.ask_for(given)
    return control.trouble.pending()


@router.delete("/faults")
def clear(control: Admitted) -> list[dict[str, Any]]:
    """Takes faults back, and forgets the requests."""
    control.trouble.clear()
    return []


@router.get("/requests")
def recorded(control: Admitted) -> list[dict[str, Any]]:
    """The requests that came, the first first: method, path, query, body, status, and the fault that happened."""
    return control.trouble.recorded()
