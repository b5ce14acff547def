"""A document's text as it may leave this machine, with the way back: each stretch of it is known by its source's."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from askcv_pipelines.redact import Finding, Redactor, mask_of

PASSES = 8
"""Masks can end a word that hid something else: the text is searched until nothing is found, so many times at most."""


class Piece(NamedTuple):
    """``text[at:until]`` stands for ``source[start:end]``; a ``mask`` does so as a whole."""

    at: int
    until: int
    start: int
    end: int
    mask: bool


@dataclass(frozen=True)
class Masked:
    """``text`` is what may leave; ``pieces`` are in order and without gaps."""

    text: str
    pieces: tuple[Piece, ...]

    @cached_property
    def _starts(self) -> tuple[list[int], list[int]]:
        return [piece.at for piece in self.pieces], [piece.start for piece in self.pieces]

    def source(self, at: int, until: int) -> tuple[int, int]:
        """The source's interval of a stretch; a mask that it touches belongs to it whole."""
        first, last = self._piece(at, 0), self._piece(max(at, until - 1), 0)
        start = first.start if first.mask else first.start + at - first.at
        end = last.end if last.mask else last.start + until - last.at
        return start, end

    def here(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the source stands in this text."""
        first, last = self._piece(start, 1), self._piece(max(start, end - 1), 1)
        at = first.at if first.mask else first.at + start - first.start
        until = last.until if last.mask else last.at + end - last.start
        return at, until

    def _piece(self, place: int, of: int) -> Piece:
        return self.pieces[max(0, bisect_right(self._starts[of], place) - 1)]


def masked(source: str, redactor: Redactor) -> Masked:
    """The text with everything masked that the redactor finds, also in what masking leaves."""
    findings = redactor.findings(source)
    for _ in range(PASSES):
        made = _built(source, findings)
        more = redactor.findings(made.text) if findings else []
        if not more:
            return made
        again = [Finding(*made.source(start, end), kind) for start, end, kind in more]
        findings = _merged([*findings, *again])
    return _built(source, [Finding(0, len(source), "secret")])  # made to have findings without end: nothing leaves


def _merged(findings: list[Finding]) -> list[Finding]:
    merged: list[Finding] = []
    for finding in sorted(findings):
        if merged and finding.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = last._replace(end=max(last.end, finding.end))
        else:
            merged.append(finding)
    return merged


def _built(source: str, findings: list[Finding]) -> Masked:
    parts: list[str] = []
    pieces: list[Piece] = []
    at = begin = 0

    def add(text: str, start: int, end: int, mask: bool) -> None:
        nonlocal at
        parts.append(text)
        pieces.append(Piece(at, at + len(text), start, end, mask))
        at += len(text)

    for start, end, kind in findings:
        if start > begin:
            add(source[begin:start], begin, start, False)
        add(mask_of(kind), start, end, True)
        begin = end
    if begin < len(source) or not pieces:
        add(source[begin:], begin, len(source), False)
    return Masked("".join(parts), tuple(pieces))
