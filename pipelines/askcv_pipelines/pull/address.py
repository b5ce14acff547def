"""Documents at an ``https`` address: bounded in size, time and redirects, and never from inside the own network."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import httpx2

from askcv_agents.errors import SourceError
from askcv_agents.version import __version__
from askcv_pipelines.sources import MAX_BYTES

REDIRECTS = 5
SECONDS = 30.0
"""For all of it, redirects included."""
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/vtt": ".vtt",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "message/rfc822": ".eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Fetched:
    """A document's bytes, and a name with the ending of its format. Queries may hold secrets: the name has none."""

    raw: bytes
    name: str


@dataclass(frozen=True)
class Fetcher:
    """Fetches documents. ``resolve``, ``transport`` and ``clock`` are for tests."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    transport: httpx2.BaseTransport | None = None
    clock: Callable[[], float] = field(default=time.monotonic)

    def fetch(self, url: str) -> Fetched:
        """The document at ``url``.

        Raises:
            SourceError: it is no https address, lies inside a private network (also by way of a redirect), is too
                large or too slow, or the server refuses it. The message names the address without its query.
        """
        until = self.clock() + SECONDS
        with httpx2.Client(
            transport=self.transport, follow_redirects=False, trust_env=False, headers={"Accept": "*/*"}
        ) as http:
            for _ in range(REDIRECTS + 1):
                answer = self._get(http, url, until)
                if isinstance(answer, Fetched):
                    return answer
                url = urljoin(url, answer)
        raise SourceError(f"{shown(url)}: more than {REDIRECTS} redirects", "Give the address they end at.")

    def _get(self, http: httpx2.Client, url: str, until: float) -> Fetched | str:
        """The document, or where a redirect points."""
        target = self._pinned(url)
        parts = urlsplit(url)
        request = http.build_request(
            "GET",
            target,
            headers={"Host": parts.netloc, "User-Agent": f"askcv-agents/{__version__}"},
            extensions={"sni_hostname": parts.hostname, "timeout": _timeouts(until - self.clock())},
        )
        try:
            response = http.send(request, stream=True)
            try:
                if response.is_redirect:
                    return response.headers.get("location", "")
                if response.status_code != 200:
                    raise SourceError(f"{shown(url)}: the server answers {response.status_code}", "Check the address.")
                raw = self._body(response, url, until)
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            finally:
                response.close()
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise SourceError(
                f"{shown(url)}: cannot be fetched ({type(error).__name__})", "Try again later."
            ) from error
        return Fetched(raw, _name(url, kind))

    def _pinned(self, url: str) -> str:
        """``url`` with its host replaced by an address of it that was checked, so that a second look-up cannot lead
        elsewhere."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or 443
        except ValueError as error:
            raise SourceError(f"{shown(url)}: is no address", "Check it.") from error
        if parts.scheme != "https" or not host or parts.username or parts.password:
            raise SourceError(
                f"{shown(url)}: only https addresses without credentials are read", "Save the page instead."
            )
        try:
            addresses = self.resolve(host, port)
        except OSError as error:
            raise SourceError(f"{shown(url)}: there is no such host", "Check the address.") from error
        if not addresses or not all(ip_address(address.partition("%")[0]).is_global for address in addresses):
            raise SourceError(f"{shown(url)}: lies inside a private network", "Save the page and give its file.")
        address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
        return parts._replace(netloc=f"{address}:{port}", fragment="").geturl()

    def _body(self, response: httpx2.Response, url: str, until: float) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > MAX_BYTES:
                raise SourceError(f"{shown(url)}: over {MAX_BYTES // 1048576} MB", "Save the part you need.")
            if self.clock() > until:
                raise SourceError(f"{shown(url)}: took longer than {SECONDS:.0f} s", "Save the page and give its file.")
            parts.append(part)
        return b"".join(parts)


def shown(url: str) -> str:
    """An address as it may be shown: without query, fragment and credentials."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "the address"
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def _name(url: str, kind: str) -> str:
    parts = urlsplit(url)
    path = PurePosixPath(unquote(parts.path))
    name = f"{parts.hostname}/{path.name}".rstrip("/")
    ending = SUFFIXES.get(kind)
    return name if ending is None or path.suffix.lower() == ending else name + ending


def _timeouts(left: float) -> dict[str, float]:
    seconds = max(0.1, min(left, SECONDS))
    return {"connect": min(10.0, seconds), "read": seconds, "write": seconds, "pool": seconds}
