"""How alike two items are, by their words: hashed, so that a near one among many is found by a few numbers."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from askcv_agents.domains import DOMAINS

ALIKE_PERCENT = 50
"""From here on an item is shown as a possible duplicate."""
_BANDS = 6
_ROWS = 2  # with 6 bands of 2, items that share half of their words meet four times of five, 80 % nearly always
_WORD = re.compile(r"\w+")
_dice = np.random.default_rng(20260618)
_FACTORS = _dice.integers(1, 2**31, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_SUMMANDS = _dice.integers(0, 2**31, _BANDS * _ROWS, dtype=np.uint64)
_MASK = np.uint64(2**32 - 1)


@dataclass(frozen=True)
class Sketch:
    """An item's words, and the space that it can have near ones in: a domain of one tenant."""

    space: str
    words: frozenset[str]

    @classmethod
    def of(cls, tenant_id: str, domain: str, payload: Mapping[str, Any]) -> Sketch:
        telling = _telling(domain)
        told = {name: value for name, value in payload.items() if name in telling}
        return cls(f"{tenant_id} {domain}", frozenset(_WORD.findall(folded(texts(told)))))


def bands(sketches: Sequence[Sketch]) -> list[list[int]]:
    """The bands of each: numbers that sketches of one space with many of the same words share. None without words."""
    worded = [sketch for sketch in sketches if sketch.words]
    if not worded:
        return [[] for _ in sketches]
    hashed = np.array([zlib.crc32(word.encode()) for s in worded for word in s.words], dtype=np.uint64)
    spaces = np.array([zlib.crc32(s.space.encode()) for s in worded], dtype=np.uint64)
    starts = np.cumsum([0, *(len(s.words) for s in worded[:-1])])
    least = np.minimum.reduceat((hashed[:, None] * _FACTORS + _SUMMANDS) & _MASK, starts, axis=0)
    pairs = least.reshape(-1, _BANDS, _ROWS)
    mixed = pairs[:, :, 0] * np.uint64(2654435761) + pairs[:, :, 1] + np.arange(_BANDS, dtype=np.uint64)
    mixed += (spaces * np.uint64(0x9E3779B97F4A7C15))[:, None]
    found = iter(np.bitwise_and(mixed, np.uint64(2**53 - 1)).tolist())
    return [next(found) if sketch.words else [] for sketch in sketches]


def shared_percent(one: Sketch, other: Sketch) -> int:
    """How many of the words of both are in each of them."""
    both = len(one.words | other.words)
    return 100 * len(one.words & other.words) // both if both else 0


def texts(payload: Mapping[str, Any]) -> str:
    """All text of a payload."""
    parts = (value if isinstance(value, list) else [value] for value in payload.values())
    return "\n".join(str(part) for each in parts for part in each if isinstance(part, str))


def folded(text: str) -> str:
    """As it is compared: neither case nor the form of a character tells texts apart."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\x00", "")  # which not every database can hold


@cache
def _telling(domain: str) -> frozenset[str]:
    """The fields with words of their own: a choice of few ("expert") makes no two skills alike."""
    schema = DOMAINS[domain].model.model_json_schema(by_alias=True)["properties"]
    return frozenset(name for name, found in schema.items() if "enum" not in str(found) and "pattern" not in str(found))
