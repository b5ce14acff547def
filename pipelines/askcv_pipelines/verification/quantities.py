"""Figures with their units: what a text says how much of, which way, and within which bound."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from askcv_pipelines.dedup.words import FUNCTION
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
    "kb": "kb kilobytes",
    "mb": "mb megabyte megabytes",
    "gb": "gb gigabyte gigabytes",
    "tb": "tb terabyte terabytes",
    "point": "point points pt pts pp",
}
UNIT = {word: unit for unit, words in UNITS.items() for word in words.split()}
SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6, "bn": 1e9, "billion": 1e9}
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
NUMBER = re.compile(
    rf"(?P<figure>{FIGURE.pattern})|\b(?:(?P<tens>{_TENS})[- ](?P<ones>{_ONES})|(?P<word>{'|'.join(COUNTS)}))\b",
    re.IGNORECASE,
)
SCALE = re.compile(r"\s*(k|m|mn|thousand|millions?|bn|billion)\b", re.IGNORECASE)
BEHIND = re.compile(r"[\s-]*(?:per ?cent\b|(%|[$€£]|[a-zA-Z]+))")
BEFORE = re.compile(
    r"\b(?P<way>by|(?<!\bup )to|from|was|were|now)\s+"
    r"(?:(?:about|around|nearly|almost|over|under|roughly|only|some|up|to|at|least|most)\s+)*[$€£]?\Z",
    re.IGNORECASE,
)
LINKS = frozenset(
    "by to from was were now about around nearly almost over under roughly only some up at least most than below above "
    "of between and the all".split()
)
"""The last word before a figure, where the words before it say something of it."""
WAYS = {"was": "from", "were": "from", "now": "to"}
OF = re.compile(r"\b(?:\d+|" + "|".join(COUNTS) + r") (?:of|out of)(?: the| all)? \Z", re.IGNORECASE)
""" "11 of the 17": the second is the whole, and no amount of what was done."""
BOUND = re.compile(
    r"\b(?:(?P<below>up to|at most|no more than|less than|fewer than|under|below|almost|nearly)|"
    r"(?P<above>over|more than|at least|above|upwards of))\s+[$€£]?\Z",
    re.IGNORECASE,
)
RAISED = re.compile(
    r"\b(?:br(?:ought|ing\w*)|rais\w+|rose|ris\w+|went|gr[eo]w\w*|increas\w+|lift\w+|push\w+|got|climb\w+|scal\w+)\b"
    r"[^.;,]*\bup to\s+\Z", re.IGNORECASE,
)  # fmt: skip
""" "Brought attendance up to 96 %": a way, and no bound."""
BETWEEN = re.compile(r"\bbetween (?:\S+ and )?\Z", re.IGNORECASE)
PLACE = re.compile(r"(?:^|\W)(?P<noun>[A-Za-z]{3,}) (?P<others>(?:\d+(?: to | and | or |, ?| ?[-–] ?))*)\Z")
NO_PLACE = FUNCTION | frozenset(
    "last next past first nearly almost roughly around only some another least most every plus until since".split()
)
IDLE = frozenset({"1", "one"})
SHARES = {
    word: words.split()[0]
    for words in (
        "half halved halving halves", "double doubled doubling twice twofold",
        "triple tripled tripling thrice threefold", "third thirds",
        "quarter quartered", "quadruple quadrupled fourfold", "tenfold",
    )
    for word in words.split()
}  # fmt: skip
"""Amounts that are words: a title may say them where the quote does."""
SHARE_WAY = re.compile(
    r"\b(by|to) (?:(?:about|nearly|almost|over) )?(?:an? |one )?(half|third|quarter|tenth)\b", re.IGNORECASE
)
PER_WORD = re.compile(r"[a-z]+")
ANY = re.compile(rf"\d|\b(?:{'|'.join({*COUNTS, *SHARES} - IDLE)})\b", re.IGNORECASE)
SIGN = re.compile(r"[a-zA-Z]+|[%$€£]")
Bound = Literal["", "below", "above"]


class Quantity(NamedTuple):
    """``unit`` is "" where none of the known ones stands beside the figure; ``way`` is by, to, from or of. ``place``
    says that it numbers something ("hall 12"), ``counts`` that something is counted by it ("12 halls")."""

    figure: str
    unit: str
    way: str
    bound: Bound
    place: bool
    counts: bool


@lru_cache(maxsize=2_000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The amounts of a text, in order."""
    text = GROUPED.sub("", text)
    return tuple(made for found in NUMBER.finditer(text) if (made := _quantity(found, text)))


def _quantity(found: re.Match[str], text: str) -> Quantity | None:
    word = (found["word"] or "").lower()
    if word in IDLE:
        return None
    if found["tens"]:
        figure = str(int(COUNTS[found["tens"].lower()]) + int(COUNTS[found["ones"].lower()]))
    else:
        figure = COUNTS[word] if word else plain_figure(found["figure"])
    before, end = text[max(0, found.start() - 60) : found.start()], found.end()
    money = before[-1:] if before[-1:] in {"$", "€", "£"} else ""
    if (scale := SCALE.match(text, end)) and (scale[1] != "m" or money) and figure.replace(".", "", 1).isdigit():
        figure = f"{float(figure) * SCALES[scale[1].lower()]:.10g}"
        end = scale.end()
    behind = BEHIND.match(text, end)
    noun = (behind[1] or "%") if behind else ""
    unit = money or UNIT.get(noun.lower(), "")
    words = before.rstrip("$€£").split()
    last = words[-1].lower() if words else ""
    direction, bound = _led(before) if last in LINKS else ("", "")
    counts = noun.isalpha() and noun.lower() not in FUNCTION
    numbers = False
    if not counts and (place := PLACE.search(before)):
        numbers = bool(place["others"] or not (unit or direction or bound)) and place["noun"].lower() not in NO_PLACE
    return Quantity(figure, unit, direction, bound, numbers, counts)


def _led(before: str) -> tuple[str, Bound]:
    """Which way the words before a figure say that it goes, and which bound they make of it."""
    way, found = BEFORE.search(before), BOUND.search(before)
    direction = WAYS.get(way["way"].lower(), way["way"].lower()) if way else "of" if OF.search(before) else ""
    if BETWEEN.search(before):
        return "", "above" if before.lower().endswith("between ") else "below"
    if found and RAISED.search(before):
        return "to", ""
    return direction, "" if found is None else "below" if found["below"] else "above"


def unheld(claim: str, source: str) -> tuple[Literal["figure", "unit"], str] | None:
    """The first amount of the claim that the source does not hold, and what of it."""
    if not ANY.search(claim):
        return None
    held = quantities(source)
    for said in quantities(claim):
        same = [one for one in held if one.figure == said.figure]
        if not same or (said.counts and all(one.place for one in same)):
            return "figure", said.figure
        if said.unit and not any(one.unit in {said.unit, ""} and _beside(one, said, source) for one in same):
            return "unit", f"{said.figure} {said.unit}"
        if said.way != "of" and all(one.way == "of" for one in same):
            return "figure", said.figure
        if said.way and not any(_same_way(one, said) for one in same):
            return "unit", f"{said.way} {said.figure}"
        if not any(_within(one, said) for one in same):
            return "unit", f"{said.bound or 'exactly'} {said.figure}"
    ways = [{(way.lower(), share.lower()) for way, share in SHARE_WAY.findall(text)} for text in (claim, source)]
    for way, share in sorted(ways[0] - ways[1]):
        if share in {other for _, other in ways[1]}:
            return "unit", f"{way} {share}"
    shares = [{SHARES[word] for word in PER_WORD.findall(text.lower()) if word in SHARES} for text in (claim, source)]
    for share in sorted(shares[0] - shares[1]):
        return "figure", share
    return None


def _same_way(one: Quantity, said: Quantity) -> bool:
    """Whether a figure goes the way that is said of it. One that goes no way is a level, and a difference only where it
    is a share ("rose 5 %")."""
    return one.way == said.way or (not one.way and (said.way != "by" or said.unit in {"", "%"}))


def _within(one: Quantity, said: Quantity) -> bool:
    """Whether an amount claims no more than the other: "up to 30" is not 30, and 30 is not "over 30"."""
    return one.bound == said.bound or (not said.bound and one.bound == "above") or (
        said.bound == "below" and not one.bound
    )  # fmt: skip


def _beside(one: Quantity, said: Quantity, source: str) -> bool:
    """Whether the unit is the figure's own, or, where the figure has none, is at least said somewhere ("in ms: 35")."""
    return one.unit == said.unit or said.unit in {UNIT.get(word.lower(), "") for word in SIGN.findall(source)}
