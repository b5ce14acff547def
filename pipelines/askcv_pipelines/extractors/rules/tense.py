"""What a sentence does with its verb: tells what was, says what will be, asks, or names."""

from __future__ import annotations

from typing import Literal

from askcv_pipelines.extractors.rules.words import (
    AMBIGUOUS,
    BASE,
    FINITE,
    FIRST,
    ING,
    MODAL_DUTY,
    MODAL_WILL,
    PAST,
    PLURAL,
    SECOND,
    THIRD,
)

Tense = Literal["past", "imperative", "will", "duty", "to", "ing", "present", "does", "question", "none"]

_PERSONS = FIRST | PLURAL | SECOND | THIRD
NO_PAST = frozenset(
    "indeed exceed proceed succeed related detailed interested supposed limited advanced united experienced talented "
    "dedicated skilled gifted unrelated needed unused mixed embedded linked excited motivated organized".split()
)
NOUNS = frozenset("actions notes links tests plans reports results updates issues reviews projects comments".split())
"""Third persons that are nouns as a rule."""
_SKIP = frozenset(
    "also then always really still just successfully quickly actively please and have has had been i've".split()
)
_CLAUSES = _PERSONS | frozenset("what who which that this it how if when where why whether".split())
"""Words that begin a clause, or are the subject of one, after an imperative ("check what went wrong")."""


def is_past(word: str) -> bool:
    """A past form from the list, or one that looks like it ("spearheaded")."""
    return word in PAST or (
        len(word) > 5 and word.endswith("ed") and not word.startswith("un") and word not in NO_PAST and "-" not in word
    )


def _does(word: str) -> bool:
    """ "runs", "teaches", "carries": a third person's present."""
    return (
        word.endswith("s") and (word[:-1] in BASE or word[:-2] in BASE or word[:-3] + "y" in BASE) and word not in NOUNS
    )


def tense_of(words: tuple[str, ...], named: str) -> Tense:
    """The tense by the first verb of the sentence; a person before it is passed over."""
    at = 0
    while at < len(words) and words[at] in {"@", "*"}:
        at += 1
    rest = words[at : at + 14]
    if not rest:
        return "none"
    if words[-1] == "?":
        return "question"
    first = rest[0]
    if is_past(first) and first not in AMBIGUOUS:
        return "past"
    if first in BASE and rest[2:3] and rest[2] in FINITE and rest[1] not in _CLAUSES:
        return "past"  # "build times fell": a noun that looks like a verb
    if (
        first in {"don't", "never"}
        or rest[:2] == ("do", "not")
        or first in BASE
        or (first in _SKIP and len(rest) > 1 and rest[1] in BASE)
    ):
        return "imperative"
    if _does(first):
        return "does"
    if first in ING:
        return "ing"
    if first == "to" and len(rest) > 1 and rest[1] in BASE:
        return "to"
    person = first in _PERSONS or named == "start"
    for place, word in enumerate(rest):
        if word in MODAL_WILL or word.endswith("'ll"):
            return "will"
        if word in MODAL_DUTY:
            return "duty"
        if (
            word == "to"
            and place
            and place < 4
            and named == "start"
            and rest[place + 1 : place + 2]
            and rest[place + 1] in BASE
        ):
            return "to"
        if place and rest[place - 1] in _PERSONS and word in BASE and word not in PAST:
            return "present"
        if is_past(word) and (word not in AMBIGUOUS or person):
            return "past"
    return "present" if person else "none"
