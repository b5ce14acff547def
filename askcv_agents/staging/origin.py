"""Where a request comes from, and who asks: what endpoints learn from headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request


def bearer(request: Request) -> str | None:
    """The bearer token of a request, if it carries one."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def same_origin(request: Request) -> bool:
    """Browsers say where a form comes from; a form without either header is none of a browser's."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    return own_origin(request)


def own_origin(request: Request) -> bool:
    """Whether the ``Origin`` of a request is this address."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
