"""Threads of services that have no shape of their own here: whatever holds a text and says who wrote it is a remark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from askcv_pipelines.sources.review.remark import Remark, person, string

BODY = ("body", "message", "text", "comment", "note", "content", "description", "commit_message")
AUTHOR = (
    "author",
    "user",
    "owner",
    "creator",
    "sender",
    "from",
    "reviewer",
    "commenter",
    "submitter",
    "by",
    "username",
)
DATE = ("created_at", "createdAt", "created", "updated", "date", "timestamp", "submitted_at", "time")
TITLE = ("title", "subject")
DEEPEST = 40


def thread(data: Any) -> list[Remark] | None:
    """The remarks of any JSON, in its order; None where nothing in it says both what was said and by whom."""
    found = list(_remarks(data, 0, opening=isinstance(data, dict)))
    return found if any(not remark.is_title for remark in found) else None


def _remarks(value: Any, depth: int, *, opening: bool = False) -> Iterator[Remark]:
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        speaker, machine = person(value, *AUTHOR)
        date, body = string(value, *DATE), string(value, *BODY)
        if speaker and opening and (title := string(value, *TITLE)):
            yield Remark(title, speaker, date, machine, is_title=True)
        if speaker and body:
            yield Remark(body, speaker, date, machine)
        for key, inner in value.items():
            if isinstance(inner, dict | list) and key not in AUTHOR:
                yield from _remarks(inner, depth + 1, opening=opening and not speaker)
    elif isinstance(value, list):
        for inner in value:
            yield from _remarks(inner, depth + 1)
