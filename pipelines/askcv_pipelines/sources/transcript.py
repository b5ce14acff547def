"""Plain transcripts, as Zoom, Teams, Google Meet and dictation services save them, and exports and copies of chats
(WhatsApp, Telegram, Slack, Discord): a block for each line of a turn.

A turn begins with a time and a name, in one of these forms; the words follow on the same line or on those below.

    Jane Doe   0:03                     [Jane Doe] 10:02:11                00:00:03.000 --> 00:00:07.120
    10:02:11 Jane Doe: …                [00:03] Jane Doe: …                Jane Doe
    10:02:11 From Jane Doe to Everyone: …                                  00:03:00 (alone), then Jane Doe: …
    [12/01/2026, 09:03] Jane Doe: …         12.01.2026, 09:03 - Jane Doe: …    Jane Doe, [12.01.2026 09:03]

Text without times (``Jane Doe: …``) is read by the plain text source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from askcv_pipelines.sources import decoded, no_text
from askcv_pipelines.sources.text import text_blocks
from askcv_pipelines.values import Block, RawDocument

TIME = r"\(?\[?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?[T ])?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[ap.m ]{0,5}\]?\)?"
NAME = r"[^\W\d_][\w .'’@()/&,-]{0,48}?[\w.)]"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[ \t]*{TIME}[ \t]+From[ \t]+(?P<name>{NAME})(?:[ \t]+to[ \t]+{NAME})?(?:\(.{{0,40}}\))?[ \t]*:[ \t]*",
        rf"[ \t]*{TIME}[ \t]+(?:-[ \t]+)?(?P<name>{NAME})[ \t]?:[ \t]*",
        rf"[ \t]*\[(?P<name>{NAME})\][ \t]+{TIME}[ \t]*$",
        rf"[ \t]*(?P<name>{NAME})(?:[ \t]{{2,}}|\t|[ \t]*[,|—–][ \t]*){TIME}[ \t]*$",
    )
)
ALONE = re.compile(rf"[ \t]*{TIME}(?:[ \t]+-->[ \t]+{TIME})?[ \t]*$")
NAMED = re.compile(rf"[ \t]*(?P<name>{NAME})[ \t]?:[ \t]+(?=\S)")
NAME_LINE = re.compile(rf"[ \t]*(?P<name>{NAME})[ \t]*$")
FEWEST_TURNS = 3


@dataclass(frozen=True)
class _Turn:
    """Who speaks, and where the words on the same line begin."""

    speaker: str
    words: int


class TranscriptSource:
    name = "transcript"
    suffixes = (".txt", ".text")

    def recognises(self, head: bytes) -> bool:
        if b"\x00" in head or head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
            return False
        return transcript_blocks(head.decode("utf-8", "replace")) is not None

    def read(self, raw: bytes, name: str) -> RawDocument:
        text = decoded(raw, name)
        blocks = transcript_blocks(text)
        found = tuple(text_blocks(text) if blocks is None else blocks)
        if not found:
            raise no_text(name)
        return RawDocument(text, found)


def transcript_blocks(text: str) -> list[Block] | None:
    """The blocks of a transcript; None where ``text`` is none: too few turns, or too few of its lines are speech.

    What stands above the first turn (the meeting's name, who attended) is read as plain text.
    """
    lines = list(_lines(text))
    turns = list(_turns(text, lines))
    starts = [at for at, turn in enumerate(turns) if turn is not None]
    if len(starts) < FEWEST_TURNS or len(starts) * 8 < len(lines) - starts[0]:
        return None
    blocks = list(text_blocks(text, 0, lines[starts[0]][0]))
    speaker: str | None = None
    for (start, end), turn in zip(lines[starts[0] :], turns[starts[0] :], strict=True):
        begin = start
        if turn is not None:
            speaker, begin = turn.speaker, turn.words
        elif ALONE.match(text, start, end):
            continue
        content = text[begin:end].strip()
        if content:
            begin = text.index(content, begin)
            blocks.append(Block(begin, begin + len(content), "paragraph", speaker=speaker))
    return [block for block in blocks if not ALONE.fullmatch(text, block.start, block.end)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Where the lines that are not blank begin and end."""
    for line in re.finditer(r"[^\n]+", text):
        content = line[0].rstrip()
        if content:
            yield line.start(), line.start() + len(content)


def _turns(text: str, lines: list[tuple[int, int]]) -> Iterator[_Turn | None]:
    """For each line, the turn that it begins."""
    alone = sum(1 for start, end in lines if ALONE.match(text, start, end))
    # Google Meet gives a time now and then, and each turn's name.
    named = alone >= 2 and 2 * sum(1 for start, end in lines if NAMED.match(text, start, end)) >= len(lines)
    timed = False  # a time stood alone on the line above
    for start, end in lines:
        if end - start > 2000 and not timed:  # a paragraph; no heading of a turn is that long
            yield _turn(text, start, start + 200, end)
            continue
        if ALONE.match(text, start, end):
            timed = True
            yield None
            continue
        found = _turn(text, start, end, end)
        if found is None and (timed or named):
            match = NAMED.match(text, start, end) or (timed and NAME_LINE.match(text, start, end))
            found = _Turn(match["name"].strip(), match.end()) if match else None
        timed = False
        yield found


def _turn(text: str, start: int, stop: int, end: int) -> _Turn | None:
    for pattern in PATTERNS:
        match = pattern.match(text, start, stop)
        if match and not (stop < end and pattern.pattern.endswith("$")):
            return _Turn(match["name"].strip(), match.end())
    return None
