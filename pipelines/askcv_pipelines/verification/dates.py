"""The dates that a passage names, as precise as it names them: what a date in a field may be."""

from __future__ import annotations

import re
from datetime import date

from askcv_pipelines.reading import dates

YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
SHORT_YEAR = re.compile(r"(?<=(?:19|20)\d\d)[-–/](\d\d)(?!\d|[-–/]\d)")
MONTH = re.compile(rf"\b{dates._MONTH}(?!,?\s+\d{{4}}\b)(?!\w)", re.IGNORECASE)
"""A month that has no year of its own."""
QUARTER = re.compile(r"\bQ([1-4])\b|\bH([12])\b")
WRITTEN = (dates.ISO, dates.MONTH_DAY, dates.DAY_MONTH, dates.DASHED, dates.SLASHED)
NUMBERED = re.compile(r"\b((?:19|20)\d\d)-(\d\d)\b")
ENDS = re.compile(
    rf"\b(?:until|till|through|ended|left|expir(?:es|ed|ing))\W+(?:in\W+)?(?:{dates._MONTH}\W+)?((?:19|20)\d\d)", re.I
)
BEGINS = re.compile(rf"\b(?:since|starting|began|joined)\W+(?:in\W+)?(?:{dates._MONTH}\W+)?((?:19|20)\d\d)", re.I)
SPAN = re.compile(rf"((?:19|20)\d\d)\s*(?:[-–—]|to|until|till|through)\s*(?:{dates._MONTH}\s*)?((?:19|20)\d\d)", re.I)
BEGINNING = frozenset(("start_date", "issued_on", "awarded_on", "published_on"))
OF_DOCUMENT = frozenset(("occurred_on", "given_on"))
"""Fields that may say the date of the document: it tells of what was then."""


def holds(name: str, value: str, text: str, anchor: str | None) -> bool:
    """Whether a date that a field claims is the text's own, at the precision that it claims."""
    if not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", value):
        return False
    if name in OF_DOCUMENT and anchor and anchor.startswith(value):
        return True
    if name in {*BEGINNING, "end_date", "expires_on"} and _turned(name, value[:4], text):
        return False
    return any(
        found.startswith(value) for found in dates_of(text, anchor if name in {*OF_DOCUMENT, "due_on"} else None)
    )


def dates_of(text: str, anchor: str | None) -> frozenset[str]:
    """Dates of the text as YYYY, YYYY-MM or YYYY-MM-DD. ``anchor`` is the day of the document, from which "Friday" and
    a month without a year count."""
    day = date.fromisoformat(anchor) if anchor and len(anchor) == len("YYYY-MM-DD") else None
    text = SHORT_YEAR.sub(lambda short: f" 20{short[1]}", text)
    found = {made.isoformat() for p in WRITTEN for m in p.finditer(text) if (made := dates.explicit(m[0], day))}
    found |= {made for made in (dates.due(text, day), dates.cell_date(text, day)) if made}
    found |= {f"{m[2]}-{dates.MONTHS[m[1][:3].lower()]:02}" for m in dates.MONTH_YEAR.finditer(text)}
    found |= {f"{m[1]}-{m[2]}" for m in NUMBERED.finditer(text)}
    years = set(YEAR.findall(text)) or ({anchor[:4]} if anchor else set())
    months = {dates.MONTHS[m[0][:3].lower()] for m in MONTH.finditer(text)}
    for quarter, half in QUARTER.findall(text):
        months |= set(range(3 * int(quarter) - 2, 3 * int(quarter) + 1)) if quarter else set()
        months |= set(range(6 * int(half) - 5, 6 * int(half) + 1)) if half else set()
    return frozenset(found | years | {f"{y}-{month:02}" for y in years for month in months})


def ended(text: str) -> bool:
    """Whether a text gives the end of something."""
    return bool(SPAN.search(text) or ENDS.search(text))


def _turned(name: str, year: str, text: str) -> bool:
    """Whether the year is the other end: a start that is said to be the end, or the reverse."""
    spans = SPAN.findall(text)
    first = {a for a, _ in spans} | set(BEGINS.findall(text))
    last = {b for _, b in spans} | set(ENDS.findall(text))
    own, other = (first, last) if name in BEGINNING else (last, first)
    return year in other and year not in own
