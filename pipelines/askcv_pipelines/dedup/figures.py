"""Figures for comparison: amounts with their units, so that "35 %" is "thirty-five percent" and "$2M" is not "$2B"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

from askcv_pipelines.dedup.periods import ON_DAY, is_day
from askcv_pipelines.dedup.words import stem
from askcv_pipelines.reading.dates import DAY_MONTH, ISO, MONTH_YEAR

_UNITS_TO_19 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SPELLED = {word: n for n, word in enumerate(_UNITS_TO_19)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
TIMES = {
    "double": 2, "twice": 2, "twofold": 2, "triple": 3, "threefold": 3, "treble": 3, "quadruple": 4, "fourfold": 4,
    "tenfold": 10, "half": 0.5, "halve": 0.5,
}  # fmt: skip
_TIMES_BY_STEM = {stem(word): value for word, value in TIMES.items()}
SCALES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
    "hundred": 100, "dozen": 12,
}  # fmt: skip
CURRENCIES = {
    "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "euros": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "¥": "JPY", "yen": "JPY", "chf": "CHF",
}  # fmt: skip
SECONDS = {
    "ms": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600,
    "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "quarter": 7889400, "year": 31557600, "yr": 31557600,
}  # fmt: skip
BYTES = {
    "byte": 1,
    "kilobyte": 1e3,
    "megabyte": 1e6,
    "gigabyte": 1e9,
    "terabyte": 1e12,
    "kb": 1e3,
    "mb": 1e6,
    "gb": 1e9,
    "tb": 1e12,
    "pb": 1e15,
    "kib": 1024,
    "mib": 1048576,
    "gib": 1073741824,
}
PERIODS = "second minute hour day night week sprint month quarter year annum".split()
_EACH = {"hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week", "monthly": "month",
         "quarterly": "quarter", "yearly": "year", "annually": "year", "annual": "year"}  # fmt: skip

_NUMBER = r"\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_WORDS = "|".join(sorted(SPELLED, key=len, reverse=True))
_SPELLED = rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_UNITS_TO_19[1:10])})|{_WORDS}"
AMOUNT = re.compile(
    rf"(?P<before>[$€£¥]|\b(?:USD|EUR|GBP|CHF|US\$)\s?)?(?<![\w.])(?P<number>{_NUMBER}|(?:{_SPELLED})\b)"
    r"(?:\s?(?P<scale>k|m|mn|mio|bn|b|thousand|million|billion|hundred|dozen)\b)?"
    r"(?P<gap>\s?-?)(?P<unit>%|percentage points?|percent\b|per cent\b|pp\b|[€£$¥]|x\b|×|[a-zA-Z]+)?",
    re.IGNORECASE,
)
PER = re.compile(rf"\s*(?:per|an?|each|every|/)\s*({'|'.join(PERIODS)})s?\b", re.IGNORECASE)
EACH = re.compile(rf"\b({'|'.join(_EACH)})\b", re.IGNORECASE)
RANGE = re.compile(
    rf"({_NUMBER}|(?:{_SPELLED})\b)\W{{0,3}}?(?:[-–→]|\bto\b)\W{{0,2}}?({_NUMBER}|(?:{_SPELLED})\b)", re.IGNORECASE
)
NUMBERED = re.compile(
    r"(?:#|\bno\.?\s?|\bnumber\s|\b(?:part|episode|ep|vol|volume|edition|chapter|artifact|phase|level|week|day|module|"
    r"milestone|sprint|step|lesson|version|series|season|unit|lab|quarter|round|iteration|grade|year|class)\s?|\bq(?=\d))"
    r"(\d+|i{1,3}v?|vi{0,3}|one|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b|\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
                     re.IGNORECASE)  # fmt: skip
VERSION = re.compile(r"\bv?\d+(?:\.\d+){2,}\b|\bv\d+(?:\.\d+)*\b", re.IGNORECASE)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_DIGIT, _LETTERS = re.compile(r"\d"), re.compile(r"[A-Za-z]+")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``unit``: "%", a currency, "s" for time, "B" for bytes, "x" for a factor, "number" for a place in a
    series, "version", or the stem of what is counted. ``per`` is the period it is for. ``written`` is for people."""

    value: str
    unit: str
    per: str
    written: str


def figures_of(text: str) -> tuple[Figure, ...]:
    """The figures of a text in order. Days and years of the calendar are no amounts: ``periods`` has them."""
    text = _without_dates(text)
    found: list[tuple[int, Figure]] = []
    taken: list[tuple[int, int]] = []

    def take(start: int, end: int, figure: Figure) -> None:
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            found.append((start, figure))

    for match in VERSION.finditer(text):
        take(match.start(), match.end(), Figure(match[0].lower().lstrip("v"), "version", "", match[0]))
    for match in NUMBERED.finditer(text):
        take(match.start(), match.end(), Figure(_plain(_place(match[1])), "number", "", match[0].strip()))
    for match in ORDINAL.finditer(text):
        place = int(match[1]) if match[1] else _ORDINALS.index(match[2].lower()) + 1
        take(match.start(), match.end(), Figure(_plain(place), "number", "", match[0]))
    for match in AMOUNT.finditer(text):
        if (figure := _amount(match, text)) is not None:
            take(match.start("number"), match.end("number"), figure)
    for match in _LETTERS.finditer(text):
        if (factor := _factor(match[0].lower())) is not None:
            take(match.start(), match.end(), Figure(_plain(factor), "x", "", match[0]))
    return tuple(figure for _, figure in sorted(found, key=lambda entry: entry[0]))


@lru_cache(maxsize=1 << 15)
def _factor(word: str) -> float | None:
    return _TIMES_BY_STEM.get(stem(word))


def ranges_of(text: str) -> frozenset[tuple[str, str]]:
    """What goes from where to where ("from 9 to 3"), by value."""
    return frozenset(
        (_plain(_value(found[1])), _plain(_value(found[2]))) for found in RANGE.finditer(_without_dates(text))
    )


def rates_of(text: str) -> frozenset[str]:
    """The periods that something is done in, or counted by ("weekly", "per month")."""
    each = {_EACH[found[1].lower()] for found in EACH.finditer(text)}
    return frozenset(each | {found[1].lower().replace("annum", "year") for found in PER.finditer(text)})


@lru_cache(maxsize=64)  # figures and ranges of one text are asked for soon after each other
def _without_dates(text: str) -> str:
    if not _DIGIT.search(text):
        return text  # every pattern has a digit
    for pattern, day in ((ISO, 3), (ON_DAY, 2), (DAY_MONTH, 1), (MONTH_YEAR, 0)):
        text = pattern.sub(partial(_blank, day), text)
    return text


def _blank(day: int, found: re.Match[str]) -> str:
    return found[0] if day and not is_day(found[day]) else " " * len(found[0])


def _place(written: str) -> int:
    lower = written.lower()
    return int(lower) if lower.isdigit() else SPELLED.get(lower) or _ROMAN.get(lower, 0)


def _amount(match: re.Match[str], text: str) -> Figure | None:
    number, scale, unit = match["number"], (match["scale"] or "").lower(), (match["unit"] or "").lower()
    before = (match["before"] or "").strip().lower()
    value = _value(number)
    if scale in ("m", "b") and not before and unit not in CURRENCIES:
        unit, scale = scale, ""  # "5 m" is a length
    value *= SCALES.get(scale, 1)
    after = text[match.end() :]
    if unit in _STOPS:
        after, unit = text[match.start("unit") :], ""
    per = _per(after, text)
    if not before and _YEAR.match(number) and (unit[:1] in " " or unit.isalpha()):
        return None
    if before or unit in CURRENCIES:
        return Figure(_plain(value), CURRENCIES[before or unit], per, match[0].strip())
    if unit in ("%", "percent", "per cent") or unit.startswith(("pp", "percentage")):
        return Figure(_plain(value), "%", per, match[0].strip())
    if unit in ("x", "×", "time", "times", "fold"):
        return Figure(_plain(value), "x", per, match[0].strip())
    single = unit[:-1] if unit.endswith("s") and len(unit) > 2 else unit
    if single in SECONDS:
        return Figure(_plain(value * SECONDS[single]), "s", per, match[0].strip())
    if single in BYTES:
        return Figure(_plain(value * BYTES[single]), "B", per, match[0].strip())
    if number.lower() == "one" and unit in ("of", "", "or", "and"):
        return None  # a pronoun
    return Figure(_plain(value), _counted(unit, after) or _numbered(text[: match.start()]), per, match[0].strip())


def _numbered(before: str) -> str:
    """What a number behind a noun tells apart ("ticket 12")."""
    found = re.search(r"([A-Za-z]+)\s*$", before)
    return stem(found[1].lower()) if found and found[1].lower() not in _STOPS else ""


def _counted(unit: str, after: str) -> str:
    """What is counted: the noun at the end of the words behind the number ("five junior engineers")."""
    words = [unit] if unit else []
    for word in re.findall(r"\s*([A-Za-z]+|[^\sA-Za-z])", after)[:2]:
        if not word.isalpha() or word.lower() in _STOPS:
            break
        words.append(word.lower())
    words = [word for word in words if word not in _STOPS]
    plural = next((word for word in words if word.endswith("s")), None)
    return stem(plural or words[0]) if words else ""


_STOPS = frozenset(
    "a an the of to in on at by for from with and or but is are was were as than that which per each so who have has "
    "had will would can when while into over under after before it this these those we i he she they".split()
)


def _per(after: str, text: str) -> str:
    found = PER.match(after) or (PER.search(after[:24]) if not re.match(r"[.;]", after) else None)
    if found:
        return found[1].lower().replace("annum", "year")
    each = EACH.search(text)
    return _EACH[each[1].lower()] if each else ""


def _value(number: str) -> float:
    lower = number.lower()
    if lower[0].isalpha():
        return float(sum(SPELLED[part] for part in re.split(r"[- ]", lower)))
    if re.fullmatch(r"\d{1,3}(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?", number):
        return float(re.sub(r"[,\u202f\u00a0]", "", number))
    return float(number.replace(",", "."))


def _plain(value: float) -> str:
    return f"{value:.10g}"
