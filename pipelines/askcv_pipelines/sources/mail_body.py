"""The plain body of a mail in zones: own text, quotes with who is quoted, patches, trailers, signature, list footer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from askcv_pipelines.sources.text import text_blocks
from askcv_pipelines.values import Block

ATTRIBUTION = re.compile(
    r"(?:On|Am|Le)\b[^\n]{4,120}?(?:,| at |\d{4}|\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?(?: [+-]\d{4})?)\s+"
    r"(?P<name>[^\W\d_][^<>\n,:@]{1,60}?)\s*(?:via [^<>\n]{1,40})?\s*(?:<[^>\n]{1,80}>)?\s+(?:wrote|writes|said)\s*:\Z"
)
WROTE = re.compile(r"(?:On|Am|Le) [^\n]{0,160}\n?[^\n]{0,160}\b(?:wrote|writes|said|schrieb|écrit)\b[^\n]{0,60}:\Z")
FORWARDED = re.compile(
    r"^[ \t]*(?:-{3,} ?(?:Original|Forwarded) Message ?-{3,}|_{30,}\s+From:.*)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE
)
FORWARDED_FROM = re.compile(r"^[ \t>]*From:[ \t]*\"?([^<\"\n]{2,60}?)\"?[ \t]*(?:<|\[|\r?$)", re.MULTILINE)
SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
LIST_FOOTER = re.compile(r"^_{20,}[ \t]*\r?\n[^\n]{0,80}(?:mailing list|list info)", re.MULTILINE | re.IGNORECASE)
CLOSING = re.compile(
    r"(?:(?:with )?(?:(?:best|kind|warm) ?)?(?:regards|wishes)|best|cheers|sincerely(?: yours)?|yours(?: \w+)?|thanks)"
    r"[,.!]?(?:\s*\n[^\n]{1,40}){1,2}\Z",
    re.IGNORECASE,
)
TRAILER = re.compile(
    r"(?:(?:[A-Z][a-z]+-){1,3}by|Cc|Fixes|Closes|Link|Change-Id|Message-ID|From):[ \t]+\S[^\n]*", re.IGNORECASE
)
DIFFSTAT = re.compile(
    r"(?:[ \t]*\S[^\n|]{0,120}\|[ \t]+(?:\d+ [+-]*|Bin[^\n]*)(?:\n|\Z)|[ \t]*\d+ files? changed[^\n]*(?:\n|\Z))+"
)
PATCH_BREAK = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
QUOTE_MARKS = re.compile(r"(?:[ \t]*>)*")


def plain_blocks(content: str) -> Iterator[Block]:
    """The blocks of a plain body. ``speaker`` is set on quotes whose author is known, and nowhere else."""
    ends = [m for m in (FORWARDED.search(content), LIST_FOOTER.search(content)) if m]
    end = min((m.start() for m in ends), default=len(content))
    signature = SIGNATURE.search(content, 0, end)
    own = signature.start() if signature else end
    # The three dashes that end a commit message would make its last line an underlined heading.
    cut = PATCH_BREAK.search(content, 0, own)
    spans = [(0, cut.start()), (cut.end(), own)] if cut else [(0, own)]
    yield from told_apart(content, (b for span in spans for b in text_blocks(content, *span, speakers=False)))
    if signature:
        for block in text_blocks(content, signature.end(), end, speakers=False):
            yield replace(block, kind="paragraph", zone="signature")
    yield from _appended(content, end)


def _appended(content: str, start: int) -> Iterator[Block]:
    """The blocks of a message that was forwarded or replied to as a whole, or of a mailing list's footer."""
    forwarded = FORWARDED.match(content, start)
    author = FORWARDED_FROM.search(content, start) if forwarded else None
    for block in text_blocks(content, start, speakers=False):
        found = replace(block, speaker=author[1].strip() if author else None)
        if block.zone != "diff":
            found = replace(found, kind="paragraph", zone="quote" if forwarded else "furniture")
        yield found


def told_apart(content: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks in their zones; a quote has the speaker whom the line above it names."""
    quoted: str | None = None
    for block in blocks:
        found = _attributed(content, block)
        if found.zone == "furniture":
            quoted = found.speaker or quoted
            yield replace(found, speaker=None)
        elif found.zone == "quote":
            yield from _by_depth(content, found, quoted)
        else:
            yield found


def _attributed(content: str, block: Block) -> Block:
    """The block in its zone: the line that says who is quoted below is furniture with that person as its speaker."""
    said = content[block.start : block.end]
    if block.zone != "body":
        return block
    if len(said) < 320 and (named := ATTRIBUTION.match(said)):
        return replace(block, kind="paragraph", zone="furniture", speaker=" ".join(named["name"].split()))
    if len(said) < 320 and WROTE.match(said):
        return replace(block, kind="paragraph", zone="furniture", speaker=None)
    if all(TRAILER.match(line) for line in said.splitlines()):
        return replace(block, kind="paragraph", zone="furniture", speaker=None)
    if DIFFSTAT.fullmatch(said):
        return replace(block, kind="code", zone="diff", speaker=None)
    return replace(block, kind="paragraph", zone="signature") if CLOSING.match(said) else block


def _by_depth(content: str, block: Block, quoted: str | None) -> Iterator[Block]:
    """A quote, divided where its depth changes: only the outermost level is by the one who is quoted."""
    lines: list[tuple[int, int, int]] = []
    start = block.start
    for line in content[block.start : block.end].splitlines(keepends=True):
        marks = QUOTE_MARKS.match(line)
        stop = start + len(line.rstrip())
        if stop > start:
            lines.append((marks[0].count(">") if marks else 0, start, stop))
        start += len(line)
    for depth, grouped in groupby(lines, key=lambda line: line[0]):
        spans = list(grouped)
        yield replace(block, start=spans[0][1], end=spans[-1][2], speaker=quoted if depth <= 1 else None)
