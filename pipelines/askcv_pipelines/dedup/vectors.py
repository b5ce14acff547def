"""Candidates by meaning, where an encoder is configured: the known texts whose vectors are nearest to a new one's.

The default needs no model: candidates are then found by their words alone (``index``). Vectors only propose; what is a
duplicate is decided by the same comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Makes a vector of each text: an array of shape (texts, dimensions), any length. ``name`` says which it is, and
    where the texts go, where they go anywhere."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class VectorIndex:
    """The known texts of one domain as vectors, numbered from 0 in the order they were added."""

    BATCH = 256
    """Rows of one matrix product: bounds its memory."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._pages: list[Vectors] = []
        self.size = 0

    def add(self, texts: Sequence[str]) -> None:
        if texts:
            self._pages.append(self._encoded(texts))
            self.size += len(texts)

    def nearest(self, texts: Sequence[str], k: int) -> list[list[int]]:
        """For each text the numbers of the ``k`` nearest, the nearest first; equally near ones in their order."""
        if not texts or not self._pages:
            return [[] for _ in texts]
        known = np.concatenate(self._pages)
        self._pages = [known]
        found: list[list[int]] = []
        for start in range(0, len(texts), self.BATCH):
            near = self._encoded(texts[start : start + self.BATCH]) @ known.T
            found += [[int(row) for row in np.argsort(-scores, kind="stable")[:k]] for scores in near]
        return found

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        made = np.asarray(self._encoder.encode(texts), dtype=np.float32)
        if made.ndim != 2 or made.shape[0] != len(texts):
            raise ValueError(f"encoder {self._encoder.name} gave shape {made.shape} for {len(texts)} texts")
        lengths = np.linalg.norm(made, axis=1, keepdims=True)
        scaled: Vectors = made / np.maximum(lengths, 1e-9)
        return scaled
