"""What is kept of a pull request: who said what, when; in the form of `gh pr view --json`, which `review` reads.

Of people only their logins are kept, and e-mail addresses in what they wrote are masked: signatures and trailers hold
those of third parties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from askcv_pipelines.redact.addresses import ADDRESS

PLACE = re.compile(r"/repos/(?P<owner>[\w-]+)/(?P<repo>[\w.-]+)/?$", re.ASCII)

Json = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """Which pull request."""

    owner: str
    repo: str
    number: int

    @classmethod
    def of(cls, found: Json) -> Reference | None:
        """The pull request that a search result stands for; None where the result has another form."""
        place, number = PLACE.search(str(found.get("repository_url"))), found.get("number")
        return cls(place["owner"], place["repo"], number) if place and isinstance(number, int) else None

    @property
    def file_name(self) -> str:
        return f"{self.owner}__{self.repo}__{self.number}.json"

    def __str__(self) -> str:
        return f"{self.owner}/{self.repo}#{self.number}"


def thread(issue: Json, reviews: list[Json], review_comments: list[Json], comments: list[Json]) -> Json:
    """The pull request as it is written to a file. ``issue`` is GitHub's issue of the same number."""
    request = issue.get("pull_request")
    return {
        "number": issue.get("number"),
        "title": _text(issue, "title"),
        "url": issue.get("html_url"),
        "author": _person(issue),
        "createdAt": issue.get("created_at"),
        "mergedAt": request.get("merged_at") if isinstance(request, dict) else None,
        "state": issue.get("state"),
        "body": _text(issue, "body"),
        # A pending review is a draft that nobody but its author has seen.
        "reviews": [
            _said(r, state=r.get("state")) for r in reviews if _text(r, "body") and r.get("state") != "PENDING"
        ],
        "reviewComments": [_said(r, path=r.get("path")) for r in review_comments if _text(r, "body")],
        "comments": [_said(r) for r in comments if _text(r, "body")],
    }


def _said(record: Json, **more: Any) -> Json:
    date = "submittedAt" if "submitted_at" in record else "createdAt"
    when = record.get("submitted_at") or record.get("created_at")
    return {"author": _person(record), "body": _text(record, "body"), date: when, "url": record.get("html_url"), **more}


def _person(record: Json) -> Json | None:
    """An account's login and whether it is a program's; None for an account that is no more."""
    user = record.get("user")
    if not isinstance(user, dict) or not isinstance(user.get("login"), str):
        return None
    return {"login": user["login"], "is_bot": user.get("type") == "Bot"}


def _text(record: Json, name: str) -> str:
    value = record.get(name)
    return ADDRESS.sub("[e-mail address]", value) if isinstance(value, str) else ""
