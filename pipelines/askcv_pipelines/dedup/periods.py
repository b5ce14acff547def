"""Periods for comparison: dates of differing precision as intervals of days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from askcv_pipelines.reading.dates import DAY_MONTH, ISO, MONTH_DAY, MONTH_YEAR, MONTHS

_SEASON = re.compile(r"\b(spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?|,\s*)((?:19|20)\d\d)?\b", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    rf"\b(?:in|by|since|until|from|during|of|early|mid|late)[ -]({'|'.join(calendar.month_name[1:])})\b", re.IGNORECASE
)
_QUARTER = re.compile(r"\bQ([1-4])(?:[\s/-]*((?:19|20)\d\d))?\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w.])(?:FY\s?)?((?:19|20)\d\d)(?:\s?[-/–]\s?(\d\d(?:\d\d)?))?(?![\w.]*\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, both included."""

    start: date
    end: date

    def meets(self, other: Period) -> bool:
        return self.start <= other.end and other.start <= self.end


def period(value: object) -> Period | None:
    """The interval of a partial date (YYYY, YYYY-MM, YYYY-MM-DD); None where it is none."""
    parts = str(value or "").split("-")
    try:
        year = int(parts[0])
        if len(parts) == 1:
            return Period(date(year, 1, 1), date(year, 12, 31))
        month = int(parts[1])
        if len(parts) == 2:
            return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        day = date(year, month, int(parts[2]))
    except ValueError:
        return None
    return Period(day, day)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that a text names: what of year, month, day, season and quarter it tells."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""

    def agrees(self, other: Moment) -> bool:
        """Whether both may be the same moment, as far as each is told."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a is None or b is None or a == b for a, b in pairs) and (
            not self.part or not other.part or self.part == other.part
        )


# Days are days of a month, and count nothing: "In March 12 engineers joined" names no day.
_COUNTS = r"(?!\d)(?!\s+[a-z]{3,}s\b)"
ON_DAY = re.compile(rf"{MONTH_DAY.pattern}{_COUNTS}", re.IGNORECASE)


def is_day(number: str) -> bool:
    return 1 <= int(number) <= 31


def moments(text: str) -> tuple[Moment, ...]:
    """The moments that a text names, in no order."""
    return tuple(_moments(text))


def _moments(text: str) -> Iterator[Moment]:
    for pattern, made in _PATTERNS:
        for found in pattern.finditer(text):
            if (moment := made(found)) is not None:
                yield moment
        text = pattern.sub(partial(_taken, made), text)


def _taken(made: Callable[[re.Match[str]], Moment | None], found: re.Match[str]) -> str:
    return " " if made(found) is not None else found[0]


def _month(name: str) -> int:
    return MONTHS[name[:3].lower()]


def _number(value: str | None) -> int | None:
    return int(value) if value else None


def _part(found: re.Match[str]) -> Moment | None:
    name = found[1].lower().replace("fall", "autumn")
    # "spring" alone is a framework, a verb, a coil
    return Moment(_number(found[2]), part=name) if found[2] or name in ("summer", "autumn", "winter") else None


_PATTERNS = (
    (ISO, lambda m: Moment(int(m[1]), int(m[2]), int(m[3]))),
    (ON_DAY, lambda m: Moment(_number(m[3]), _month(m[1]), int(m[2])) if is_day(m[2]) else None),
    (DAY_MONTH, lambda m: Moment(_number(m[3]), _month(m[2]), int(m[1])) if is_day(m[1]) else None),
    (MONTH_YEAR, lambda m: Moment(int(m[2]), _month(m[1]))),
    (_MONTH_ALONE, lambda m: Moment(month=_month(m[1]))),
    (_SEASON, _part),
    (_QUARTER, lambda m: Moment(_number(m[2]), part=f"q{m[1]}")),
    (_YEAR, lambda m: Moment(int(m[1]))),
)
