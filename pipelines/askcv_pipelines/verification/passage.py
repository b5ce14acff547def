"""A passage and what stands around it: what may prove a claim."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.fields import SIGNED
from askcv_pipelines.extractors.rules.people import NO_NAME
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.values import Block, Document
from askcv_pipelines.verification.words import plain, stems_of, words_of

REPORTED = re.compile(
    r"[\W_]*([A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|de|van|der|von|da)){0,3}) (?:also |later |then )?"
    r"(?:sa(?:id|ys)|wr(?:ote|ites)|t(?:old|ells)|not(?:ed|es)|added|praise[ds]|thank(?:ed|s)|th(?:ought|inks)|"
    r"f(?:ound|inds)|report(?:ed|s)|comment(?:ed|s)|mention(?:ed|s)|remark(?:ed|s)|stat(?:ed|es)|calls|called)\b"
)


@dataclass(frozen=True)
class Passage:
    """``document.text[start:end]`` and what is known of it. ``said`` is who says it, where that is known; ``subject``
    matches the subject's names; ``masks`` are those that a model saw in the place of stretches of the quote."""

    document: Document = field(repr=False)
    start: int
    end: int
    said: str = ""
    subject: re.Pattern[str] | None = None
    masks: str = ""

    def spoken(self, units: Sequence[Facts]) -> Passage:
        """The same, with who says it, as far as its units and blocks tell."""
        told = REPORTED.match(self.sentence)
        if told and told[1].lower() not in NO_NAME and not (self.subject and self.subject.match(told[1])):
            return replace(self, said=told[1])
        text = self.document.text
        signed = SIGNED.search(text[self.start : text.find("\n", self.end) if "\n" in text[self.end :] else None])
        if signed:
            return replace(self, said=signed[1])
        named = [*(fact.said_by for fact in units), *(block.speaker for block in self.blocks)]
        return replace(self, said=next((who for who in named if who and who != "reviewer"), ""))

    @cached_property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    @cached_property
    def whole(self) -> tuple[int, int]:
        """From the beginning of its first sentence to the end of its last; itself where no sentence holds it."""
        sentences = self.document.sentences
        first = bisect_right(sentences, self.start, key=lambda each: each.end)
        last = bisect_left(sentences, self.end, key=lambda each: each.start)
        return (sentences[first].start, sentences[last - 1].end) if first < last else (self.start, self.end)

    @cached_property
    def sentence(self) -> str:
        """Its whole sentences, without markup."""
        start, end = self.whole
        return plain(plain_text(self.document.text[start:end]))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        found = self.document.blocks
        numbers = self._numbers
        return tuple(found[n] for n in numbers)

    @cached_property
    def headings(self) -> str:
        return " ".join(dict.fromkeys(h for b in self.blocks for h in (*b.section, b.header or "") if h))

    @cached_property
    def own(self) -> str:
        """What the quote itself says."""
        return plain(f"{self.quote} \n {self.masks}")

    @cached_property
    def near(self) -> str:
        """What proves a figure or name: the quote, its headings, the subject's names."""
        return plain(f"{self.quote} \n {self.headings} \n {' '.join(self.document.subject.names)} \n {self.masks}")

    @cached_property
    def told(self) -> str:
        """What proves prose: the whole sentences, their headings, the other cells of a table's row."""
        return plain(f"{self.sentence} \n {self.row} \n {self.near}")

    @cached_property
    def row(self) -> str:
        """The cells of the table row that it stands in."""
        rows = {block.row for block in self.blocks} - {None}
        return " ".join(self.document.slice(b) for b in self.document.blocks if b.row in rows) if rows else ""

    @cached_property
    def beside(self) -> str:
        """The quote, and the blocks right beside it in its section."""
        blocks, at = self.document.blocks, self._numbers
        around = range(max(0, at[0] - 1), min(len(blocks), at[-1] + 2)) if at else ()
        own = {block.section for block in self.blocks}
        return plain(
            f"{self.near} {self.row} "
            + " ".join(self.document.slice(blocks[n]) for n in around if blocks[n].section in own)
        )

    @cached_property
    def section(self) -> str:
        """Everything under its headings, and these."""
        own = {block.section for block in self.blocks}
        return plain(" ".join((self.told, *(self.document.slice(b) for b in self.document.blocks if b.section in own))))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Of what proves a name. Its parts are the same for many passages."""
        return stems_of(self.own).union(stems_of(plain(self.headings)), *map(stems_of, self.document.subject.names))

    @cached_property
    def section_stems(self) -> frozenset[str]:
        return stems_of(self.section)

    @cached_property
    def words(self) -> frozenset[str]:
        return words_of(self.near)

    @property
    def anchor(self) -> str | None:
        return self.document.date_at(self.start)

    @cached_property
    def _numbers(self) -> range:
        """The blocks that it touches, by their place."""
        blocks = self.document.blocks
        first = bisect_right(blocks, self.start, key=lambda each: each.end)
        return range(first, max(first, bisect_left(blocks, self.end, key=lambda each: each.start)))
