"""How the words of two texts answer each other: what both say, what only one says, and what stands in whose place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from askcv_pipelines.dedup.words import Word, alike, surely_alike, synonyms

TELLING = 0.3
"""Weight from which another word in its place may be another thing."""


@dataclass(frozen=True)
class Said:
    """The words of a text, ready to be compared with many others. What is derived is made once."""

    words: tuple[Word, ...]

    @cached_property
    def telling(self) -> tuple[Word, ...]:
        """The words that tell something, in order."""
        return tuple(word for word in self.words if word.weight)

    @cached_property
    def by_stem(self) -> Mapping[str, Word]:
        """The same by their stem, as each is first written; as a name, where it ever is one."""
        found: dict[str, Word] = {}
        for word in self.telling:
            known = found.setdefault(word.stem, word)
            if word.proper and not known.proper:
                found[word.stem] = word
        return found

    @cached_property
    def weight(self) -> float:
        return sum(word.weight for word in self.by_stem.values())

    @cached_property
    def plain(self) -> frozenset[str]:
        """Stems that another can stand for: not codes."""
        return frozenset(stem for stem, word in self.by_stem.items() if not word.code)

    @cached_property
    def by_beginning(self) -> Mapping[str, Sequence[str]]:
        """Plain stems by their first three letters: those that begin alike share them."""
        found = defaultdict(list)
        for stem in self.plain:
            found[stem[:3]].append(stem)
        return dict(found)

    @cached_property
    def initials(self) -> str:
        return "".join(word.stem[0] for word in self.telling)

    @cached_property
    def compounds(self) -> Mapping[str, Sequence[tuple[Word, Word]]]:
        """Neighbours by what they make written as one word."""
        found = defaultdict(list)
        for first, second in pairwise(self.telling):
            found[first.written.lower() + second.written.lower()].append((first, second))
        return dict(found)


@dataclass(frozen=True)
class Alignment:
    """``ours`` and ``theirs`` are the shares of each text's weight that the other says too, 0 to 1. ``left`` and
    ``right`` are the words that only one says; ``swapped`` those of them that stand in each other's place; ``loose``
    the telling words that say the same in one of their senses."""

    ours: float
    theirs: float
    shared: frozenset[str]
    left: tuple[Word, ...]
    right: tuple[Word, ...]
    swapped: tuple[tuple[Word, Word], ...]
    loose: tuple[tuple[Word, Word], ...] = ()


def align(one: Said, other: Said) -> Alignment:
    """Compares two texts word by word, whatever the order."""
    ours, theirs = one.by_stem, other.by_stem
    matched = dict.fromkeys(ours.keys() & theirs.keys(), 1.0)
    shared = frozenset(matched)
    answered = dict(matched)  # of theirs
    pairs: dict[str, str] = {stem: stem for stem in matched}
    loose: list[tuple[Word, Word]] = []
    for stem in [stem for stem in ours if stem not in matched]:
        if ours[stem].code:
            continue
        found, best = _most_alike(stem, other)
        if found >= 0.6:
            matched[stem], pairs[stem] = found, best
            answered[best] = max(answered.get(best, 0.0), found)
            if not surely_alike(stem, best) and min(ours[stem].weight, theirs[best].weight) > TELLING:
                loose.append((ours[stem], theirs[best]))
    for mine, yours, here, there in ((one, other, matched, answered), (other, one, answered, matched)):
        _spell_out(mine, yours, here, there)
    left = tuple(word for stem, word in ours.items() if stem not in matched)
    right = tuple(word for stem, word in theirs.items() if stem not in answered)
    swapped = _swapped(one, other, left, right, pairs)
    return Alignment(_share(one, matched), _share(other, answered), shared, left, right, swapped, tuple(loose))


def _most_alike(stem: str, other: Said) -> tuple[float, str]:
    """The stem of the other text that is most like this one. Only synonyms and what begins alike can be."""
    synonymous = synonyms(stem) & other.plain
    beginning = other.by_beginning.get(stem[:3], ())
    if not synonymous and not beginning:
        return 0.0, ""
    return max((alike(stem, s), s) for s in (*synonymous, *beginning))


def _share(said: Said, matched: Mapping[str, float]) -> float:
    if not said.weight:
        return 0.0
    return sum(word.weight * matched.get(stem, 0.0) for stem, word in said.by_stem.items()) / said.weight


def _spell_out(mine: Said, yours: Said, here: dict[str, float], there: dict[str, float]) -> None:
    """Abbreviations in capitals answer the words they are made of ("CNCF"); and a word written as two answers both."""
    for stem, word in mine.by_stem.items():
        if stem in here:
            continue
        letters = stem.replace(".", "").replace("&", "") if word.written[:2].isupper() else ""
        if 2 <= len(letters) <= 7 and (at := yours.initials.find(letters)) >= 0:
            here[stem] = 0.9
            there.update({w.stem: max(0.9, there.get(w.stem, 0.0)) for w in yours.telling[at : at + len(letters)]})
        elif len(stem) >= 6:
            for first, second in yours.compounds.get(word.written.lower(), ()):
                here[stem] = there[first.stem] = there[second.stem] = 1.0


def _swapped(
    one: Said, other: Said, left: Sequence[Word], right: Sequence[Word], pairs: Mapping[str, str]
) -> tuple[tuple[Word, Word], ...]:
    """Words that only one says, beside the same neighbour: one stands where the other stood."""
    yours = _places(other, right)
    found: dict[tuple[str, str], tuple[Word, Word]] = {}
    for word, before, after in _places(one, left):
        previous, following = pairs.get(before), pairs.get(after)  # as the other text says them
        if previous is None and following is None:
            continue
        for there, first, second in yours:
            if first == previous or second == following:
                found.setdefault((word.stem, there.stem), (word, there))
    return tuple(found.values())


def _places(said: Said, only: Sequence[Word]) -> list[tuple[Word, str, str]]:
    """Each of the words with the stems right beside it, in its clause, that are not among them."""
    lone = {word.stem for word in only}
    telling = said.telling
    return [
        (word, _beside(telling, at, -1, lone), _beside(telling, at, 1, lone))
        for at, word in enumerate(telling)
        if word.stem in lone
    ]


def _beside(words: Sequence[Word], at: int, step: int, lone: set[str]) -> str:
    if not 0 <= at + step < len(words):
        return ""
    other = words[at + step]
    return other.stem if other.clause == words[at].clause and other.stem not in lone else ""
