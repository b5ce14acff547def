"""What differs between two payloads, word by word: for a person who decides whether they say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

MOST_WORDS = 400
"""Longer texts are compared as far as this: a page is read by a person, and made while they wait."""

Kind = Literal["same", "gone", "new"]
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class FieldDifference:
    """One field, as the runs of text that are in both, in the earlier one only (gone) and in the later one only."""

    name: str
    parts: tuple[tuple[Kind, str], ...]


def differences(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[FieldDifference]:
    """The fields that are not the same, in the order of the later payload."""
    names = [*later, *(name for name in earlier if name not in later)]
    pairs = ((name, _text(earlier.get(name)), _text(later.get(name))) for name in names)
    return [FieldDifference(name, _parts(old, new)) for name, old, new in pairs if old != new]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return " · ".join(map(str, value)) if isinstance(value, list) else str(value)


def _parts(old: str, new: str) -> tuple[tuple[Kind, str], ...]:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    tail_a, tail_b = "".join(a[MOST_WORDS:]), "".join(b[MOST_WORDS:])
    a, b = a[:MOST_WORDS], b[:MOST_WORDS]
    runs = [
        (what == "equal", "".join(a[a0:a1]), "".join(b[b0:b1]))
        for what, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    ]
    return tuple(part for part in _joined([*runs, (tail_a == tail_b, tail_a, tail_b)]) if part[1])


def _joined(runs: list[tuple[bool, str, str]]) -> Iterator[tuple[Kind, str]]:
    """Changes with nothing but a space between them are one change: every other word struck out cannot be read."""
    gone = new = ""
    for number, (same, old, text) in enumerate(runs):
        if not same or (text.isspace() and (gone or new) and number + 1 < len(runs)):
            gone, new = gone + old, new + text
            continue
        yield "gone", gone
        yield "new", new
        yield "same", text
        gone = new = ""
    yield "gone", gone
    yield "new", new
