"""How the words of two texts answer each other: what both say, what only one says, and what stands in whose place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from askcv_pipelines.dedup.words import Word, alike


@dataclass(frozen=True)
class Alignment:
    """``ours`` and ``theirs`` are the shares of each text's weight that the other says too, 0 to 1. ``left`` and
    ``right`` are the words that only one says; ``swapped`` those of them that stand in each other's place."""

    ours: float
    theirs: float
    shared: frozenset[str]
    left: tuple[Word, ...]
    right: tuple[Word, ...]
    swapped: tuple[tuple[Word, Word], ...]


def align(one: Sequence[Word], other: Sequence[Word]) -> Alignment:
    """Compares two texts word by word, whatever the order."""
    ours, theirs = _telling(one), _telling(other)
    matched = dict.fromkeys(ours.keys() & theirs.keys(), 1.0)
    shared = frozenset(matched)
    answered = dict(matched)  # of theirs
    pairs: dict[str, str] = {stem: stem for stem in matched}
    for stem in [stem for stem in ours if stem not in matched]:
        if ours[stem].code:
            continue
        plain = (s for s, word in theirs.items() if not word.code)
        found, best = max(((alike(stem, s), s) for s in plain), default=(0.0, ""))
        if found >= 0.6:
            matched[stem], pairs[stem] = found, best
            answered[best] = max(answered.get(best, 0.0), found)
    for mine, yours, here, there in ((ours, other, matched, answered), (theirs, one, answered, matched)):
        _spell_out(mine, yours, here, there)
    left = tuple(word for stem, word in ours.items() if stem not in matched)
    right = tuple(word for stem, word in theirs.items() if stem not in answered)
    return Alignment(
        _share(ours, matched), _share(theirs, answered), shared, left, right, _swapped(one, other, left, right, pairs)
    )


def _telling(words: Sequence[Word]) -> dict[str, Word]:
    found: dict[str, Word] = {}
    for word in words:
        if word.weight:
            known = found.setdefault(word.stem, word)
            if word.proper and not known.proper:
                found[word.stem] = word
    return found


def _share(words: dict[str, Word], matched: dict[str, float]) -> float:
    whole = sum(word.weight for word in words.values())
    return sum(word.weight * matched.get(stem, 0.0) for stem, word in words.items()) / whole if whole else 0.0


def _spell_out(mine: dict[str, Word], yours: Sequence[Word], here: dict[str, float], there: dict[str, float]) -> None:
    """Abbreviations in capitals answer the words they are made of ("CNCF"); and a word written as two answers both."""
    telling = [word for word in yours if word.weight]
    initials = "".join(word.stem[0] for word in telling)
    for stem, word in mine.items():
        if stem in here:
            continue
        letters = stem.replace(".", "").replace("&", "")
        if word.written[:2].isupper() and 2 <= len(letters) <= 7 and (at := initials.find(letters)) >= 0:
            here[stem] = 0.9
            there.update({w.stem: max(0.9, there.get(w.stem, 0.0)) for w in telling[at : at + len(letters)]})
        elif len(stem) >= 6:
            for first, second in pairwise(telling):
                if word.written.lower() == first.written.lower() + second.written.lower():
                    here[stem] = there[first.stem] = there[second.stem] = 1.0


def _swapped(
    one: Sequence[Word], other: Sequence[Word], left: Sequence[Word], right: Sequence[Word], pairs: dict[str, str]
) -> tuple[tuple[Word, Word], ...]:
    """Words that only one says, beside the same neighbour: one stands where the other stood."""
    mine, yours = _places(one, left), _places(other, right)
    found: dict[tuple[str, str], tuple[Word, Word]] = {}
    for word, before, after in mine:
        for there, previous, following in yours:
            beside = (before and pairs.get(before) == previous) or (after and pairs.get(after) == following)
            if beside:
                found.setdefault((word.stem, there.stem), (word, there))
    return tuple(found.values())


def _places(words: Sequence[Word], only: Sequence[Word]) -> list[tuple[Word, str, str]]:
    """Each of the words with the stems right beside it, in its clause, that are not among them."""
    lone = {word.stem for word in only}
    telling = [word for word in words if word.weight]
    found = []
    for at, word in enumerate(telling):
        if word.stem in lone:
            found.append((word, _beside(telling, at, -1, lone), _beside(telling, at, 1, lone)))
    return found


def _beside(words: Sequence[Word], at: int, step: int, lone: set[str]) -> str:
    if not 0 <= at + step < len(words):
        return ""
    other = words[at + step]
    return other.stem if other.clause == words[at].clause and other.stem not in lone else ""
