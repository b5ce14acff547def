"""Bank accounts and payment cards: numbers that carry a check digit, and pass it."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
_IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28,
    "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "XK": 20,
}  # fmt: skip
_CARD = re.compile(r"(?<![\w.+/-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -]?)\d{6}\2\d{4,5})(?![\w-]|[.,]\d)")
_LONG_NUMBER = re.compile(r"\d[\d -]{12,}+")
_ISSUER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|(?:6011|65\d\d|64[4-9]\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|50\d{14}"
)


def find_accounts(text: str) -> Iterator[Span]:
    """Where IBANs and card numbers stand."""
    for found in _IBAN.finditer(text):
        if end := _iban_end(found[0]):
            yield found.start(), found.start() + end
    for found in _CARD.finditer(text) if _LONG_NUMBER.search(text) else ():
        digits = re.sub(r"\D", "", found[0])
        if _ISSUER.fullmatch(digits) and _luhn(digits):
            yield found.span()


def _iban_end(written: str) -> int:
    """How much of it is an IBAN, by its country's length and its check digits; 0 where none is."""
    length = _IBAN_LENGTH.get(written[:2], 0)
    places = [at for at, c in enumerate(written) if c != " "][:length]
    number = "".join(written[at] for at in places)
    if not length or len(number) < length or int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 != 1:
        return 0
    return places[-1] + 1


def _luhn(digits: str) -> bool:
    doubled = "0246813579"
    return sum(int(doubled[int(c)] if at % 2 else c) for at, c in enumerate(reversed(digits))) % 10 == 0
