"""Invented knowledge entries for measuring: a seeded grammar over some thousand words, drawn as in real texts.

The commonest word stands in one of ten entries, the hundredth in one of sixty, as in real entries.
"""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Sequence
from importlib.resources import files
from itertools import accumulate

WORDS, NAMES, SHIFT = 6000, 4000, 16
VERBS = (
    "built wrote reviewed led introduced reduced moved planned tested documented taught measured organised automated "
    "replaced shipped fixed presented negotiated designed added prepared found made ran set kept improved raised "
    "trained merged opened closed chose drafted helped supported checked cleaned"
).split()
UNITS = ("%", "%", "", "", " hours", " days", " EUR", "x", " {w}", " {w}", " {w}s", " {w}s")
FRAMES = (
    "{v} the {w} {w} of {n} with {w} {w}, so that {w} {w} {w} by {f}.",
    "{v} {w} {w} for the {w} {w} and {v} its {w}; {w} {w} from {f} to {f}.",
    "In {m} {y}, {v} {w} {w} at {n} without {w} {w}.",
    "{v} {f} of {w} {w} into {n} and {w} the {w} {w} {w}.",
    "After {w} {w}, {v} how {n} {w} {w} {w} and {w}.",
    "{v} a {w} {w} that {w} {w} {w}; {f} of {w} {w} then.",
    "{v} the {w} {w} and its {w} after {w} was {w} by {w} {w}.",
    "As {w} of {n}, {v} {w} with {w} {w} on {w} {w}.",
)
PLACE = re.compile(r"\{(\w)\}")
FIGURE = re.compile(r"\d{1,3}(?!\d)")  # no year
MONTHS = "January March April June July September October November".split()


def entries(count: int, seed: int) -> list[dict[str, str]]:
    """``count`` payloads of knowledge entries; the same for the same seed."""
    grammar = _Grammar(seed)
    return [grammar.entry() for _ in range(count)]


def near_copies(known: Sequence[dict[str, str]], count: int, seed: int) -> list[dict[str, str]]:
    """Entries that repeat a known one: as it is, or with one word, figure or clause changed, or in another order."""
    grammar = _Grammar(seed)
    return [grammar.changed(known[grammar.random.randrange(len(known))]) for _ in range(count)]


class _Grammar:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words, self._names = _vocabulary()
        self._ranks = list(accumulate(1 / (rank + SHIFT) for rank in range(1, WORDS + 1)))

    def entry(self) -> dict[str, str]:
        content = self._sentence()
        if self.random.random() < 0.3:
            content += " " + self._sentence()
        payload = {"title": f"{self._word().capitalize()} {self._word()} of {self._name()}", "content": content}
        if self.random.random() < 0.2:
            payload["organization"] = self._name()
        if self.random.random() < 0.1:
            payload["occurredOn"] = f"{self.random.randrange(2012, 2026)}-{self.random.randrange(1, 13):02}"
        return payload

    def changed(self, payload: dict[str, str]) -> dict[str, str]:
        words = payload["content"].split()
        at = self.random.randrange(1, len(words) - 1)
        match self.random.randrange(5):
            case 1:
                words[at] = self._word()
            case 2:
                words = [self._figure() if FIGURE.match(word) else word for word in words]
            case 3:
                words = [*words[at:], *words[:at]]
            case 4:
                words.append(f"This was {self._word()} {self._word()}.")
        return payload | {"content": " ".join(words)}

    def _sentence(self) -> str:
        text = self._filled(self.random.choice(FRAMES))
        return text[0].upper() + text[1:]

    def _filled(self, frame: str) -> str:
        """The frame with something in each place."""
        made = {"v": self._verb, "w": self._word, "n": self._name, "f": self._figure, "m": self._month, "y": self._year}
        return PLACE.sub(lambda found: made[found[1]](), frame)

    def _word(self) -> str:
        return self.random.choices(self._words, cum_weights=self._ranks)[0]

    def _name(self) -> str:
        return self.random.choices(self._names, cum_weights=self._ranks[:NAMES])[0]

    def _verb(self) -> str:
        return self.random.choice(VERBS)

    def _month(self) -> str:
        return self.random.choice(MONTHS)

    def _year(self) -> str:
        return str(self.random.randrange(2012, 2026))

    def _figure(self) -> str:
        amount = self.random.choice((2, 3, 5, 10, 12, 15, 20, 25, 30, 40, 50, 75, 90, 120, 300))
        return self._filled(f"{amount}{self.random.choice(UNITS)}")


def _vocabulary() -> tuple[list[str], list[str]]:
    """Words in the order of how often they are met, and invented names."""
    raw = gzip.decompress((files("askcv_pipelines.dedup") / "words.tsv.gz").read_bytes()).decode()
    rows = [line.split("\t")[:2] for line in raw.splitlines()]
    rows = [(word, int(met)) for word, met in rows if word.isalpha() and 3 < len(word) < 12 and int(met) < 400]
    words = [word for word, _ in sorted(rows, key=lambda row: (-row[1], row[0]))[:WORDS]]
    made = random.Random(7)
    syllables = [a + b for a in "b d f g k l m n p r s t v z".split() for b in "a e i o u an er ix ol um".split()]
    names: dict[str, None] = {}
    while len(names) < NAMES:
        name = "".join(made.choices(syllables, k=made.randrange(2, 4)))
        names[name.capitalize() + made.choice(("", "", "", "Flow", "DB", "Stack"))] = None
    return words, list(names)
