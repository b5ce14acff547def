"""Figures with their units: what a text says how much of, and which way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from askcv_pipelines.guards import COUNTS, FIGURE, GROUPED, plain_figure

UNITS = {
    "%": "% percent pct percentage",
    "ms": "ms millisecond milliseconds msec",
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years yrs yr",
    "x": "x times fold",
    "$": "$ usd dollar dollars",
    "€": "€ eur euro euros",
    "£": "£ gbp pound pounds",
    "k": "k thousand",
    "m": "m million millions mn",
    "bn": "bn billion billions",
    "kb": "kb kilobytes",
    "mb": "mb megabyte megabytes",
    "gb": "gb gigabyte gigabytes",
    "tb": "tb terabyte terabytes",
    "point": "point points pt pts pp",
}
UNIT = {word: unit for unit, words in UNITS.items() for word in words.split()}
NUMBER = re.compile(rf"(?P<figure>{FIGURE.pattern})|\b(?P<word>{'|'.join(COUNTS)})\b", re.IGNORECASE)
BEHIND = re.compile(r"[\s-]*(?:per ?cent\b|(%|[a-zA-Z]+))")
BEFORE = re.compile(
    r"\b(by|to|from|was|were|now)\s+(?:(?:about|around|nearly|almost|over|under|roughly|only|some|up|at|least|most)\s+)*[$€£]?\Z",
    re.IGNORECASE,
)
WAYS = {"was": "from", "were": "from", "now": "to"}
OF = re.compile(r"\b(?:\d+|" + "|".join(COUNTS) + r") (?:of|out of)(?: the| all)? \Z", re.IGNORECASE)
""" "11 of the 17": the second is the whole, and no amount of what was done."""
IDLE = frozenset({"1", "one"})
SHARES = {
    word: words.split()[0]
    for words in (
        "half halved halving halves", "double doubled doubling twice twofold",
        "triple tripled tripling thrice threefold",
        "quarter quartered", "quadruple quadrupled fourfold", "tenfold",
    )
    for word in words.split()
}  # fmt: skip
"""Amounts that are words: a title may say them where the quote does."""
PER_WORD = re.compile(r"[a-z]+")


class Quantity(NamedTuple):
    """``unit`` is "" where none of the known ones stands beside the figure; ``way`` is by,
    to, from or of."""

    figure: str
    unit: str
    way: str


def quantities(text: str) -> Iterator[Quantity]:
    text = GROUPED.sub("", text)
    for found in NUMBER.finditer(text):
        word = (found["word"] or "").lower()
        figure = COUNTS[word] if word else plain_figure(found["figure"])
        if word in IDLE:
            continue
        before, behind = text[: found.start()], BEHIND.match(text, found.end())
        unit = "%" if behind and behind[1] is None else UNIT.get((behind[1] if behind else "").lower(), "")
        if before[-1:] in {"$", "€", "£"}:
            unit = before[-1]
        way = BEFORE.search(before)
        direction = WAYS.get(way[1].lower(), way[1].lower()) if way else "of" if OF.search(before) else ""
        yield Quantity(figure, unit, direction)


def unheld(claim: str, source: str) -> tuple[str, str] | None:
    """The first amount of the claim that the source does not hold, and what of it: ``figure`` or ``unit``."""
    held = list(quantities(source))
    for said in quantities(claim):
        same = [one for one in held if one.figure == said.figure]
        if not same:
            return "figure", said.figure
        if said.unit and not any(one.unit in {said.unit, ""} and _beside(one, said, source) for one in same):
            return "unit", f"{said.figure} {said.unit}"
        if said.way != "of" and all(one.way == "of" for one in same):
            return "figure", said.figure
        if said.way and not any(_same_way(one, said) for one in same):
            return "unit", f"{said.way} {said.figure}"
    shares = [{SHARES[word] for word in PER_WORD.findall(text.lower()) if word in SHARES} for text in (claim, source)]
    for share in sorted(shares[0] - shares[1]):
        return "figure", share
    return None


def _same_way(one: Quantity, said: Quantity) -> bool:
    """Whether a figure goes the way that is said of it. One that goes no way is a level, and a difference only where it
    is a share ("rose 5 %")."""
    return one.way == said.way or (not one.way and (said.way != "by" or said.unit in {"", "%"}))


def _beside(one: Quantity, said: Quantity, source: str) -> bool:
    """Whether the unit is the figure's own, or, where the figure has none, is at least said somewhere ("in ms: 35")."""
    return one.unit == said.unit or said.unit in {
        UNIT.get(w.lower(), "") for w in re.findall(r"[a-zA-Z]+|[%$€£]", source)
    }
