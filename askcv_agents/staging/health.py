"""Whether the backend is up, and whether it can work."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse

from askcv_agents.version import __version__

router = APIRouter(include_in_schema=False)


@router.get("/health")
def health() -> dict[str, str]:
    """Up: asks nothing else."""
    return {"status": "ok", "service": "askcv-staging", "version": __version__}


@router.get("/ready")
def ready(request: Request) -> JSONResponse:
    """Up, and the database answers."""
    if request.app.state.backend.store.answers():
        return JSONResponse({"status": "ready"})
    return JSONResponse({"status": "no database"}, status_code=503)


@router.get("/metrics")
def metrics(request: Request) -> PlainTextResponse:
    """Counts of requests since the process started."""
    return PlainTextResponse(request.app.state.metrics.text())
