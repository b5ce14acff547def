"""What is asked of GitHub: whose pull requests, since when, in which repositories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from askcv_agents.config import is_loopback
from askcv_agents.errors import ConfigError

BASE_URL = "https://api.github.com"
ME = "@me"
LOGIN = re.compile(r"[A-Za-z0-9][\w-]{0,99}(?:\[bot\])?", re.ASCII)
REPOSITORY = re.compile(r"[A-Za-z0-9][\w-]*/[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class Query:
    """Pull requests by ``author``, and those that ``reviewer`` reviewed, with activity on the day ``since`` or later.

    A login is ``@me`` for the token's owner. Without repositories: all that the token can read. ``base_url`` is the
    REST API's; a GitHub Enterprise server has it at ``https://HOST/api/v3``.

    Raises:
        ConfigError: a login, a repository or the address cannot be one, or nobody is named.
    """

    since: date
    author: str | None = None
    reviewer: str | None = None
    repositories: tuple[str, ...] = ()
    base_url: str = BASE_URL

    def __post_init__(self) -> None:
        if not self.author and not self.reviewer:
            raise ConfigError("nobody is named whose pull requests are wanted", "Give an author or a reviewer.")
        for login in filter(None, (self.author, self.reviewer)):
            if login != ME and not LOGIN.fullmatch(login):
                raise ConfigError(f"{login!r} is no GitHub login", "Give a login, or @me for the token's owner.")
        for repository in self.repositories:
            if not REPOSITORY.fullmatch(repository):
                raise ConfigError(f"{repository!r} is no repository", "Give it as OWNER/NAME.")
        object.__setattr__(self, "base_url", _address(self.base_url))

    def searches(self, me: str) -> list[str]:
        """One search per person and repository, as GitHub's search takes it; ``me`` is the login of the token's owner.

        One per repository, since GitHub's searches differ on whether several repositories mean any or all of them.
        """
        people = [
            f"{qualifier}:{me if login == ME else login}"
            for qualifier, login in (("author", self.author), ("reviewed-by", self.reviewer))
            if login
        ]
        places = [f" repo:{repository}" for repository in self.repositories] or [""]
        since = f"updated:>={self.since.isoformat()}"
        return [f"is:pr {person}{place} {since}" for person in people for place in places]


def _address(base_url: str) -> str:
    """``base_url`` without a slash at its end, safe to send a token to."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"base address {base_url!r} is no address: {error}") from error
    if parts.username or parts.password:
        raise ConfigError("the base address carries credentials", "Give the token with GITHUB_TOKEN instead.")
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise ConfigError(f"base address {base_url!r} is no http(s) address", f"Use for example {BASE_URL}.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigError(
            f"base address {base_url!r} is plain HTTP, which would show the token to the network",
            "Use https; plain HTTP is for this machine only.",
        )
    return base_url.rstrip("/")
