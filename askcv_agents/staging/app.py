"""The ASGI application: the routes, over a backend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route

from askcv_agents import wire
from askcv_agents.staging import (
    agent_api,
    answers,
    control,
    health,
    inbox,
    item_pages,
    openapi,
    pages,
    record_pages,
    settings_pages,
)
from askcv_agents.staging.backend import Backend, StagingConfig
from askcv_agents.staging.envelope import Envelope
from askcv_agents.staging.faults import TroubleMiddleware
from askcv_agents.staging.metrics import Metrics
from askcv_agents.version import __version__

if TYPE_CHECKING:
    from askcv_agents.staging.mcp import McpEndpoint

HERE = Path(__file__).parent


def create_app(config: StagingConfig, backend: Backend | None = None) -> FastAPI:
    """The application over a backend, by default one that is opened after ``config`` and closed with the app."""
    backend = backend or Backend.open(config)
    mcp = _mcp_endpoint(backend)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            if mcp is not None:
                await running.enter_async_context(mcp.run())
            backend.worker.start()
            running.callback(backend.worker.stop)
            yield
        backend.store.close()

    app = FastAPI(title="AskCV staging backend", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.backend = backend
    for part in (agent_api, health, inbox, item_pages, record_pages, settings_pages):
        app.include_router(part.router)
    # A route, not a mount: another method is 405, and addresses below it are 404.
    app.router.routes.append(Route(wire.MCP_PATH, mcp or _no_mcp, methods=["POST"]))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.openapi = openapi.document  # type: ignore[method-assign]
    answers.install(app)
    pages.install(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(config.hosts))
    app.state.metrics = Metrics()
    app.add_middleware(Envelope, metrics=app.state.metrics)
    if config.control is not None:
        app.state.control = config.control
        app.include_router(control.router)
        app.add_middleware(TroubleMiddleware, trouble=config.control.trouble)
    return app


def _mcp_endpoint(backend: Backend) -> McpEndpoint | None:
    if find_spec("mcp") is None:
        return None
    from askcv_agents.staging.mcp import McpEndpoint  # noqa: PLC0415 - an extra

    return McpEndpoint(backend)


def _no_mcp(_: Request) -> JSONResponse:
    body = {"error": "not_implemented", "message": "MCP is not installed here: pip install 'askcv-agents[mcp]'."}
    return JSONResponse(body, status_code=501)


__all__ = ["Backend", "StagingConfig", "create_app"]
