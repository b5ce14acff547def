"""The figure of an accomplishment, exactly as it is written."""

from __future__ import annotations

import re

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_AMOUNT = (
    rf"(?:~|≈|\+|-|−)?[$€£]\s?(?:{_NUMBER})(?:\s?(?:k|m|bn|b|million|billion|thousand)\b)?|"
    rf"(?:~|≈|\+|-|−)?(?:{_NUMBER})\s?(?:%|percent\b|x\b|ms\b|s\b|k\b|GB\b|MB\b|TB\b)"
)
_PERIOD = r"(?:\s(?:per|a|an|each)\s(?:month|year|week|day|hour)|/(?:month|year|mo|yr|week|day))?"
_UNITS = (
    r"hours?|minutes?|days?|weeks?|months?|users?|customers?|clients?|students?|people|members?|tickets?|requests?|patients?|"
    r"attendees|participants|downloads|stars|visitors|employees|engineers|developers|volunteers|cases|sales|orders|pages|points"
)
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"\bfrom (?:{_AMOUNT}|(?:{_NUMBER})(?:\s\w+)?) (?:to|down to|up to) "
            rf"(?:{_AMOUNT}|(?:{_NUMBER})(?:\s(?:{_UNITS}))?)"
        ),
        rf"(?:{_NUMBER})(?:\s?[–-]\s?(?:{_NUMBER}))?\s?/\s?(?:5|10|100)\b(?:\.0)?",
        rf"(?:{_AMOUNT})(?:\s?[–-]\s?(?:{_AMOUNT}))?{_PERIOD}",
        rf"(?:{_NUMBER})\s(?:out of|of)\s(?:{_NUMBER})\b",
        rf"(?:{_NUMBER})\+?\s(?:{_UNITS})\b",
        rf"(?:{_NUMBER})\+?\stimes\b",
        rf"(?<![\w#.])(?!(?:19|20)\d\d\b)(?:{_NUMBER})\+?\s(?:[a-z][a-z-]+\s){{0,2}}?[a-z]{{3,}}s\b",
    )
)
VERSION_OR_DATE = re.compile(r"(?:v|version |#|\d[/-])\Z", re.IGNORECASE)


def metric(text: str) -> str | None:
    """The first figure with its unit: a change, a rating, an amount, a count of people or of time."""
    for pattern in PATTERNS:
        for found in pattern.finditer(text):
            if not VERSION_OR_DATE.search(text[max(0, found.start() - 8) : found.start()]):
                return found[0].strip()
    return None
