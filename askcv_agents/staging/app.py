"""The ASGI application: what it is made of, one handler for errors, and the headers of every answer."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from askcv_agents import wire
from askcv_agents.staging import agent_api, inbox
from askcv_agents.staging.limits import Gate, Limits
from askcv_agents.staging.principals import Principals, Refusal
from askcv_agents.staging.service import Service
from askcv_agents.staging.store import Store
from askcv_agents.version import __version__

log = logging.getLogger("askcv_agents.staging")

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
CODES = {404: wire.NOT_FOUND, 405: wire.METHOD_NOT_ALLOWED, 413: wire.TOO_LARGE}


@dataclass(frozen=True)
class StagingConfig:
    """How a staging backend runs. ``limits`` None turns the rate limits off; ``now`` gives seconds since 1970;
    ``hosts`` are the names it answers to, so that a web page cannot reach it under a name of its own."""

    database_url: str
    limits: Limits | None = field(default_factory=lambda: wire.LIMITS)
    now: Callable[[], float] = time.time
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Backend:
    """The parts the routes work with, made from a configuration."""

    store: Store
    principals: Principals
    gate: Gate
    service: Service

    @classmethod
    def open(cls, config: StagingConfig) -> Backend:
        """Opens and migrates the database.

        Raises:
            ConfigError: it cannot be used.
        """

        def milliseconds() -> int:
            return int(config.now() * 1000)

        store = Store(config.database_url)
        return cls(
            store=store,
            principals=Principals(store, milliseconds),
            gate=Gate(store, config.limits, milliseconds),
            service=Service(store, config.limits, milliseconds),
        )


def create_app(config: StagingConfig, backend: Backend | None = None) -> FastAPI:
    """The application over a backend, by default one that is opened after ``config`` and closed with the app."""
    backend = backend or Backend.open(config)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        backend.store.close()

    app = FastAPI(title="AskCV staging backend", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.backend = backend
    app.include_router(agent_api.router)
    app.include_router(inbox.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _fault)
    app.middleware("http")(_envelope)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*config.hosts, "testserver"])

    @app.get("/health", include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "ok", "service": "askcv-staging", "version": __version__}

    return app


async def _envelope(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """A request id for every answer, the security headers, and a log line without content."""
    request_id = secrets.token_hex(8)
    request.state.request_id = request_id
    started = time.perf_counter()
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers[wire.REQUEST_ID_HEADER] = request_id
    route = request.scope.get("route")
    path = getattr(route, "path", "-")  # the pattern, not the address: ids and links stay out of the log
    took = (time.perf_counter() - started) * 1000
    log.info("%s %s %s %.1f ms %s", request.method, path, response.status_code, took, request_id)
    return response


def _refusal(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for nothing else
    headers = {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if (wait := refusal.body.get("retryAfterMs")) is not None:
        headers["Retry-After"] = str(-(-wait // 1000))
    return JSONResponse(refusal.body, status_code=refusal.status, headers=headers)


def _http_exception(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    body = {"error": CODES.get(error.status_code, wire.BAD_REQUEST), "message": str(error.detail)}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


def _fault(request: Request, _: Exception) -> JSONResponse:
    body = {"error": wire.SERVER_ERROR, "message": "The backend failed; see its log."}
    request_id = getattr(request.state, "request_id", "")
    return JSONResponse(body, status_code=500, headers={wire.REQUEST_ID_HEADER: request_id})
