"""Texts as vectors, for what is near by its meaning: made by an encoder, kept as whole numbers of one byte each."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_WORD = re.compile(r"\w+")


class Encoder(Protocol):
    """Makes a vector of each text: an array of shape (texts, dimensions). ``name`` says which it is: vectors of two
    encoders are never compared."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors: ...


class HashingEncoder:
    """Words and word pairs, hashed into 256 numbers: it needs no model, and knows no meaning."""

    name = "hashed words"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            words = _WORD.findall(text)
            for token in [*words, *(f"{a} {b}" for a, b in pairwise(words))]:
                number = zlib.crc32(token.encode())
                vector[number % self.dimensions] += 1 if number & 0x10000 else -1
        return vectors


def packed(encoder: Encoder, texts: Sequence[str]) -> list[bytes]:
    """A vector of each text as it is kept: numbers from −127 to 127, the largest of them 127.

    Raises:
        ValueError: the encoder gave something else than a vector of each.
    """
    if not texts:
        return []
    made = np.asarray(encoder.encode(texts), dtype=np.float32)
    if made.ndim != 2 or made.shape[0] != len(texts) or not np.isfinite(made).all():
        raise ValueError(f"encoder {encoder.name} gave shape {made.shape} for {len(texts)} texts")
    largest = np.abs(made).max(axis=1, keepdims=True)
    return [row.tobytes() for row in np.round(made / np.maximum(largest, 1e-9) * 127).astype(np.int8)]


def likeness(some: Sequence[bytes], others: Sequence[bytes]) -> Vectors:
    """The cosine of each of some kept vectors with each of the others: shape (some, others). All are of one encoder."""
    left, right = _unit(some), _unit(others)
    if not len(left) or not len(right):
        return np.zeros((len(left), len(right)), dtype=np.float32)
    found: Vectors = left @ right.T
    return found


def _unit(kept: Sequence[bytes]) -> Vectors:
    vectors = np.frombuffer(b"".join(kept), dtype=np.int8).reshape(len(kept), -1).astype(np.float32) if kept else None
    if vectors is None:
        return np.zeros((0, 0), dtype=np.float32)
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
