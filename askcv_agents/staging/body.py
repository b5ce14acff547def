"""Request bodies, never larger than an import can be."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from askcv_agents import wire
from askcv_agents.staging.principals import Refusal

MAX_BODY_BYTES = 8 * 1024 * 1024


async def limited_body(request: Request) -> bytes:
    """The body, refused as soon as it is known to be too large.

    Raises:
        Refusal: it is over the limit.
    """
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise Refusal(413, wire.TOO_LARGE, f"The body is over {MAX_BODY_BYTES // 1048576} MB.")
        parts.append(part)
    return b"".join(parts)


def parsed(body: bytes) -> Any:
    """The JSON value of a body.

    Raises:
        Refusal: it is none, or one that cannot be stored.
    """
    try:
        content = json.loads(body, parse_constant=_no_constant)  # nested too deeply, it is a RecursionError
        if b"\\u" in body:  # half a surrogate pair can be escaped, and not be stored
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, wire.BAD_REQUEST, "The body is no JSON, or is nested too deeply.") from None
    return content


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
