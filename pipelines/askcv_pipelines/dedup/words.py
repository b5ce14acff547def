"""Words for comparison: their stems, how much each tells, and which say the same or the opposite.

How often a word is used, its synonyms and its opposites are WordNet's (``words.tsv.gz``, made by
``benchmarks/build_words.py``; licence in ``WORDNET-LICENSE``); the verbs of work are the project's own
(``verbs.txt``). The lists are fixed, so a decision never depends on what else is known.
"""

from __future__ import annotations

import gzip
import math
import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import snowballstemmer

from askcv_pipelines.extractors.rules.vocabulary import TECHNICAL, vocabulary
from askcv_pipelines.extractors.rules.words import IRREGULAR

TOKEN = re.compile(r"\d+(?:-\d+)+|v?\d+(?:[.,]\d+)+(?:k|m|bn|x)?\b|\w+(?:'\w+)?(?:\+\+|#)?|\S")
_PREFIX = re.compile(r"\b(re|co|pre|non|sub|multi|micro|inter|un)-(?=[a-z])", re.IGNORECASE)
_CONTRACTED = re.compile(r"(?<=\w)'(?:s|re|ve|ll|d|m)\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(\w+?)n't\b(?=[^.!?]*\?)", re.IGNORECASE)
TERM = re.compile(r"\d+(?:-\d+)+|v?\d+(?:[.,]\d+)+(?:k|m|bn|x)?\b|\w+(?:\+\+|#)?")
FUNCTION = frozenset(
    """
    a an the this that these those it its he she they them his her him hers their theirs i me my mine we us our ours
    you your yours who whom whose which what there here of to in on at by for from with into onto over under about
    as and or but nor so if than then when while where how why is are was were be been being am do does did done has
    have had having will would shall should can could may might must not no n't s re ve ll d m also just very really
    quite some any all each both before after cannot such own same other another more most much many still already
    now out yet ever again too soon always often up off per via etc plus along together with within without across
    between through during around im ive id ill dont didnt doesnt wasnt isnt arent cant wont couldnt wouldnt please
    lets let get got one
    """.split()
)
NEGATORS = dict.fromkeys("no without zero neither nor".split(), 1) | dict.fromkeys("not never hardly barely".split(), 3)
"""Words that deny, and how many telling words behind them they deny."""
_PLURALS = """
analyses:analysis hypotheses:hypothesis theses:thesis bases:basis crises:crisis diagnoses:diagnosis children:child
criteria:criterion phenomena:phenomenon indices:index matrices:matrix vertices:vertex appendices:appendix people:person
men:man women:woman lives:life wives:wife leaves:leaf halves:half mice:mouse feet:foot teeth:tooth
"""
_FIGURE = re.compile(
    r"v?\d+(?:[.,]\d+)*(?:k|m|bn?|x|%|th|st|nd|rd)?|percent|dollars?|euros?|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|"
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|million|billion"
)
"""Figures are compared as figures, not as words."""
_NONE: frozenset[str] = frozenset()
_COMMONEST = math.log1p(2000)
_LOCK = threading.Lock()
"""A stemmer keeps the word it works on: one thread at a time."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as it is written, its stem, how much it tells (0 to 1), whether it is a name, a code or a
    number (``proper``), whether it is a ``code``, which nothing but itself can stand for, and the clause it is in."""

    written: str
    stem: str
    weight: float
    proper: bool
    code: bool = False
    clause: int = 0


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


@cache
def _irregular() -> dict[str, str]:
    verbs = {form: forms[0] for forms in IRREGULAR for form in forms[1:]}
    return verbs | dict(pair.split(":") for pair in _PLURALS.split())


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The stem of a word in lower case; irregular past forms go to their verb."""
    word = _irregular().get(word, word)
    if not word.isascii():
        return word
    with _LOCK:
        return str(_stemmer().stemWord(word))


@cache
def _aliases() -> dict[str, str]:
    """Technologies by their other names of one word ("k8s": "kubernetes"); common words are left out."""
    found = {}
    for aliases in vocabulary()[0].values():
        for words, skill, everyday, written in aliases:
            if len(words) == 1 and not everyday and skill.category in TECHNICAL and " " not in skill.name:
                found[written.casefold()] = skill.name.casefold()
    return found


@cache
def _lists() -> tuple[dict[str, int], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    counts: dict[str, int] = {}
    same: dict[str, frozenset[str]] = {}
    opposite: dict[str, frozenset[str]] = {}
    folder = files(__package__)
    for line in gzip.decompress((folder / "words.tsv.gz").read_bytes()).decode().splitlines():
        word, met, near, against = line.split("\t")
        counts[word] = int(met)
        if near:
            same[word] = frozenset(near.split())
        if against:
            opposite[word] = frozenset(against.split())
    for line in (folder / "verbs.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        sides = [{stem(word) for word in side.split()} for side in line.split("><")]
        for side in sides:
            for word in side:
                same[word] = same.get(word, frozenset()) | side
        for one, other in ((sides[0], sides[-1]), (sides[-1], sides[0])) if len(sides) > 1 else ():
            for word in one:
                opposite[word] = opposite.get(word, frozenset()) | other
    return counts, same, opposite


@lru_cache(maxsize=1 << 17)
def weight(stemmed: str) -> float:
    """How much a word tells: 1 for one that is never met in common texts, towards 0.2 for the commonest."""
    met = _lists()[0].get(stemmed, 0)
    return round(1 - 0.8 * min(1.0, math.log1p(met) / _COMMONEST), 3)


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> float:
    """How far a stem says the same as another, 0 to 1: equal, synonyms, or one the beginning of the other."""
    if one == other:
        return 1.0
    return 0.8 if other in synonyms(one) else _beginning(one, other)


def _beginning(one: str, other: str) -> float:
    """How far two stems begin alike: 0.7 one with the other, 0.6 both for long."""
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.7 if len(short) >= 4 or len(long) > 5 else 0.0
    begins = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return 0.6 if begins >= 5 and begins >= 0.7 * len(short) else 0.0


def synonyms(stemmed: str) -> frozenset[str]:
    """Stems that say the same. The list holds each pair both ways."""
    return _lists()[1].get(stemmed, _NONE)


def surely_alike(one: str, other: str) -> bool:
    """Whether two stems say the same in every text: equal beginnings, or verbs of work from the project's own list.
    Synonyms of WordNet do so in one of their senses ("position", "place")."""
    return other in _own_verbs().get(one, _NONE) or _beginning(one, other) > 0


@cache
def _own_verbs() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in (files(__package__) / "verbs.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            for side in line.split("><"):
                stems = frozenset(stem(word) for word in side.split())
                found.update({word: found.get(word, _NONE) | stems for word in stems})
    return found


def opposites(stemmed: str) -> frozenset[str]:
    """Stems that say the opposite. The list holds each pair both ways."""
    return _lists()[2].get(stemmed, _NONE)


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order, without signs; function words weigh nothing."""
    folded = _without_accents(text).replace("’", "'")
    folded = _CONTRACTED.sub(" ", _ASKED.sub(r"\1", _PREFIX.sub(r"\1", folded)))  # "shouldn't it …?" denies nothing
    folded = re.sub(r"\b(\w+?)n't\b|\bcan(?:'t|not)\b", r"\1 not", folded, flags=re.IGNORECASE)
    found: list[Word] = []
    begins, clause, quoted = True, 0, False
    for token in TOKEN.finditer(folded):
        written = token[0]
        if not (written[0].isalnum() or written[0] == "_"):
            quoted ^= written == "`"
            begins = begins or written in ".!?:"
            clause += written in ".!?:;,()…"
            continue
        clause += written.lower() in ("but", "and", "or", "although", "while", "because", "so")
        word = _word(written, begins)
        if word.weight and not word.code and (quoted or folded[token.end() : token.end() + 1] == "("):
            word = Word(word.written, word.stem, 1.0, True, True, clause)
        elif clause:
            word = Word(word.written, word.stem, word.weight, word.proper, word.code, clause)
        found.append(word)
        begins = False
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def _word(written: str, begins: bool) -> Word:
    lower = written.casefold()
    if lower in FUNCTION or _FIGURE.fullmatch(lower):
        return Word(written, lower, 0.0, False)
    inner = written[1:]
    code = "_" in written or any(c.isdigit() or c.isupper() or c in "+#" for c in inner)
    if code and lower.endswith("s") and written[:-1].isupper():
        lower = lower[:-1]  # "ELs" are "EL"
        return Word(written, lower, 1.0, True, True)
    if lower in _aliases() and (code or written[:1].isupper()):
        return Word(written, _aliases()[lower], 1.0, True, code)
    stemmed = lower if code else stem(lower)
    known = weight(stemmed)
    proper = code or (written[:1].isupper() and not begins)
    return Word(written, stemmed, 1.0 if code else known, proper, code)


def terms_of(text: str) -> dict[str, float]:
    """The telling stems of a text with their weights: what candidates are found by."""
    return {stemmed: told for stemmed, told in map(_term, TERM.findall(_without_accents(text))) if told}


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 18)
def _term(written: str) -> tuple[str, float]:
    word = _word(written, not written[1:].islower())
    return word.stem, word.weight
