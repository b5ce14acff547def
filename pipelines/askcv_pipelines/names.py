"""A person's names in text."""

from __future__ import annotations

import re

from askcv_pipelines.values import Subject

PRONOUNS = frozenset({"I", "she", "he", "they", "me", "we"})


def name_pattern(subject: Subject) -> re.Pattern[str] | None:
    """Matches any name of the subject: full names, handles, and a full name's given name. None where there is none."""
    names = set(subject.names)
    for name in subject.names:
        parts = name.split()
        if len(parts) > 1 and parts[0][:1].isupper() and len(parts[0].rstrip(".")) > 2:
            names.add(parts[0])
    names = {name.lstrip("@") for name in names} - PRONOUNS
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<![\w@.])@?(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w@])", re.IGNORECASE)


def same_person(one: Subject, other: Subject) -> bool:
    """Whether two subjects share a name, a given name that stands alone included."""
    pattern = name_pattern(one)
    return pattern is not None and any(pattern.search(name) for name in other.names)
