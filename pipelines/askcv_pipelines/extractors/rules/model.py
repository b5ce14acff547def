"""The linear model: hashed features → a probability for each domain. Written by ``benchmarks/train_rules.py``.

The weights stand under hash values (CRC-32 of the feature, cut to ``bits``), as whole numbers with one scale a domain;
the words that were trained on cannot be read from them. Probabilities are Platt-scaled on out-of-fold scores.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from zlib import crc32

BITS = 32
"""Hash values in use: 2 ** BITS. With fewer, words of unseen documents now and then stand in for a rule."""


def bucket(feature: str, bits: int = BITS) -> int:
    return crc32(feature.encode()) & ((1 << bits) - 1)


@dataclass(frozen=True)
class Model:
    """``weights`` holds one whole number a label for each hash value that counts."""

    labels: tuple[str, ...]
    weights: Mapping[int, Sequence[int]]
    scale: tuple[float, ...]
    platt: tuple[tuple[float, float], ...]
    thresholds: tuple[float, ...]

    def probabilities(self, row: Iterable[str]) -> dict[str, float]:
        """The calibrated probability of each label for a unit with these features."""
        get, mask = self.weights.get, (1 << BITS) - 1
        counted = [found for feature in row if (found := get(crc32(feature.encode()) & mask))]
        sums = [sum(column) for column in zip(*counted, strict=True)] or [0] * len(self.labels)
        scores = (total * scale for total, scale in zip(sums, self.scale, strict=True))
        return {
            label: 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, a * score + b))))
            for label, score, (a, b) in zip(self.labels, scores, self.platt, strict=True)
        }

    def threshold(self, label: str) -> float:
        return self.thresholds[self.labels.index(label)]

    def to_json(self) -> dict[str, Any]:
        flat: list[list[int]] = [[at, *numbers] for at, numbers in sorted(self.weights.items())]
        return {"labels": self.labels, "bits": BITS, "scale": self.scale, "platt": self.platt,
                "thresholds": self.thresholds, "weights": flat}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Model:
        if data["bits"] != BITS:
            raise ValueError(f"weights over {data['bits']} bits, and the code hashes to {BITS}")
        return cls(
            labels=tuple(data["labels"]),
            weights={row[0]: tuple(row[1:]) for row in data["weights"]},
            scale=tuple(data["scale"]),
            platt=tuple((a, b) for a, b in data["platt"]),
            thresholds=tuple(data["thresholds"]),
        )


@cache
def shipped(name: str) -> Model:
    """The model in the package under that name, ``units`` or ``skills``."""
    raw = (files(__package__) / f"{name}.json.gz").read_bytes()
    return Model.from_json(json.loads(gzip.decompress(raw)))
