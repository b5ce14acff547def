"""GitLab: a merge request's discussions or notes, alone or beside the merge request."""

from __future__ import annotations

from typing import Any

from askcv_pipelines.sources.review.remark import Remark, inner, person, records, string


def discussions(data: Any) -> list[Remark] | None:
    """A list of discussions (each with ``notes``), a list of notes, or an object that holds one beside the request."""
    request: dict[str, Any] = {}
    threads: Any = data
    if isinstance(data, dict):
        request = inner(data, "merge_request") or inner(data, "mergeRequest") or data
        threads = next((data[key] for key in ("discussions", "notes") if records(data.get(key))), None)
        if threads is None and not ("iid" in request and string(request, "title")):
            return None
    notes = [note for thread in records(threads) for note in (records(thread.get("notes")) or [thread])]
    notes = [note for note in notes if _is_note(note)]
    if not notes and "iid" not in request:
        return None
    return [*_opening(request), *(_remark(note) for note in notes)] or None


def _is_note(record: dict[str, Any]) -> bool:
    marks = ("noteable_type", "noteable_id", "system", "resolvable", "discussionId")
    return isinstance(record.get("body"), str) and any(mark in record for mark in marks)


def _opening(request: dict[str, Any]) -> list[Remark]:
    speaker, machine = person(request, "author")
    date = string(request, "created_at", "createdAt")
    title, body = string(request, "title"), string(request, "description")
    found = [Remark(title, speaker, date, machine, is_title=True)] if title else []
    return found + ([Remark(body, speaker, date, machine)] if body else [])


def _remark(note: dict[str, Any]) -> Remark:
    speaker, machine = person(note, "author")
    automatic = machine or note.get("system") is True  # "changed the milestone to …"
    return Remark(string(note, "body") or "", speaker, string(note, "created_at", "createdAt"), automatic)
