"""Guards: what an item's fields may claim, given its quote. Each finding names the field and what is not there.

Figures must stand in the quote or the headings above it; so must the names in a title. People and organisations in
fields of their own must be named in the document. What a quote denies, or the words right before it, its title and its
text may not say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from askcv_pipelines.values import Document

Breach = Literal["figure_not_in_quote", "name_not_in_source", "negation_dropped"]

FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
NAME = re.compile(r"(?<![\w.])[^\W\d_a-z]\w*(?:[-'’.][^\W\d_]\w*)*")
WORD = re.compile(r"\w+(?:['’]\w+)?")
GROUPED = re.compile(r"(?<=\d)[,'’\u00a0\u202f](?=\d{3}(?!\d))")
"""What stands between thousands."""
COUNTS = {word: str(number) for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split())} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60",
    "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "thousand": "1000", "dozen": "12"}  # fmt: skip
"""Numbers in words."""
NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|without|cannot|hardly|barely|scarcely|seldom|rarely|failed to|unable to|lacks?|"
    r"lacked|(?:would|could|should|might) have)\b|n['’]t\b",
    re.IGNORECASE,
)
# Fields that are no claim about an amount: a date is resolved from the document, an address is an address.
NO_AMOUNT = frozenset({"due_on", "occurred_on", "start_date", "end_date", "given_on", "awarded_on", "issued_on",
                       "expires_on", "published_on", "last_used", "url"})  # fmt: skip
NAMED = ("organization", "institution", "issuer", "venue", "author", "owner", "requested_by", "project", "role")
WRITTEN = ("title", "metric")
"""Fields that say what the quote says: a name in them that the source does not have is invented."""


DENIABLE = ("title", "content", "description", "summary")
"""Fields that may say what the quote denies."""
CLAUSE = re.compile(r"[.,;:!?\n–—]|\b(?:and|but|or)\b")
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Passage:
    """What may prove a field: the quote, the headings above it, and the words of the whole document for who is who.
    ``before`` is what stands before the quote in its clause: a quote may begin behind a "not"."""

    quote: str
    headings: str
    words: frozenset[str]
    before: str = ""

    @classmethod
    def of(cls, document: Document, start: int, end: int) -> Passage:
        block = next((b for b in reversed(document.blocks) if b.start <= start), None)
        headings = " ".join((*(block.section if block else ()), *document.subject.names))
        before = CLAUSE.split(document.text[block.start : start])[-1] if block else ""
        return cls(document.text[start:end], headings, words_of(document), before)


@lru_cache(maxsize=4)
def words_of(document: Document) -> frozenset[str]:
    """The words of a document and its subject's names, in lower case."""
    return frozenset(word.lower() for word in WORD.findall(f"{document.text} {' '.join(document.subject.names)}"))


def breaches(passage: Passage, fields: Mapping[str, Any]) -> Iterator[tuple[Breach, str]]:
    """What the fields claim and the passage does not hold."""
    yield from (("figure_not_in_quote", found) for found in _figures(passage, fields))
    yield from (("name_not_in_source", found) for found in _names(passage, fields))
    said = passage.before + passage.quote
    for name in DENIABLE:
        value = fields.get(name)
        if isinstance(value, str) and (_denies(said, value) if name == "title" else _denied_in(said, value)):
            yield "negation_dropped", name


def _figures(passage: Passage, fields: Mapping[str, Any]) -> Iterator[str]:
    held = figures(f"{passage.quote} {passage.headings}")
    for name, value in fields.items():
        if name in NO_AMOUNT or value is None or isinstance(value, bool):
            continue
        texts = value if isinstance(value, list | tuple) else [value]
        for figure in (found for text in texts for found in FIGURE.findall(str(text))):
            if plain_figure(figure) not in held:
                yield f"{name}: {figure}"


def plain_figure(figure: str) -> str:
    """A figure as it compares: "1,200" is "1200", "3,5" is "3.5"; digits of other scripts are digits."""
    plain = GROUPED.sub("", figure.strip(".,"))
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in plain)
    return plain.replace(",", ".")


def figures(text: str) -> frozenset[str]:
    """The figures of a text, those in words included."""
    written = {plain_figure(found) for found in FIGURE.findall(GROUPED.sub("", text))}
    spelled = {COUNTS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in COUNTS}
    return frozenset(written | spelled | {found.strip(".,") for found in FIGURE.findall(text)})


def _names(passage: Passage, fields: Mapping[str, Any]) -> Iterator[str]:
    """Capitalised words that are not there. The first word of a title is capitalised by custom."""
    near = {word.lower() for word in WORD.findall(f"{passage.quote} {passage.headings}")}
    for field in (*NAMED, *WRITTEN):
        value = fields.get(field)
        if not isinstance(value, str):
            continue
        held = near if field in WRITTEN else passage.words
        for found in NAME.finditer(value):
            if field in WRITTEN and not value[: found.start()].strip(" \"'“(["):
                continue
            if not {word.lower() for word in WORD.findall(found[0])} <= held:
                yield f"{field}: {found[0]}"
                break


def _denied_in(quote: str, text: str) -> bool:
    """``_denies`` for prose: a sentence of it against a sentence of the quote."""
    return any(_denies(said, claimed) for said in SENTENCE.split(quote) for claimed in SENTENCE.split(text))


def _denies(quote: str, title: str) -> bool:
    """Whether the stretch of the quote that a title is made of is denied there, and not in the title."""
    claimed = [word.lower() for word in WORD.findall(title)]
    if not claimed or NEGATION.search(title):
        return False
    said = [(found[0].lower(), found.end()) for found in WORD.finditer(quote)]
    at = matched = last = 0
    for word in claimed:  # in the quote's order, each as early as it can stand
        place = next((n for n in range(at, len(said)) if said[n][0] == word), None)
        if place is not None:
            at, last, matched = place + 1, said[place][1], matched + 1
    return matched >= 0.6 * len(claimed) and bool(NEGATION.search(quote[:last]))
