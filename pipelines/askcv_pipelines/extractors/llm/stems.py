"""Words as they compare: lower case, irregular forms undone, stemmed; small words left out."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

from askcv_pipelines.extractors.rules.words import IRREGULAR
from askcv_pipelines.guards import WORD

_LEMMA = {form: forms[0] for forms in IRREGULAR for form in forms[1:] if form not in {"read", "left", "saw", "found"}}
_LOCK = threading.Lock()
_STEMMER = snowballstemmer.stemmer("english")  # keeps the word it works on: one thread at a time
SMALL = frozenset(
    """
    a an the this that these those it its he she they his her him their them i me my we us our you your who whom whose
    which what of in on at by for from with into onto over under about as and or but nor so if than then when while is
    are was were be been being am do does did done has have had having will would shall should can could may might must
    not no also just very really all each both before after s re ve ll d m t via per etc within across between through
    during up out off to how there here new one well
    """.split()
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    word = _LEMMA.get(word, word)
    with _LOCK:
        stemmed: str = _STEMMER.stemWord(word)
    return stemmed


@lru_cache(maxsize=2_000)
def content_stems(text: str, *, all_words: bool = False) -> tuple[str, ...]:
    """The stems of a text's telling words, in order; with ``all_words`` of every one."""
    words = (word.lower().replace("’", "'").removesuffix("'s") for word in WORD.findall(text))
    return tuple(stem(word) for word in words if all_words or word not in SMALL)


GROUPS = """
cut reduce lower decrease drop fall shorten shrink down | increase raise grow rise up | build create develop make set
introduce implement | write author document | train teach mentor coach instruct | fix resolve repair solve correct |
move migrate transfer switch | rebuild redesign rework rewrite | run organise organize hold host arrange coordinate |
use apply utilise | pass obtain earn gain complete receive | present talk speak | help assist support aid | begin start
| finish complete | ship release deploy deliver roll | lead head | plan schedule | euro eur | percent % | new newly |
answer reply respond | talk discuss | go become | since after | involve include | save saving | keep retain
"""
SAME = {stem(word): {stem(other) for other in group.split()} for group in GROUPS.split("|") for word in group.split()}
FREE = frozenset(
    map(stem, "use using via include including now then plus also through thanks result resulting own".split())
)
"""Words that add nothing."""


def backed(word: str, held: frozenset[str] | set[str]) -> bool:
    """Whether a stem is among others, or says the same as one that is."""
    return word in held or word in FREE or bool(SAME.get(word, set()) & held)
