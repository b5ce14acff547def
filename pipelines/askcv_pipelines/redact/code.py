"""Blocks of code in free text: fenced, marked up, or several lines that only code has. Names of functions stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_FENCE = re.compile(r"(?P<mark>`{3,8}|~{3,8})[^\n`~]{0,80}")
_MARKED_UP = re.compile(r"<(pre|code)\b[^>\n]{0,200}>", re.IGNORECASE)
_LINE = re.compile(
    r"[ \t]{0,40}(?:"
    r"(?:async )?def \w{1,80}\(|class \w{1,80}[(:]|import [\w.]{1,100}(?: as \w{1,80})?$|from [\w.]{1,100} import |"
    r"@\w[\w.]{0,100}(?:\(|$)|(?:pass|break|continue)$|return\b[^!?\n]{0,100}[\w)\]};]$|"
    r"(?:if|elif|while|for|with|else|try|except|finally)\b[^.!?]{0,100}:$|"
    r"(?:const|let|var|public|private|protected|static|final|func|fn|int|void|struct) .{0,120}[;{(,)]$|#include\b|"
    r"SELECT .{1,200}|FROM \w|WHERE .{1,200};?$|INSERT INTO |UPDATE \w{1,80} SET |\$ \w|>>> |"
    r"(?:sudo|docker|kubectl|git|npm|pip|make|cd|curl|apt-get) [\w.-].{0,160}$|"
    r"[\w.\[\]\"'>-]{1,80} ?(?:[-+*/|]?=|:=) ?\S.{0,160}$|"
    r"[\w.]{1,80}\([^\n]{0,120}\)[;:,]?$|[\w.]{1,80}\([^\n]{0,120};$|"
    r"[})\]]{1,4}[;,]?$|[{\[(]{1,2}$|[\"'][\w.-]{1,60}[\"'] ?: ?\S.{0,160}$|.{0,160}[{]$|</?\w[^>]{0,100}>$)",
)
_STRONG = re.compile(
    r"[;{}=()\[\]<>]|\b(?:def|import|SELECT|FROM|WHERE|return)\b|\$ |\A\s{0,40}(?:"
    r"(?:if|elif|else|while|for|with|try|except|finally)\b.{0,200}:\Z|"
    r"(?:sudo|docker|kubectl|git|npm|pip|curl|apt-get) [\w-]|[\"'][\w.-]{1,60}[\"'] ?:)|"
    r"\A\s{1,40}(?:pass|break|continue)\Z"
)


def find_code(text: str) -> Iterator[Span]:
    """Where blocks of code stand; spans may overlap."""
    if "```" in text or "~~~" in text:
        yield from _fenced(text)
    if "\n" not in text:
        return
    if "<" in text:
        yield from _marked_up(text)
    yield from _plain(text)


def _fenced(text: str) -> Iterator[Span]:
    at = 0
    while opened := _FENCE.search(text, at):
        closed = text.find(opened["mark"], opened.end("mark"))
        end = len(text) if closed < 0 else closed + len(opened["mark"])
        yield opened.start(), end
        at = end


def _marked_up(text: str) -> Iterator[Span]:
    at, closings = 0, {name: re.compile(f"</{name}>", re.IGNORECASE) for name in ("pre", "code")}
    while opened := _MARKED_UP.search(text, at):
        closed = closings[opened[1].lower()].search(text, opened.end())
        at = closed.end() if closed else len(text)
        if "\n" in text[opened.start() : at]:
            yield opened.start(), at


def _plain(text: str) -> Iterator[Span]:
    """Two or more lines in a row that have the form of code; empty ones between them count for nothing."""
    at, begin, last, count = 0, 0, 0, 0
    for line in [*text.split("\n"), "."]:
        if _LINE.match(line.rstrip()) and _STRONG.search(line.rstrip()):
            begin, count = (begin, count + 1) if count else (at, 1)
            last = at + len(line.rstrip())
        elif line.strip():
            if count >= 2:
                yield begin, last
            count = 0
        at += len(line) + 1
