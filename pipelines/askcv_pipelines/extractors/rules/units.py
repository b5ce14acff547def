"""Units: the sentences, bullets and cells that are decided on, each a slice of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from askcv_pipelines.extractors.rules.words import BASE
from askcv_pipelines.values import Block, Document

BREAK = re.compile(r"\s*<br\s*/?>\s*|;\s+(?=\S)", re.IGNORECASE)
COMMA = re.compile(r",\s+(?=[a-z])")
IMAGE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,400}\)(?:\{[^}\n]{0,80}\})?")
MARKUP = re.compile(
    r"\[([^\]\n]{0,200})\]\([^)\s]{1,400}\)|[*`~]{1,3}(?=\S)|(?<=\S)[*`~]{1,3}|"
    r"(?<![^\W_])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![^\W_])|<[^<>\n]{1,200}>|\\(?=\W)",
)
MARKS = re.compile(r"[\[*`~_<\\]")
"""Every markup has one of them."""
WORD = re.compile(r"[^\W_]+(?:['’.+#/-][^\W_]+)*[+#]*|[@?!]")
CONTENT = re.compile(r"[^\W\d_]{2}|\b[A-Z](?:\+\+|#)")
SHARD = re.compile(r"\W*(?:\d{1,3}|[A-Za-z](?!\+\+|#))[.)]?\W*\Z|\[[^\]]*\]\W*\Z")
SUGGESTION = re.compile(r"(?:```|~~~)suggestion[^\n]*\n[ \t]*(\S[^\n]*)")
LONGEST = 1_500
"""Longer passages are no sentence but a dump."""


@dataclass(frozen=True, slots=True)
class Unit:
    """``document.text[start:end]`` in ``document.blocks[block]``; ``plain`` is its text without markup, folded."""

    start: int
    end: int
    block: int
    plain: str
    words: tuple[str, ...]
    first: bool
    suggestion: bool = False


def plain_text(text: str) -> str:
    """Text without Markdown or HTML markup and without images, white space folded."""
    if MARKS.search(text):
        text = MARKUP.sub(lambda m: m[1] or "", IMAGE.sub("", text))
    return " ".join(text.split())


def units(document: Document) -> Iterator[Unit]:
    """In reading order. Quotes of mail and of code review, code and navigation have none."""
    skipped = {"code", "diff", "signature", "template", "furniture"}
    if document.kind == "code_review":
        skipped.add("quote")
    last = -1
    suggestions = _suggestions(document) if document.kind == "code_review" else []
    for sentence in document.sentences:
        while suggestions and suggestions[0].start < sentence.start:
            yield suggestions.pop(0)
        block = document.blocks[sentence.block]
        if block.zone in skipped or sentence.end - sentence.start > LONGEST:
            continue
        for start, end in _parts(document.text, sentence.start, sentence.end, block):
            piece = document.text[start:end]
            plain = plain_text(piece)
            if SHARD.match(piece) or not CONTENT.search(plain):
                continue
            words = tuple(w.lower().replace("’", "'") for w in WORD.findall(plain))
            if words:
                yield Unit(start, end, sentence.block, plain, words, sentence.block != last)
                last = sentence.block
    yield from suggestions


def _suggestions(document: Document) -> list[Unit]:
    """The first line of each suggested change: what a reviewer asks the code to be."""
    made = []
    for index, block in enumerate(document.blocks):
        if (
            block.kind == "code"
            and block.zone == "code"
            and (found := SUGGESTION.match(document.text, block.start, block.end))
        ):
            plain = plain_text(found[1])
            words = tuple(w.lower() for w in WORD.findall(plain))
            if words:
                made.append(Unit(found.start(1), found.end(1), index, plain, words, True, suggestion=True))
    return made


def _parts(text: str, start: int, end: int, block: Block) -> Iterator[tuple[int, int]]:
    """A cell or bullet of several tasks is as many units; prose stays whole."""
    if block.kind not in {"cell", "item"}:
        yield start, end
        return
    pieces = _split(text, start, end, BREAK)
    for at, stop in pieces:
        if block.kind == "cell" and stop - at > 30:
            commas = _split(text, at, stop, COMMA)
            if len(commas) > 1 and all(_imperative(text[a:b]) for a, b in commas):
                yield from commas
                continue
        yield at, stop


def _split(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces = []
    at = start
    for found in pattern.finditer(text, start, end):
        if found.start() > at:
            pieces.append((at, found.start()))
        at = found.end()
    if at < end:
        pieces.append((at, end))
    return pieces


def _imperative(text: str) -> bool:
    first = WORD.match(text.strip())
    return bool(first and (first[0].lower() in BASE or first[0].lower() == "more"))
