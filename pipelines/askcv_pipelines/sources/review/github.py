"""GitHub: `gh pr view --json …`, GraphQL answers, and the REST API's pull request, reviews and comments, in one object
or each list alone."""

from __future__ import annotations

from itertools import chain
from typing import Any

from askcv_pipelines.sources.review.remark import Remark, inner, person, records, string

REQUEST_KEYS = ("pull_request", "pullRequest", "pr", "issue", "pull")
LISTS = ("reviews", "review_comments", "reviewComments", "comments", "issue_comments", "issueComments", "timeline")
THREADS = ("reviewThreads", "review_threads", "threads")


def pull_request(data: Any) -> list[Remark] | None:
    """An object with a pull request (or an issue), or with lists of reviews and comments, or with both."""
    if not isinstance(data, dict):
        return None
    data = _answer(data)
    request = next((data[key] for key in REQUEST_KEYS if isinstance(data.get(key), dict)), data)
    parts = [request] if request is data else [request, data]
    has_lists = any(records(part.get(key)) for part in parts for key in (*LISTS, *THREADS))
    is_request = string(request, "title") and any(key in request for key in ("number", "author", "user", "body"))
    if not has_lists and not is_request:
        return None
    found = _opening(request)
    for part in parts:
        for key in LISTS:
            found += chain.from_iterable(_comment(record) for record in records(part.get(key)))
        for key in THREADS:
            for thread in records(part.get(key)):
                found += chain.from_iterable(_comment(record) for record in records(thread.get("comments")))
    return found if found else None


def list_of_comments(data: Any) -> list[Remark] | None:
    """A list of reviews, of review comments or of issue comments; or of pages of them, as `gh api --slurp` saves."""
    if not isinstance(data, list):
        return None
    if data and all(isinstance(page, list) for page in data):
        data = [record for page in data for record in page]
    found = list(chain.from_iterable(_comment(record) for record in records(data)))
    if found:
        return found
    requests = [pull_request(record) for record in records(data)]
    return [remark for request in requests for remark in request or []] or None


def _answer(data: dict[str, Any]) -> dict[str, Any]:
    """The pull request inside a GraphQL answer."""
    repository = inner(inner(data, "data"), "repository") or inner(data, "repository")
    return inner(repository, "pullRequest") or inner(repository, "issue") or data


def _opening(request: dict[str, Any]) -> list[Remark]:
    """The title and the description, by whoever opened it."""
    speaker, machine = person(request, "author", "user")
    date = string(request, "created_at", "createdAt")
    title, body = string(request, "title"), string(request, "body")
    return [
        Remark(said, speaker, date, machine, is_title=is_title)
        for said, is_title in ((title, True), (body, False))
        if said is not None
    ]


def _comment(record: dict[str, Any], author: tuple[str | None, bool] = (None, False)) -> list[Remark]:
    """A comment or review, with the comments inside it; those without an author of their own are by its author."""
    own = person(record, "user", "author")
    speaker, machine = author = author if own[0] is None else own
    date = string(record, "submitted_at", "submittedAt", "created_at", "createdAt")
    body = string(record, "body")
    found = [Remark(body, speaker, date, machine)] if body is not None else []
    for nested in records(record.get("comments")):
        found += _comment(nested, author) if "comments" not in nested else []
    return found
