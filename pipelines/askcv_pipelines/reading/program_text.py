"""Code and output of commands that stand unmarked among a message's own lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askcv_pipelines.reading.spans import Line, Span

LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|/\*.*?(?:\*/|\Z)|(?<=[\s;])//.*")
PROSE = re.compile(r"\b(?:[A-Za-z][a-z']* ){3}[A-Za-z][a-z']*\b")
"""Words in a row, as no statement has them outside of strings and comments."""

OUTPUT = re.compile(r"[ \t]*[\w./+-]{1,120}\.\w{1,6}:\d+(?::\d+)?:? \S")
PROMPT = re.compile(r"[ \t]*(?:\$|>>>) \S")
COMMENT = re.compile(r"[ \t]*(?:/\*[^\n]*|\*[^\n]*\*/)\Z")
STATEMENT = re.compile(
    r"[ \t]*(?:"
    r"[\])}]+[;,]?"  # closing brackets alone
    r"|[^\n]*[()\[\]=>{}][^\n]*[;{}]"  # ends as a statement or an opening block does
    r"|[}\s]*else\s*\{?"
    r"|(?:if|for|while|switch)\s*\([^\n]*"
    r"|(?:async )?def \w+\([^\n]*|class \w+[(:][^\n]*|(?:for \w+ in|with|elif) [^\n]*:"
    r"|return(?: \S+)?;|return [\w.]+\([^\n]*"
    r"|#\s*(?:include|define|ifn?def|endif)\b[^\n]*|import [\w.]+|from [\w.]+ import [^\n]*"
    r"|[.\w*][.\w>\[\]-]*\s*[-+|&]?=\s*[^\s=>][^\n]*"  # an assignment
    r"|[\w.:>-]+\((?!\d?\))[^()\n]*(?:\([^()\n]*\)[^()\n]*)*\);?"  # a call with arguments; name(3) is a manual's page
    r")\Z"
)
KEY = re.compile(r"[ \t]+(?:- )*(?:[\w'#$-]+:(?:[ \t]+\S+(?:[ \t]\S+)?)?|- [\w,.'-]+)\Z")
TOP_KEY = re.compile(r"[\w'#$-]+:\Z")
INDENTED = re.compile(r"(?:\t| {4})\s*(?![-*+•][ \t]|\d{1,2}[.)][ \t])\S")
LONGEST = 300
"""Longer lines are prose, or nothing that a person wrote."""


def code_spans(lines: Sequence[Line]) -> Iterator[Span]:
    """Where code stands among body lines, with the blank lines inside."""
    marks = list(_marks(lines))
    at = 0
    while at < len(lines):
        if not marks[at]:
            at += 1
            continue
        stop, last = at, at
        while stop < len(lines) and (marks[stop] or lines[stop].blank):  # blank lines inside belong to it
            last = stop if marks[stop] else last
            stop += 1
        if 2 in marks[at:stop] or _stands_alone(lines, at, last):
            yield Span(lines[at].start, lines[last].end, "code", "code")
        at = stop


def _marks(lines: Sequence[Line]) -> Iterator[int]:
    """For each line 2 where it is code, 1 where it is what its neighbours are, 0 where it is prose."""
    printed = False  # by the command above, up to the next blank line
    keys = [line.zone == "body" and bool(KEY.match(line.text)) for line in lines] + [False]
    for at, line in enumerate(lines):
        if line.zone != "body" or line.blank:
            printed = False
            yield 0
            continue
        printed = printed or bool(PROMPT.match(line.text))
        if printed or _is_code(line.text) or (keys[at] and (keys[at - 1] or keys[at + 1])):
            yield 2
        elif (
            keys[at]
            or (line.kind != "item" and INDENTED.match(line.text))
            or (keys[at + 1] and TOP_KEY.match(line.text))
        ):
            yield 1
        else:
            yield 0


def _is_code(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    if OUTPUT.match(text) or COMMENT.match(text):
        return True
    return bool(STATEMENT.match(text)) and not PROSE.search(LITERAL.sub('""', text))


def _stands_alone(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether blank lines stand around: what is indented and set apart in a mail is an example.

    Some write all their paragraphs indented, so that prose is one only below a colon.
    """
    if not ((first == 0 or lines[first - 1].blank) and (last + 1 == len(lines) or lines[last + 1].blank)):
        return False
    inside = [line for line in lines[first : last + 1] if not line.blank]
    if 2 * sum(bool(PROSE.search(line.text)) for line in inside) < len(inside):
        return True
    above = first - 1
    while above > 0 and lines[above].blank:
        above -= 1
    return above >= 0 and lines[above].text.endswith(":")
