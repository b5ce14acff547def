"""Whole words of a text, however they are written: letter case, forms of Unicode, white space and dashes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

Span = tuple[int, int]

BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
"""Scripts that put no space between words: a word of theirs stands anywhere."""
_APOSTROPHE = str.maketrans("’ʼ", "''")


def folded(text: str) -> str:
    """A word or a phrase in the form in which it is compared."""
    return " ".join(_plain(text.translate(_APOSTROPHE)).split())


def _plain(text: str) -> str:
    """The text without forms of letters and without the marks on them: ``José`` is also written ``Jose``."""
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFKC", "".join(c for c in apart if not unicodedata.combining(c)))


def phrase(text: str, gap: str = r"\s{1,8}") -> str:
    """A pattern of a folded phrase as whole words."""
    words = (re.escape(word) for word in text.split(" "))
    before = "" if _WITHOUT_SPACES.match(text[0]) else BEFORE
    after = "" if _WITHOUT_SPACES.match(text[-1]) else AFTER
    return before + gap.join(words) + after


def one_of(patterns: Iterable[str]) -> str:
    """A pattern of any of them, the longer ones first."""
    return "(?:" + "|".join(sorted(patterns, key=lambda p: (-len(p), p))) + ")"


class Folding:
    """A text as it is compared, and where each place of it stands in the text itself."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] | None = None
        if text.isascii():
            self.text = text
            return
        plain = text.translate(_APOSTROPHE)
        self.text = _plain(plain)
        if self.text != plain:
            self._piecewise(plain)

    def spans(self, pattern: re.Pattern[str]) -> Iterator[Span]:
        """What a pattern matches, as spans of the text itself."""
        for found in pattern.finditer(self.text):
            if self._starts is None:
                yield found.span()
            else:
                yield self._starts[found.start()], self._starts[found.end()]

    def _piecewise(self, plain: str) -> None:
        """Normalises letter by letter, each with the marks that follow it."""
        parts: list[str] = []
        starts: list[int] = []
        at = 0
        while at < len(plain):
            end = at + 1
            while end < len(plain) and unicodedata.combining(plain[end]) and end - at < 32:
                end += 1
            parts.append(_plain(plain[at:end]))
            starts += [at] * len(parts[-1])
            at = end
        self.text = "".join(parts)
        self._starts = [*starts, len(plain)]
