"""WebVTT and SubRip: a block for each cue, with its speaker. The document's text is the file's own.

An own parser: ``webvtt-py`` gives the cues' texts and not where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import decoded
from askcv_pipelines.values import Block, RawDocument

TIMING = re.compile(r"[ \t]*(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{3}[ \t]+-->[ \t]+(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{3}")
VOICE = re.compile(r"[ \t]*<v(?:\.[^\s>]*)?[ \t]+([^>\n]{1,80})>")
NAMED = re.compile(r"[ \t]*(?:-[ \t]+)?([^\W\d_][\w .'’@()/&,-]{0,50}?)[ \t]?:[ \t]+(?=\S)")
TAG = re.compile(r"[ \t]*<[^>\n]{0,80}>")
END_TAG = re.compile(r"</[^>\n]{0,80}>\s?\Z")


class WebVttSource:
    name = "webvtt"
    suffixes = (".vtt", ".srt")

    def recognises(self, head: bytes) -> bool:
        return head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") or bool(
            re.match(rb"\s*1\r?\n\d\d:\d\d:\d\d,\d{3} --> ", head)
        )

    def read(self, raw: bytes, name: str) -> RawDocument:
        text = decoded(raw, name)
        blocks = tuple(block for start, end in _payloads(text) for block in _spoken(text, start, end))
        if not blocks:
            raise SourceError(f"{name}: holds no captions", "Check that the transcript was saved whole.")
        return RawDocument(text, blocks)


def _payloads(text: str) -> Iterator[tuple[int, int]]:
    """Where the text of each cue stands: the lines from a timing line to a blank one or the next timing line."""
    start = stop = -1
    for line in re.finditer(r"[^\n]*\n?", text):
        timing, blank = TIMING.match(line[0]), not line[0].strip()
        if start >= 0 and (timing or blank):
            # Between two cues without a blank line stands the next one's number, which is no speech.
            last = text.rfind("\n", start, stop - 1) + 1
            if timing and text[max(last, start) : stop].strip().isdigit():
                stop = max(last, start)
            yield start, stop
            start = -1
        if timing:
            start = line.end()
        stop = line.end()
    if start >= 0:
        yield start, len(text)


def _spoken(text: str, start: int, end: int) -> Iterator[Block]:
    """A cue's blocks: one, or one for each voice in it."""
    turns = [m.start() for m in VOICE.finditer(text, start, end)]
    starts = [start, *(at for at in turns if at > start)]
    for at, stop in zip(starts, [*starts[1:], end], strict=True):
        speaker = None
        begin = at
        if voice := VOICE.match(text, begin, stop):
            speaker, begin = voice[1].strip(), voice.end()
        elif named := NAMED.match(text, begin, stop):
            speaker, begin = named[1].strip(), named.end()
        while tag := TAG.match(text, begin, stop):
            begin = tag.end()
        begin, finish = _trimmed(text, begin, stop)
        while tag := END_TAG.search(text, max(begin, finish - 90), finish):
            begin, finish = _trimmed(text, begin, tag.start())
        if begin < finish:
            yield Block(begin, finish, "paragraph", speaker=speaker)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
