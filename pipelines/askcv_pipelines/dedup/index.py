"""Candidates: the known texts nearest to a new one by the words they share, exact and incremental.

A text is a vector over its stems, weighted by how much each tells (``words.weight``: fixed, so adding a text changes no
other's); nearness is the cosine. Postings are kept in segments of growing size: adding a page costs in proportion to
the page, and a query looks only at the postings of its own words. The k best are the k best: nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askcv_pipelines.dedup.words import terms_of

FLOOR = 0.12
"""Nearness below which a text is no candidate."""
MERGED = 6
"""Segments of one size that are made one."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Segment:
    """Postings of the texts from ``first``: for each of ``terms`` (ascending) the texts that hold it."""

    first: int
    size: int
    terms: Ints
    bounds: npt.NDArray[np.int64]
    texts: Ints
    weights: Floats


class TextIndex:
    """The known texts of one domain, numbered from 0 in the order they were added."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._segments: list[_Segment] = []
        self.size = 0

    def add(self, texts: Sequence[str]) -> None:
        """Adds texts at the end."""
        if not texts:
            return
        segment = self._segment(texts)
        self.size += len(texts)
        self._segments.append(segment)
        while (count := _same_size(self._segments)) >= MERGED:
            self._segments[-count:] = [_merged(self._segments[-count:])]

    def nearest(self, text: str, k: int) -> list[tuple[int, float]]:
        """The ``k`` nearest texts and their nearness, the nearest first; of equally near ones the earlier first."""
        terms = terms_of(text)
        numbers = [(self._terms[term], weight) for term, weight in terms.items() if term in self._terms]
        length = sum(weight * weight for weight in terms.values()) ** 0.5
        if not numbers or not length:
            return []
        wanted = np.array([number for number, _ in numbers], dtype=np.int32)
        weights = np.array([weight / length for _, weight in numbers], dtype=np.float32)
        found: list[tuple[int, float]] = []
        for segment in self._segments:
            found.extend(_nearest_in(segment, wanted, weights, k))
        found.sort(key=lambda entry: (-entry[1], entry[0]))
        return found[:k]

    def _segment(self, texts: Sequence[str]) -> _Segment:
        numbers: list[int] = []
        weights: list[float] = []
        counts = np.zeros(len(texts), dtype=np.int64)
        known = self._terms
        for row, text in enumerate(texts):
            terms = terms_of(text)
            numbers.extend([known.setdefault(term, len(known)) for term in terms])
            weights.extend(terms.values())
            counts[row] = len(terms)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
        values = np.array(weights, dtype=np.float32)
        lengths = np.sqrt(np.bincount(rows, values * values, minlength=len(texts)))
        values /= np.maximum(lengths, 1e-9).astype(np.float32)[rows]
        return _postings(self.size, len(texts), np.array(numbers, dtype=np.int32), rows, values)


def _postings(first: int, size: int, numbers: Ints, rows: Ints, values: Floats) -> _Segment:
    order = np.argsort(numbers, kind="stable")
    numbers, rows, values = numbers[order], rows[order], values[order]
    terms, starts = np.unique(numbers, return_index=True)
    bounds = np.append(starts, len(numbers)).astype(np.int64)
    return _Segment(first, size, terms, bounds, rows, values)


def _nearest_in(segment: _Segment, wanted: Ints, weights: Floats, k: int) -> list[tuple[int, float]]:
    places = np.searchsorted(segment.terms, wanted)
    places[places == len(segment.terms)] = 0
    held = np.flatnonzero(segment.terms[places] == wanted) if len(segment.terms) else ()
    if not len(held):
        return []
    slices = [(segment.bounds[place], segment.bounds[place + 1]) for place in places[held]]
    texts = np.concatenate([segment.texts[a:b] for a, b in slices])
    values = np.concatenate(
        [segment.weights[a:b] * weight for (a, b), weight in zip(slices, weights[held], strict=True)]
    )
    scores = np.bincount(texts, values, minlength=segment.size)
    near = np.flatnonzero(scores >= FLOOR)
    if len(near) > k:
        cut = np.partition(scores[near], len(near) - k)[len(near) - k]
        near = near[scores[near] >= cut]  # all that are as near as the k-th: the earlier ones are chosen later
    return [(segment.first + int(row), round(float(scores[row]), 6)) for row in near]


def _same_size(segments: Sequence[_Segment]) -> int:
    """How many segments at the end are of one order of size."""
    size = segments[-1].size
    count = 0
    for segment in reversed(segments):
        if segment.size > size * MERGED:
            break
        size = max(size, segment.size)
        count += 1
    return count


def _merged(segments: Sequence[_Segment]) -> _Segment:
    first = segments[0].first
    numbers = np.concatenate([np.repeat(s.terms, np.diff(s.bounds)) for s in segments])
    rows = np.concatenate([s.texts + np.int32(s.first - first) for s in segments])
    values = np.concatenate([s.weights for s in segments])
    return _postings(first, sum(s.size for s in segments), numbers, rows, values)
