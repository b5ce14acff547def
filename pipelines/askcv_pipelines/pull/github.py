"""One's own pull requests, or those one reviewed, from GitHub into files that the review source reads. START HERE."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from askcv_agents.config import Token
from askcv_agents.errors import ConfigError, SourceError
from askcv_pipelines.events import Failure, Progress
from askcv_pipelines.pull.folder import Folder
from askcv_pipelines.pull.github_query import Query
from askcv_pipelines.pull.github_thread import Reference, thread
from askcv_pipelines.pull.refusals import LimitReached, Unreadable

if TYPE_CHECKING:
    from askcv_pipelines.pull.github_client import GitHub

TOKEN_VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN")
PAGES = 10  # GitHub shows a thousand results of a search, a hundred a page


@dataclass
class Pulled:
    """What a pull came to. ``resume_at`` is set where a rate limit stopped it: it goes on when it is run again then."""

    login: str = ""
    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    resume_at: datetime | None = None


async def pull(
    query: Query,
    folder: Folder,
    token: Token,
    *,
    say: Callable[[Progress], None] = lambda _: None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Pulled:
    """Fetches what ``query`` asks for into ``folder``: a file per pull request, written as soon as it is complete.

    A pull request whose file is there costs one conditional request, and no more while it is unchanged.

    Raises:
        ConfigError: the token is not accepted, the library is not installed, or the folder cannot be written.
        SourceError: the service cannot be reached, or refuses the search. What was fetched is kept.
    """
    done = Pulled()
    async with _client(token, query.base_url, sleep) as github:
        try:
            done.login = await github.login()
            references = await _find(github, query.searches(done.login), done)
            done.found = len(references)
            for number, reference in enumerate(references, start=1):
                await _fetch(github, reference, folder, done)
                say(Progress("fetch", number, len(references), str(reference)))
        except LimitReached as limit:
            done.resume_at = limit.resume_at
    return done


def token_from(environ: Mapping[str, str] = os.environ) -> Token:
    """The token of the environment.

    Raises:
        ConfigError: there is none, or it has characters that no token has.
    """
    value = next((environ[name].strip() for name in TOKEN_VARIABLES if environ.get(name, "").strip()), None)
    if value is None:
        raise ConfigError(
            "no GitHub token is set",
            'Set GITHUB_TOKEN to a token that may read pull requests, e.g.: export GITHUB_TOKEN="$(gh auth token)"',
        )
    try:
        return Token(value)
    except ConfigError as error:
        raise ConfigError(error.message, "Copy it again, in one line and without quotes.") from None


def _client(token: Token, base_url: str, sleep: Callable[[float], Awaitable[None]]) -> GitHub:
    try:
        from askcv_pipelines.pull.github_client import GitHub
    except ImportError as error:
        raise ConfigError(
            f"pulling from GitHub needs gidgethub ({error.name} is missing)",
            "Run: pip install 'askcv-agents[documents]'",
        ) from error
    return GitHub(token, base_url, sleep)


async def _find(github: GitHub, searches: list[str], done: Pulled) -> list[Reference]:
    """Every pull request that a search finds, each once, oldest first within a search."""
    found: dict[Reference, None] = {}
    for search in searches:
        async for record in _results(github, search, done):
            reference = Reference.of(record)
            if reference is None:
                raise SourceError("a search result is of another form than GitHub's", "Check --base-url.")
            found[reference] = None
    return list(found)


async def _results(github: GitHub, search: str, done: Pulled) -> AsyncIterator[dict[str, Any]]:
    """The results of a search. Where GitHub shows no more of them, it is asked again from the last one's day on."""
    created, last = "", ""
    while True:
        seen, total = 0, 0
        for page in range(1, PAGES + 1):
            answer = await github.search(f"{search}{created}", page)
            items, total = answer["items"], answer["total_count"]
            if answer.get("incomplete_results"):
                _note(done, "GitHub's search ran out of time and may have left some out: run the same command again")
            for record in items:
                yield record
            seen += len(items)
            if seen >= total or not items:
                return
            newest = str(items[-1].get("created_at"))
        if newest == last:
            _note(done, f"more than a thousand pull requests were opened at {last}: some are left out")
            return
        last, created = newest, f" created:>={newest}"


async def _fetch(github: GitHub, reference: Reference, folder: Folder, done: Pulled) -> None:
    """One pull request into its file. What cannot be read is noted, and does not stop the others."""
    name = reference.file_name
    base = f"/repos/{reference.owner}/{reference.repo}"
    issue, lists = f"{base}/issues/{reference.number}", f"{base}/pulls/{reference.number}"
    try:
        # The issue of a pull request changes with all that is said in it, and holds its title and description. The pull
        # request itself also holds its repository's figures, and so changes with every push to it.
        opening, tag = await github.issue(issue, folder.tag(name))
        if opening is None:
            done.unchanged += 1
            return
        reviews = await github.listed(f"{lists}/reviews")
        review_comments = await github.listed(f"{lists}/comments")
        comments = await github.listed(f"{issue}/comments")
    except Unreadable as error:
        done.failures.append(Failure(str(reference), error.message, error.hint))
        return
    folder.keep(name, thread(opening, reviews, review_comments, comments), tag)
    done.fetched += 1


def _note(done: Pulled, text: str) -> None:
    if text not in done.notes:
        done.notes.append(text)
