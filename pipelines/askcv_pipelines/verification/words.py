"""Words as a claim and its passage compare: one spelling, stemmed; small words left out, and what says the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from askcv_pipelines.dedup.words import stem as plain_stem
from askcv_pipelines.guards import WORD

SMALL = frozenset(
    """
    a an the this that these those it its he she they his her him their them i me my we us our you your who whom whose
    which what of in on at by for from with into onto over under about as and or but nor so if than then when while is
    are was were be been being am do does did done has have had having will would shall should can could may might must
    not no also just very really all each both before after s re ve ll d m t via per etc within across between through
    during up out off to how there here new one well
    """.split()
)
INVISIBLE = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
RATE = re.compile(
    r"\b(?:an?|per|each|every) (hour|day|week|month|quarter|year)\b|\b(?:per annum|annual(?:ly)?)\b", re.I
)
PERIOD = re.compile(r"hour|day|week|month|quarter|year|annu", re.IGNORECASE)
BRITISH = re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|ing|er|ers|ation|ations)\Z)|(?<=[a-z]l)ys(?=(?:e|es|ed|ing)\Z)")
ENDING = re.compile(r"(?<=[a-z]{2}o)u(?=r(?:s|ed|ing|ite|ites|ful|able)?\Z)")
LOOKALIKE = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def plain(text: str) -> str:
    """Compatibility forms undone, invisible characters dropped, white space folded."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join((INVISIBLE.sub(" ", text) if not text.isprintable() else text).split())


def rated(text: str) -> str:
    """A text with one word for each rate: "a day" and "every day" are "daily"."""
    if not PERIOD.search(text):
        return text
    return RATE.sub(lambda m: {"day": "daily", None: "yearly"}.get(m[1] and m[1].lower(), f"{m[1]}ly"), text)


@lru_cache(maxsize=1 << 15)
def stem(word: str) -> str:
    """The stem of a word in lower case, however it is spelled ("organised", "organized")."""
    if word.isdigit():
        return word
    word = word.removesuffix("'s")
    spelled = ENDING.sub("", BRITISH.sub(lambda found: found[0].replace("s", "z"), word)) if len(word) > 4 else word
    return plain_stem(spelled)


@lru_cache(maxsize=1_000)
def content_stems(text: str, *, all_words: bool = False) -> tuple[str, ...]:
    """The stems of a text's telling words, in order; with ``all_words`` of every one."""
    words = WORD.findall(rated(text.lower().replace("’", "'")))
    return tuple(stem(word) for word in words if all_words or word.removesuffix("'s") not in SMALL)


@lru_cache(maxsize=1_000)
def stems_of(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(content_stems(text, all_words=True))


@lru_cache(maxsize=1_000)
def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, as they are written."""
    return frozenset(WORD.findall(text.lower()))


def folded(text: str) -> str:
    """A text without white space and case."""
    return "".join(plain(text).lower().split())


def mixed_scripts(text: str) -> bool:
    """Whether a word mixes Latin letters with those of another script that look like them."""
    if text.isascii():
        return False
    for word in WORD.findall(text):
        scripts = {unicodedata.name(c, "?").split()[0] for c in word if c.isalpha()}
        if "LATIN" in scripts and scripts & LOOKALIKE:
            return True
    return False


GROUPS = """
cut reduce lower decrease drop fall shorten shrink down | increase raise grow rise up | build create develop make set
introduce implement | write author document | train teach mentor coach instruct | fix resolve repair solve correct |
move migrate transfer switch | rebuild redesign rework rewrite | run organise hold host arrange coordinate |
use apply utilise | pass obtain earn gain complete receive | present talk speak | help assist support aid | begin start
| finish complete | ship release deploy deliver roll | lead head | plan schedule | euro eur | percent % | new newly |
answer reply respond | talk discuss | go become | since after | involve include | save saving | keep retain stay remain
"""
SAME = {stem(word): {stem(other) for other in group.split()} for group in GROUPS.split("|") for word in group.split()}
FREE = frozenset(
    map(stem, "use using via include including now then plus also through thanks result resulting own".split())
)
"""Words that add nothing."""


def backed(word: str, held: frozenset[str]) -> bool:
    """Whether a stem is among others, or says the same as one that is."""
    return word in held or word in FREE or any(other in held for other in SAME.get(word, ()))
