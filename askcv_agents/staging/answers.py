"""Errors as the contract has them: one handler for each way in which a request can end badly."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from askcv_agents import wire
from askcv_agents.staging.principals import Refusal

CODES = {404: wire.NOT_FOUND, 405: wire.METHOD_NOT_ALLOWED, 413: wire.TOO_LARGE}


def install(app: FastAPI) -> None:
    """Gives the application its error bodies."""
    handlers: dict[Any, Any] = {
        Refusal: refused,
        HTTPException: _http_exception,
        RequestValidationError: _invalid,
        sa.exc.DataError: _unstorable,
        Exception: _fault,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def refused(_: Request, refusal: Refusal) -> JSONResponse:
    """A refusal with its headers: how to authenticate, which scope, when to come back."""
    headers = {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if (scope := refusal.body.get("requiredScope")) is not None:
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    if (wait := refusal.body.get("retryAfterMs")) is not None:
        headers["Retry-After"] = str(-(-wait // 1000))
    return JSONResponse(refusal.body, status_code=refusal.status, headers=headers)


def _http_exception(_: Request, error: HTTPException) -> JSONResponse:
    body = {"error": CODES.get(error.status_code, wire.BAD_REQUEST), "message": str(error.detail)}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """What the framework finds wrong with a parameter, in the contract's form and without its value."""
    where = ", ".join(".".join(map(str, found["loc"])) for found in error.errors())
    return JSONResponse({"error": wire.BAD_REQUEST, "message": f"Not understood: {where}."}, status_code=400)


def _unstorable(_: Request, __: sa.exc.DataError) -> JSONResponse:
    """A text that no database key can be, such as one with a NUL in it."""
    body = {"error": wire.BAD_REQUEST, "message": "The request has a character that cannot be looked up."}
    return JSONResponse(body, status_code=400)


def _fault(request: Request, _: Exception) -> JSONResponse:
    body = {"error": wire.SERVER_ERROR, "message": "The backend failed; see its log."}
    request_id = getattr(request.state, "request_id", "")
    return JSONResponse(body, status_code=500, headers={wire.REQUEST_ID_HEADER: request_id})
