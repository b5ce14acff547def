"""An encoder that needs no model: vectors of hashed character n-grams, for libraries that ask for an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class HashingEncoder:
    """Texts as unit vectors of ``dimensions``, by their character 3-, 4- and 5-grams with signs."""

    def __init__(self, dimensions: int = 1024) -> None:
        self.dimensions = dimensions

    def encode(self, inputs: Sequence[Any], **_: Any) -> np.ndarray:
        """One row per text."""
        return np.stack([self._vector(str(text)) for text in inputs])

    def _vector(self, text: str) -> np.ndarray:
        signs = np.frombuffer(f" {' '.join(text.casefold().split())} ".encode(), dtype=np.uint8).astype(np.uint64)
        vector = np.zeros(self.dimensions, dtype=np.float64)
        for size in (3, 4, 5):
            if len(signs) < size:
                continue
            code = np.full(len(signs) - size + 1, size, dtype=np.uint64)
            for at in range(size):
                code = code * np.uint64(0x9E3779B97F4A7C15) + signs[at : len(signs) - size + 1 + at]
            code ^= code >> np.uint64(29)
            code *= np.uint64(0xBF58476D1CE4E5B9)
            code ^= code >> np.uint64(32)
            place = (code % np.uint64(self.dimensions)).astype(np.int64)
            sign = 1.0 - 2.0 * ((code >> np.uint64(40)) & np.uint64(1)).astype(np.float64)
            vector += np.bincount(place, sign, minlength=self.dimensions)
        length = float(np.sqrt(vector @ vector))
        return (vector / length if length else vector).astype(np.float32)
