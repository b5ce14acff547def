"""Plain text: paragraphs by blank lines, bullets, underlined and capital headings, mail quotes and diffs, speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from askcv_pipelines.sources import decoded, no_text
from askcv_pipelines.values import Block, BlockKind, RawDocument, Zone

BULLET = re.compile(r"[ \t]*(?:[-*+•◦‣▪●–]|\(?\d{1,2}[.)]|[a-z][.)])[ \t]+(?=\S)")
NUMBERED = re.compile(r"\d{1,2}[.)] +[A-Z]")
CHECKBOX = re.compile(r"\[( |x|X)\][ \t]+")
SPEAKER = re.compile(
    r"(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?[ \t]+)?<?([A-Z@][\w .'’@()-]{0,38}?[\w.)])>?[ \t]*:[ \t]+(?=\S)"
)
MAIL_QUOTE = re.compile(r"[ \t]*(?:>|\|[ \t]>)")
DIFF_START = re.compile(r"(?:diff --git |--- [ab]/|\+\+\+ [ab]/|@@ -\d|index [0-9a-f]{7,}\.\.|Index: )")
UNDERLINE = re.compile(r"[ \t]*([=\-~*_])\1{2,}[ \t]*$")
WORDS = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True)
class _Line:
    start: int
    end: int  # without the line end and trailing blanks
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


class TextSource:
    name = "text"
    suffixes = (".txt", ".text")

    def recognises(self, head: bytes) -> bool:
        return b"\x00" not in head

    def read(self, raw: bytes, name: str) -> RawDocument:
        text = decoded(raw, name)
        blocks = tuple(text_blocks(text))
        if not blocks:
            raise no_text(name)
        return RawDocument(text, blocks)


def text_blocks(text: str, start: int = 0, end: int | None = None, *, speakers: bool = True) -> Iterator[Block]:
    """The blocks of ``text[start:end]``, read as plain text; offsets are of ``text``.

    Without ``speakers``, ``Name: …`` is no turn in a conversation: what one person wrote.
    """
    lines = list(_lines(text, start, len(text) if end is None else end))
    in_diff = False
    run: list[_Line] = []
    run_zone: Zone = "body"
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        in_diff = _in_diff(line, following, in_diff)
        zone: Zone = "diff" if in_diff else "quote" if MAIL_QUOTE.match(line.text) else "body"
        heading = zone == "body" and not run and _is_heading(line, following)
        rule = zone == "body" and bool(UNDERLINE.match(line.text))
        ends = line.blank or rule or zone != run_zone or heading or _starts_block(line, zone, speakers)
        if run and (ends or _follows_title(run, line)):
            yield _block(text, run, run_zone, speakers)
            run = []
        if line.blank or rule:
            continue
        if heading:
            yield _heading(line, following)
            continue
        run_zone = zone
        run.append(line)
    if run:
        yield _block(text, run, run_zone, speakers)


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        content = text[at:stop].rstrip()
        yield _Line(at, at + len(content), content)
        at = stop + 1


def _in_diff(line: _Line, following: _Line | None, before: bool) -> bool:
    if DIFF_START.match(line.text):
        return True
    if not before:
        return False
    if line.blank:  # a blank line inside a hunk is context; one before prose ends the diff
        return following is None or following.text[:1] in {"+", "-", " ", "@", ""}
    return line.text[:1] in {"+", "-", " ", "@", "\t", "\\"}


def _follows_title(run: list[_Line], line: _Line) -> bool:
    """Whether a numbered line alone ("2. Water supply") is a title above this one, not the beginning of its item."""
    first = run[0].text
    return (
        len(run) == 1
        and bool(NUMBERED.match(first))
        and len(first) <= 45
        and first[-1].isalnum()
        and line.text[:1].isupper()
    )


def _starts_block(line: _Line, zone: Zone, speakers: bool) -> bool:
    return zone == "body" and bool(BULLET.match(line.text) or (speakers and SPEAKER.match(line.text)))


def _is_heading(line: _Line, following: _Line | None) -> bool:
    content = line.text.strip()
    if not content or len(content) > 90 or BULLET.match(line.text):
        return False
    if following is not None and UNDERLINE.match(following.text):
        return True
    words = WORDS.findall(content)
    ends = following is None or following.blank
    if content.endswith(":") and len(words) <= 7 and (ends or (following and BULLET.match(following.text))):
        return True
    return content.isupper() and 1 <= len(words) <= 9 and (ends or len(words) > 1)


def _heading(line: _Line, following: _Line | None) -> Block:
    underlined = following is not None and UNDERLINE.match(following.text)
    indent = len(line.text) - len(line.text.lstrip())
    return Block(line.start + indent, line.end, "heading", level=1 if underlined else 2)


def _block(text: str, lines: list[_Line], zone: Zone, speakers: bool) -> Block:
    first = lines[0]
    start, end = first.start + len(first.text) - len(first.text.lstrip()), lines[-1].end
    kind: BlockKind = "code" if zone == "diff" else "paragraph"
    block = Block(start, end, kind, zone=zone)
    if zone != "body":
        return block
    if marker := BULLET.match(first.text):
        depth = 1 + (len(first.text) - len(first.text.lstrip())) // 2
        block = replace(block, start=first.start + marker.end(), kind="item", level=depth)
        if box := CHECKBOX.match(text, block.start, end):
            block = replace(block, start=box.end(), checked=box[1] != " ")
    elif speakers and (said := SPEAKER.match(first.text.lstrip())):
        block = replace(block, start=start + said.end(), speaker=said[1].strip())
    return block
