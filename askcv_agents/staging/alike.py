"""How alike two items are, by their words: hashed, so that a near one among many is found by a few numbers."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from askcv_agents.domains import DOMAINS

ALIKE_PERCENT = 50
"""From here on an item is shown as a possible duplicate."""
DIMENSIONS = 256
_BANDS = 6
_ROWS = 2  # with 6 bands of 2, items that share half of their words meet four times of five, 80 % nearly always
_WORD = re.compile(r"\w+")
_dice = np.random.default_rng(20260618)
_FACTORS = _dice.integers(1, 2**31, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_SUMMANDS = _dice.integers(0, 2**31, _BANDS * _ROWS, dtype=np.uint64)
_MASK = np.uint64(2**32 - 1)


@dataclass(frozen=True)
class Sketch:
    """An item's words, and the bands that items with many of the same words share."""

    words: frozenset[str]

    @classmethod
    def of(cls, domain: str, payload: Mapping[str, Any]) -> Sketch:
        told = {name: value for name, value in payload.items() if name in _telling(domain)}
        return cls(frozenset(_WORD.findall(folded(texts(told)))))

    @property
    def bands(self) -> tuple[int, ...]:
        return _bands(self.words)


def nearest(sketch: Sketch, others: Sequence[tuple[str, Sketch]]) -> tuple[str | None, int]:
    """The id of the one that shares most of its words, with the percentage; None and 0 where none is near."""
    best, percent = None, 0
    for other_id, other in others:
        both = len(sketch.words | other.words)
        shared = 100 * len(sketch.words & other.words) // both if both else 0
        if shared >= ALIKE_PERCENT and shared > percent:
            best, percent = other_id, shared
    return best, percent


def embedding(text: str) -> bytes:
    """A vector of hashed words and word pairs: 256 numbers from −127 to 127, longest 127."""
    words = _WORD.findall(text)
    vector = np.zeros(DIMENSIONS)
    for token in [*words, *(f"{a} {b}" for a, b in pairwise(words))]:
        number = zlib.crc32(token.encode())
        vector[number % DIMENSIONS] += 1 if number & 0x10000 else -1
    length = float(np.abs(vector).max()) or 1.0
    return np.round(vector / length * 127).astype(np.int8).tobytes()


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


def _bands(words: frozenset[str]) -> tuple[int, ...]:
    if not words:
        return ()
    hashed = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    least = ((hashed[:, None] * _FACTORS + _SUMMANDS) & _MASK).min(axis=0).reshape(_BANDS, _ROWS)
    mixed = least[:, 0] * np.uint64(2654435761) + least[:, 1] + np.arange(_BANDS, dtype=np.uint64)
    return tuple(sorted({int(band & np.uint64(2**53 - 1)) for band in mixed}))
