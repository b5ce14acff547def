"""Dates as people write them, made ISO 8601. A date without a year takes it from its anchor, or is none.

The anchor of a passage is the date of the part it stands in (``parts``), else the document's own.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
DAYS = {
    name[:3]: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:mon(?:day)?|tues?(?:day)?|wed(?:nesday|s)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?"
ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
SLASHED = re.compile(r"(?<![\d/.-])(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?(?![\d/]|\.\d|%)")
DASHED = re.compile(r"(?<![\d/.-])(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})(?!\d)")
MONTH_DAY = re.compile(rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?", re.IGNORECASE)
DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})(?:,?\s+(\d{{4}})\b)?", re.IGNORECASE
)
MONTH_YEAR = re.compile(rf"\b({_MONTH}),?\s+(\d{{4}})\b", re.IGNORECASE)
WEEKDAY = re.compile(rf"\b(?:(next|this|coming)\s+)?({_DAY})(?!\w)", re.IGNORECASE)
RELATIVE = re.compile(
    r"\b(?:(today|tonight|tomorrow)|end of (?:the |this )?(week|month|year)|(?:for|by) (next week)|in (\d{1,2}|"
    r"two|three|four) (days?|weeks?))\b",
    re.IGNORECASE,
)
DEADLINE = re.compile(
    r"\b(?:by|before|due|until|deadline|no later than|for|on|this|next|tomorrow|today|tonight|end of|eta|"
    r"submit\w*|in (?:\d|two|three|four))\b",
    re.IGNORECASE,
)
NOT_OF_DOCUMENT = re.compile(
    r"^.*\b(?:next (?:meeting|call|session|time)|due|deadline|until)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)


def due(text: str, anchor: date | None) -> str | None:
    """The day by which something is to be done, where the text says so and the year is known."""
    if not (DEADLINE.search(text) or SLASHED.search(text) or WEEKDAY.search(text)):
        return None
    found = explicit(text, anchor) or _relative(text, anchor)
    return found.isoformat() if found else None


def cell_date(text: str, anchor: date | None) -> str | None:
    """The date that stands in a column of dates."""
    found = explicit(text, anchor) or _relative(text, anchor)
    return found.isoformat() if found else None


def explicit(text: str, anchor: date | None = None) -> date | None:
    """The first date that names its day; the year is the anchor's where none is written."""
    for pattern, order in ((ISO, "ymd"), (MONTH_DAY, "mdy"), (DAY_MONTH, "dmy"), (DASHED, "??y"), (SLASHED, "??y")):
        for found in pattern.finditer(text):
            if made := _made(found, order, anchor):
                return made
    return None


def partial(text: str) -> str | None:
    """A date as precise as it is written: YYYY-MM-DD or YYYY-MM."""
    if (day := explicit(text)) is not None:
        return day.isoformat()
    if month := MONTH_YEAR.search(text):
        return f"{month[2]}-{MONTHS[month[1][:3].lower()]:02}"
    return None


def _made(found: re.Match[str], order: str, anchor: date | None) -> date | None:
    a, b, c = found.groups()
    if order == "ymd":
        year, month, day = a, int(b), int(c)
    elif order == "mdy":
        year, month, day = c, MONTHS[a[:3].lower()], int(b)
    elif order == "dmy":
        year, month, day = c, MONTHS[b[:3].lower()], int(a)
    else:
        month, day, year = int(a), int(b), c
        if month > 12:
            month, day = day, month
    if year is None and anchor is None:
        return None
    number = anchor.year if year is None and anchor else int(year)
    number += 2000 if number < 100 else 0
    try:
        made = date(number, month, day)
    except ValueError:
        return None
    if year is None and anchor and (anchor - made).days > 180:
        made = made.replace(year=number + 1)  # in December, "January 5th" is next year's
    return made


def _relative(text: str, anchor: date | None) -> date | None:
    if anchor is None:
        return None
    if found := RELATIVE.search(text):
        day, unit, week, count, units = found.groups()
        if day:
            return anchor + timedelta(days=day.lower() == "tomorrow")
        if week:
            return anchor + timedelta(days=7)
        if count:
            number = {"two": 2, "three": 3, "four": 4}.get(count.lower()) or int(count)
            return anchor + timedelta(days=number * (7 if units.lower().startswith("week") else 1))
        if unit.lower() == "week":
            return anchor + timedelta(days=(4 - anchor.weekday()) % 7)
        if unit.lower() == "month":
            return (anchor.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return date(anchor.year, 12, 31)
    if found := WEEKDAY.search(text):
        ahead = (DAYS[found[2][:3].lower()] - anchor.weekday()) % 7 or 7
        return anchor + timedelta(days=ahead)
    return None
