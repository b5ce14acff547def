"""The dates that a passage names, as precise as it names them: what a date in a field may be."""

from __future__ import annotations

import re
from datetime import date

from askcv_pipelines.reading import dates

YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.IGNORECASE
)
QUARTER = re.compile(r"\bQ([1-4])\b|\bH([12])\b")
WRITTEN = (dates.ISO, dates.MONTH_DAY, dates.DAY_MONTH, dates.DASHED, dates.SLASHED)


def dates_of(text: str, anchor: str | None) -> frozenset[str]:
    """Dates of the text as YYYY, YYYY-MM or YYYY-MM-DD. ``anchor`` is the day of the document, from which "Friday" and
    a month without a year count."""
    day = date.fromisoformat(anchor) if anchor and len(anchor) == len("YYYY-MM-DD") else None
    year = anchor[:4] if anchor else None
    found = {made.isoformat() for p in WRITTEN for m in p.finditer(text) if (made := dates.explicit(m[0], day))}
    found |= {made for made in (dates.due(text, day), dates.cell_date(text, day)) if made}
    found |= {f"{m[2]}-{dates.MONTHS[m[1][:3].lower()]:02}" for m in dates.MONTH_YEAR.finditer(text)}
    years = set(YEAR.findall(text)) or ({year} if year else set())
    months = {dates.MONTHS[m[0][:3].lower()] for m in MONTH.finditer(text)}
    for quarter, half in QUARTER.findall(text):
        months |= set(range(3 * int(quarter) - 2, 3 * int(quarter) + 1)) if quarter else set()
        months |= set(range(6 * int(half) - 5, 6 * int(half) + 1)) if half else set()
    return frozenset(found | years | {f"{y}-{month:02}" for y in years for month in months})
