"""GitHub's REST API, asked politely: one request at a time, again only for what changed, and not while a limit lasts.

The only import of the GitHub library. The token goes into the header of requests to the base address, and nowhere else.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
from gidgethub import GitHubException, HTTPException, RedirectionException, sansio
from gidgethub.httpx import GitHubAPI

from askcv_agents.config import Token, is_loopback
from askcv_agents.errors import ConfigError, SourceError
from askcv_agents.version import __version__
from askcv_pipelines.pull.refusals import MAX_WAIT, LimitReached, Unreadable, resume_at, seconds_to_wait

USER_AGENT = f"askcv-agents/{__version__}"
ATTEMPTS = 4  # of one request, the first included
TIMEOUT = httpx2.Timeout(30.0, connect=10.0)  # seconds

_log = logging.getLogger("askcv_agents.pull")  # below the name that --verbose listens to

# Address → (entity tag, date, answer, next page): the library's form of what it knows and asks for on a condition.
Known = dict[str, tuple[str | None, str | None, Any, str | None]]
Sleep = Callable[[float], Awaitable[None]]


class GitHub:
    """What a pull asks of GitHub. Use it as an asynchronous context manager.

    Every method raises ``LimitReached`` for a rate limit that lasts longer than a minute, ``ConfigError`` for a token
    that is not accepted, ``Unreadable`` for what the token may not read, and ``SourceError`` for any other failure.
    """

    def __init__(self, token: Token, base_url: str, sleep: Sleep, clock: Callable[[], float] = time.time) -> None:
        self._base_url = base_url
        self._known: Known = {}
        # A redirect would carry the token to another address, and no proxy stands between this machine and itself.
        self._http = httpx2.AsyncClient(
            timeout=TIMEOUT, follow_redirects=False, trust_env=not is_loopback(urlsplit(base_url).hostname)
        )
        self._api = _Polite(self._http, USER_AGENT, oauth_token=token.value, base_url=base_url, cache=self._known)
        self._api.wait_with(sleep, clock)

    async def __aenter__(self) -> GitHub:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def login(self) -> str:
        """The login of the token's owner."""
        with self._errors("the token's owner"):
            return str(_object(await self._api.getitem("/user"), "login")["login"])

    async def search(self, query: str, page: int) -> dict[str, Any]:
        """A page of a search for issues, oldest first, a hundred a page. GitHub gives ten pages at most."""
        # By the day of creation: sorted by a date that moves, results would slip from page to page while they are read.
        path = "/search/issues{?q,sort,order,per_page,page}"
        values = {"q": query, "sort": "created", "order": "asc", "per_page": "100", "page": str(page)}
        with self._errors("the search"):
            found = _object(await self._api.getitem(path, values), "items", "total_count")
            return {**found, "total_count": int(found["total_count"]), "items": [_object(i) for i in found["items"]]}

    async def issue(self, path: str, tag: str | None) -> tuple[dict[str, Any] | None, str | None]:
        """The issue at ``path`` and its tag; None and the tag where it is what it was when it had this tag."""
        address = sansio.format_url(path, {}, base_url=self._base_url)
        self._known.clear()  # else the library would keep every answer in memory
        if tag:
            self._known[address] = (tag, None, None, None)
        with self._errors(path):
            answer = await self._api.getitem(path)
            # Nothing stands for "not modified" only where that was asked.
            issue = None if answer is None and tag else _object(answer, "number", "title")
        return issue, self._known.get(address, (None,))[0]

    async def listed(self, path: str) -> list[dict[str, Any]]:
        """Every page of a list."""
        with self._errors(path):
            return [record async for record in self._records(f"{path}?per_page=100")]

    async def _records(self, path: str) -> AsyncIterator[dict[str, Any]]:
        async for record in self._api.getiter(path, iterable_key=None):
            yield _object(record)

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        """Errors of the library and of HTTP as the project's own. None carries a request, and so none the token."""
        try:
            yield
        except HTTPException as error:
            raise _refusal(error, what) from None
        except httpx2.TransportError as error:
            raise SourceError(
                f"no answer from {self._base_url} ({type(error).__name__})",
                "Check the network and run the same command again: what was fetched is kept.",
                retryable=True,
            ) from None
        except (GitHubException, httpx2.HTTPError, ValueError, TypeError, KeyError) as error:
            raise SourceError(
                f"{what}: the answer is not what GitHub's API gives ({type(error).__name__})",
                "Check --base-url; a GitHub Enterprise server has its API at https://HOST/api/v3.",
            ) from None


class _Polite(GitHubAPI):
    """The library's client, which says when a request failed and lets this class decide whether to try again."""

    def wait_with(self, sleep: Sleep, clock: Callable[[], float]) -> None:
        self._sleep, self._clock = sleep, clock

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        answer = await super()._request(method, url, headers, body)
        _log.debug("%s %s: %s", method, urlsplit(url).path, answer[0])
        return answer

    async def sleep(self, seconds: float) -> None:
        await self._sleep(seconds)

    async def manage_rate_limit(self, *, method: str, url: str) -> None:  # noqa: ARG002 - the library's form
        # The address of a next page is whatever an answer says.
        wanted, given = urlsplit(self.base_url), urlsplit(url)
        if (wanted.scheme, wanted.netloc) != (given.scheme, given.netloc):
            raise SourceError(f"an answer leads away from {self.base_url}", "The token was not sent there.")

    async def handle_rate_limit_error(
        self,
        *,
        method: str,  # noqa: ARG002
        url: str,
        exception: HTTPException,
        attempt: int,
    ) -> bool:
        if exception.status_code >= 500:
            wait: float | None = 2.0**attempt
        else:
            now = self._clock()
            wait = seconds_to_wait(exception.status_code, exception.headers, str(exception), now)
            if wait is not None and (wait > MAX_WAIT or attempt >= ATTEMPTS):
                raise LimitReached(resume_at(now, wait))
        if wait is None or attempt >= ATTEMPTS:
            return False
        _log.debug("%s: waiting %.0f s", urlsplit(url).path, wait)
        await self.sleep(wait)
        return True


def _object(answer: Any, *names: str) -> dict[str, Any]:
    """An answer that is an object with these names.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(answer, dict) or any(name not in answer for name in names):
        raise TypeError
    return answer


def _refusal(error: HTTPException, what: str) -> ConfigError | SourceError:
    status = int(error.status_code)
    if status == 401:
        return ConfigError(
            "GitHub does not accept the token", "Set GITHUB_TOKEN to a token that is neither expired nor revoked."
        )
    if status == 422:
        return SourceError(
            f"{what}: GitHub does not know a login or repository in it, or the token may not see it",
            "Check --author, --reviewed-by and --repo, and that the token may read those repositories.",
        )
    if status >= 500:
        return SourceError(f"{what}: GitHub has a fault ({status})", "Run the same command later.", retryable=True)
    if isinstance(error, RedirectionException):
        return Unreadable(f"{what}: has moved", "Run the same command later: GitHub's search will know its new name.")
    if status == 403:
        return Unreadable(
            f"{what}: the token may not read it",
            "Give the token read access to pull requests, and authorise it for the organisation where that is asked.",
        )
    if status in {404, 410, 451}:
        return Unreadable(f"{what}: not found", "It is gone, or the token may not see it.")
    return SourceError(f"{what}: GitHub refuses the request ({status})", "Check the options.")
