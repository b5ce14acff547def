"""Whose record a document speaks for."""

from __future__ import annotations

import re

from askcv_agents.errors import SourceError
from askcv_pipelines.values import Subject, Voice


def resolved(given: Subject | None, voice: Voice, document: str) -> Subject:
    """The subject: the one given, else the author of a first-person document.

    Raises:
        SourceError: the document speaks of people, and nobody said which of them is meant.
    """
    if given is not None:
        return given
    if voice == "first_person":
        return Subject(None)
    raise SourceError(
        f"{document}: whose record is this? The document speaks of people and does not say who is meant",
        "Name the person with --subject NAME, and other names they go by with --alias.",
    )


def name_pattern(subject: Subject) -> re.Pattern[str] | None:
    """Matches any name of the subject: full names, handles, and a full name's given name."""
    names = set(subject.names)
    for name in subject.names:
        parts = name.split()
        if len(parts) > 1 and parts[0][:1].isupper() and len(parts[0].rstrip(".")) > 2:
            names.add(parts[0])
    names = {name.lstrip("@") for name in names} - {"I", "she", "he", "they"}
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<![\w@.])@?(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w@])", re.IGNORECASE)
