"""Phone numbers as they are written in many countries: by their form, or by a word before them.

A number that has neither (ten digits in a row, figures in a table) is taken for a figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_GAP = r"(?: ?[-./ \u00a0\u2011\u2013] ?)"
_BEFORE = r"(?<![\w+#=@])(?<!\w[./:-])"
_AFTER = r"(?![\w%€$£]|[.,/:-]\d)"
_INTERNATIONAL = re.compile(
    _BEFORE
    + rf"(?:\+|00)(?=[1-9])\d{{1,3}}{_GAP}?(?:\(\d{{1,5}}\){_GAP}?)?\d{{1,12}}(?:{_GAP}\d{{1,8}}){{0,6}}"
    + _AFTER
)
_TRUNK_ZERO = re.compile(_BEFORE + rf"0[1-9]\d{{0,4}}{_GAP}\d{{2,8}}(?:{_GAP}\d{{1,5}}){{0,4}}" + _AFTER)
_BRACKETED = re.compile(
    _BEFORE + rf"(?:\+?\d{{1,2}} ?)?\((?:0?\d{{2,5}}|\+\d{{1,3}})\){_GAP}?\d{{2,5}}(?:{_GAP}\d{{2,5}}){{1,4}}" + _AFTER
)
_NORTH_AMERICAN = re.compile(_BEFORE + r"(?:1[-.])?[2-9]\d{2}([-.])\d{3}\1\d{4}" + _AFTER)
_WORD = re.compile(
    r"(?:\b(?:tel[eé](?:phone|fono|fon)|t[ée]l[ée]phone|tel|t[ée]l|phone|mobile|mobil(?:nummer|telefon)?|cell(?:phone)?|"
    r"portable|handy(?:nummer)?|movil|m[óo]vil|tlf|kontakt|contact|n[úu]mero|numer|fax|hotline|whatsapp|signal|sms|call|dial|"
    r"ring(?: mig)?|text|soita|chiama|llama|ligue|tfn|puh|celular|my number|number)\b|телефон|电话|電話)"
    r"(?:[ .]{0,2}(?:me|us|her|him|them|number|no|nr|at|on|p\u00e5|is|ist|es|under|the \w{1,20}|my)\b){0,4}[.:,]{0,2} ?"
    r"(?P<number>(?:\(\+?\d{1,5}\)|\d{1,12})(?:" + _GAP + r"?(?:\(\d{1,5}\)|\d{1,12})){0,6})" + _AFTER,
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d[-./ ](?:0[1-9]|1[0-2])[-./ ](?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_RANGE = re.compile(r"\d{3,4} ?[-–] ?\d{3,4}\Z")
_DIGIT = re.compile(r"\d")
_FEWEST = 7
"""Digits of the shortest number."""
_RUN = re.compile(r"[+(\d][\d+() ./\u00a0\u2011\u2013-]{6,}+")
"""What every number is a part of, whichever pattern it has."""


def find_phones(text: str) -> Iterator[Span]:
    """Where phone numbers stand; spans may overlap."""
    if not any(_digits(run) >= _FEWEST for run in _RUN.findall(text)):
        return
    for pattern, least, most in (
        (_INTERNATIONAL, 9, 17),
        (_TRUNK_ZERO, 9, 13),
        (_BRACKETED, 9, 13),
        (_NORTH_AMERICAN, 10, 11),
    ):
        for found in pattern.finditer(text):
            if least <= _digits(found[0]) <= most and not _DATE.match(found[0]):
                yield found.span()
    for found in _WORD.finditer(text):
        number = found["number"]
        if 7 <= _digits(number) <= 13 and not _DATE.match(number) and not _RANGE.match(number):
            yield found.span("number")


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text))
