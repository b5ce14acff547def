"""A person's names in text: full names, given names, handles; titles and roles are none of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from askcv_pipelines.values import Subject

KEPT = 64
"""Subjects whose patterns are kept: making one takes longer than using it on a sentence."""
PRONOUNS = frozenset({"I", "she", "he", "they", "me", "we"})
TITLES = frozenset(
    "mr mrs ms miss mx dr doctor prof professor sir madam rev reverend father sister brother captain capt lieutenant "
    "sergeant sgt judge justice senator mayor coach chef nurse bishop rabbi imam deputy vice acting former "
    "phd md".split()
)
"""Words before a name. Some are surnames too ("Ada Judge"), so the last word of a name is never one of them."""
DEGREES = frozenset("phd md rn bsn msc bsc mba mph jd esq cpa pe jr sr ii iii iv".split())
"""Words behind a name."""
ROLES = frozenset(
    "accountant administrator advisor analyst architect assistant associate attendee author chair chairman "
    "chairperson chairwoman client coordinator consultant contributor customer designer developer director editor "
    "employee engineer executive expert facilitator grad graduate guest head host instructor intern "
    "interviewee interviewer lead leader lecturer librarian maintainer manager marketing member mentee mentor "
    "moderator notetaker officer operator organiser organizer owner participant president presenter principal "
    "programmer representative researcher reviewer sales scientist scribe secretary specialist speaker staff student "
    "supervisor support teacher team technician tester treasurer tutor undergrad user volunteer writer".split()
)
"""A name that ends with one of these words names a post, not a person; before a name they are titles."""
SIGNS = re.compile(r"[.,:;()\[\]]")


def bare_name(name: str) -> str:
    """The name without titles, degrees and roles: "Dr. Ada Brook, PhD" → "Ada Brook"; "" where nothing remains."""
    words = re.split(r"[,(]", name, maxsplit=1)[0].split()
    while len(words) > 2 and _word(words[-1]) in DEGREES:
        words.pop()
    for at in range(len(words), 0, -1):
        word = _word(words[at - 1])
        if word in ROLES or (word in TITLES and at < len(words)):
            return " ".join(words[at:])
    return " ".join(words)


def given_name(name: str) -> str | None:
    """The given name of a full name; ``None`` where there is none to tell."""
    parts = bare_name(name).split()
    if len(parts) > 1 and parts[0][:1].isupper() and len(parts[0].rstrip(".")) > 2:
        return parts[0]
    return None


def is_label(name: str) -> bool:
    """Whether a name tells a person apart only as a whole: a role ("Project Manager"), a letter ("Student D")."""
    return not re.search(r"[^\W\d_]{2}", bare_name(name))


@lru_cache(maxsize=KEPT)
def name_pattern(subject: Subject) -> re.Pattern[str] | None:
    """Matches any name of the subject in prose: full names, handles, and a full name's given name.

    A single letter matches only where it is all there is. None where the subject has no name.
    """
    return _pattern(subject, lambda name: len(name) < 2)


@lru_cache(maxsize=KEPT)
def label_pattern(subject: Subject) -> re.Pattern[str] | None:
    """``name_pattern`` for what labels a column, a speaker or a file: there a role is another one with more words
    ("Manager" and "Project Manager"), so roles match only as a whole."""
    return _pattern(subject, is_label)


def same_person(one: Subject, other: Subject) -> bool:
    """Whether two subjects share a name, a given name that stands alone included."""
    pattern = label_pattern(one)
    return pattern is not None and any(pattern.search(name) for name in other.names)


def _pattern(subject: Subject, whole: Callable[[str], bool]) -> re.Pattern[str] | None:
    names = set(subject.names)
    for name in subject.names:
        names |= {given} if (given := given_name(name)) else set()
        names |= {bare} if len((bare := bare_name(name)).split()) > 1 else set()
    names = {name.lstrip("@") for name in names} - PRONOUNS
    if not names:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    said = [rf"\A\W*{re.escape(n)}(?=\W*(?:\([^()]*\)\W*)?\Z)" if whole(n) else re.escape(n) for n in longest_first]
    return re.compile(r"(?<![\w@.])@?(?:" + "|".join(said) + r")(?![\w@])", re.IGNORECASE)


def _word(word: str) -> str:
    return SIGNS.sub("", word).lower()
