"""Fields of records for comparison: the same organisation, person, degree or title in two ways of writing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from askcv_pipelines.dedup.alignment import Said, align
from askcv_pipelines.dedup.words import words_of

LEGAL_FORMS = frozenset(
    """
    inc incorporated ltd limited llc llp lp plc gmbh ag kg se sa sas sarl spa srl bv nv ab as asa oy oyj aps co corp
    corporation company group holding holdings pty pvt kk the of and for at de la le der und
    """.split()
)
SHORT_FORMS = {
    "univ": "university", "uni": "university", "u": "university", "inst": "institute", "tech": "technology", "dept":
    "department", "intl": "international", "natl": "national", "assoc": "association", "sr": "senior", "snr": "senior",
    "jr": "junior", "jnr": "junior", "eng": "engineer", "engr": "engineer", "dev": "developer", "mgr": "manager",
    "mgmt": "management", "asst": "assistant", "prof": "professor", "vp": "vice president", "swe": "software engineer",
    "sde": "software engineer", "cto": "chief technology officer", "ceo": "chief executive officer",
    "cfo": "chief financial officer", "coo": "chief operating officer", "ta": "teaching assistant",
    "ra": "research assistant", "qa": "quality assurance", "hr": "human resources", "pm": "project manager",
    "internship": "intern", "apprenticeship": "apprentice", "traineeship": "trainee", "mentorship": "mentor",
    "promoted": "promotion", "runner-up": "second place", "st": "saint", "rn": "registered nurse",
}  # fmt: skip
_SHORT = re.compile(rf"\b({'|'.join(sorted(SHORT_FORMS, key=len, reverse=True))})\b\.?", re.IGNORECASE)
LEVELS = frozenset(
    """
    intern trainee apprentice junior mid senior lead principal staff head chief vice deputy assistant associate
    director manager president student mentor graduate undergraduate postdoctoral doctoral volunteer founder chair
    professional foundation foundational practitioner expert advanced basic beginner intermediate fundamentals
    specialist master bachelor i ii iii iv v 1 2 3 4 5
    """.split()
)
GENERIC = frozenset(
    """
    certified certification certificate certificates credential exam licence license course training award awarded
    prize degree diploma project position role job work talk poster promotion
    """.split()
)
_DEGREES = (
    ("doctorate", r"ph\.?\s?d|d\.?phil|doctor(?:ate|al)?|dr\.|ed\.?d|m\.?d\b|j\.?d\b|sc\.?d"),
    ("master", r"master(?:['’]?s)?|m\.?\s?(?:sc|s\b|a\b|b\.?\s?a|eng|phil|ed|f\.?\s?a|p\.?\s?h)|ll\.?m"),
    ("bachelor", r"bachelor(?:['’]?s)?|b\.?\s?(?:sc|s\b|a\b|eng|tech|ed|f\.?\s?a|com|b\.?\s?a)|ll\.?b"),
    ("associate", r"associate(?:['’]?s)?|a\.?a\.?s?\b|a\.?s\b"),
    ("diploma", r"dipl[oô]m\w*"),
    ("certificate", r"certificat\w*"),
    ("school", r"high school|a[- ]levels?|abitur|baccalaur[eé]at\w*|ged\b|secondary"),
)  # fmt: skip
_DEGREE = tuple((name, re.compile(rf"(?<![\w.])(?:{pattern})(?!\w)", re.IGNORECASE)) for name, pattern in _DEGREES)


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> tuple[str, ...]:
    """The words of a name in one way of writing: no accents, no legal form, short forms spelled out."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    folded = "".join(c for c in folded if not unicodedata.combining(c)).replace("’", "'")
    found = []
    for word in re.findall(r"[\w+#]+(?:-[\w]+)?", folded.replace("runner up", "runner-up")):
        found.extend(SHORT_FORMS.get(word, word).replace("-", " ").split())
    return tuple(found)


def spelled_out(title: str) -> str:
    """A title with its short forms in full ("Sr." is "Senior")."""
    return _SHORT.sub(lambda found: SHORT_FORMS[found[1].casefold()].title(), title)


@lru_cache(maxsize=1 << 14)
def organization(one: str, other: str) -> float:
    """How surely two names are one organisation's: 1 the same, 0.7 one is a part or the initials of the other."""
    a, b = ([word for word in plain(name) if word not in LEGAL_FORMS] for name in (one, other))
    if not a or not b:
        return 1.0 if plain(one) == plain(other) else 0.0
    if sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return 1.0
    if _initials(one, b) or _initials(other, a):
        return 0.9
    short, long = sorted((set(a), set(b)), key=len)
    if short <= long and any(len(word) > 3 for word in short):
        return 0.7
    met = align(Said(words_of(one)), Said(words_of(other)))
    return 0.6 if min(met.ours, met.theirs) >= 0.6 and not met.swapped else 0.3 if met.shared else 0.0


def _initials(short: str, words: list[str]) -> bool:
    letters = re.sub(r"[^a-z]", "", short.casefold())
    if not 2 <= len(letters) <= 7 or " " in short.strip():
        return _mixed_initials(short, words)
    return letters in ("".join(word[0] for word in words), "".join(word[0] for word in plain(short) if word))


def _mixed_initials(short: str, words: list[str]) -> bool:
    """ "TU Delft" for "Delft University of Technology": capitals stand for what the other words leave."""
    capitals = [part for part in short.split() if part.isupper() and 1 < len(part) <= 4]
    rest = [word for part in short.split() if part not in capitals for word in plain(part)]
    if not capitals or not rest or not set(rest) <= set(words):
        return False
    left = sorted(word[0] for word in words if word not in rest and word not in LEGAL_FORMS)
    return sorted("".join(capitals).casefold()) == left


def person(one: str, other: str) -> bool:
    """Whether two names may be one person's: one holds every word of the other, or initials of it."""
    a, b = plain(one.lstrip("@")), plain(other.lstrip("@"))
    short, long = sorted((a, b), key=len)
    return bool(short) and all(
        any(word == w or (len(word) == 1 and w.startswith(word)) for w in long) for word in short
    )


def unnamed(name: str) -> bool:
    """ "parent", "student of hers": nobody in particular."""
    return not any(c.isupper() or c.isdigit() or c in "@_" for c in name[:1] + name[1:]) or name.islower()


def degree(text: str) -> str:
    """The level of a degree; empty where the text tells none."""
    return next((name for name, pattern in _DEGREE if pattern.search(text)), "")


def levels(text: str) -> frozenset[str]:
    """Words of a title that tell its level."""
    return frozenset(plain(text)) & LEVELS
