"""How a text ends: the formula that closes it, the name of who wrote it, and the lines that a mail program adds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askcv_pipelines.values import Block

CLOSING = re.compile(
    r"(?:(?:with )?(?:(?:best|kind|warm)(?:est)? ?)?(?:regards|rgds|wishes)|best|cheers|br|sincerely(?: yours)?"
    r"|(?:yours|respectfully)(?: \w+)?|thanks(?: again)?|thank you)\s*[,.!]*",
    re.IGNORECASE,
)
CLOSES = re.compile(
    r"(?:^|[.!?\s])(?:sincerely|regards|respectfully|yours(?: truly| sincerely| faithfully)?),?\Z", re.I
)
SIGNATURE_MARK = re.compile(r"--\s*(?:\n|\Z)")
SIGNED = re.compile(r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3}, (?:(?:[A-Z][\w/&-]*|of|the|to|and)[ ]?){1,5}\Z")
"""A name and its office, as the last line of minutes."""
LONGEST_SIGNATURE = 120


def signed(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; a closing, the name that its writer puts below it and the lines behind two dashes are signature."""
    below = False
    closed = 0  # how many blocks a closing formula may still have below it
    for at, block in enumerate(blocks):
        said = text[block.start : block.end]
        if block.zone == "signature":
            below = below or bool(SIGNATURE_MARK.match(said))
            yield block
        elif block.zone != "body" or block.kind in {"heading", "cell", "code"}:
            below, closed = False, 0
            yield block
        elif (len(said) <= LONGEST_SIGNATURE and (below or closed)) or (at + 1 == len(blocks) and SIGNED.match(said)):
            closed -= bool(closed)
            yield replace(block, kind="paragraph", zone="signature")
        else:
            yield from _cut_above_name(text, block)
            below, closed = False, 3 if CLOSES.search(said) else 0


def _cut_above_name(text: str, block: Block) -> Iterator[Block]:
    """The block, its last lines apart where they are a closing formula and the name of who wrote it."""
    said = text[block.start : block.end]
    lines = said.split("\n")
    own = {word.casefold() for word in re.findall(r"\w+", block.speaker or "")}
    words = [word.casefold() for word in re.findall(r"\w+", lines[-1])] if len(lines[-1]) < 60 else []
    count = 1 if words and own.issuperset(words) else 0
    if (
        len(lines) > count
        and CLOSING.fullmatch(lines[-1 - count].strip())
        and (count or len(lines) == 1 or lines[-1].rstrip().endswith(","))
    ):
        count += 1
    if count == 0:
        yield block
    elif count == len(lines):
        yield replace(block, kind="paragraph", zone="signature")
    else:
        above = len("\n".join(lines[:-count]).rstrip())
        start = len("\n".join(lines[:-count])) + 1
        start += len(said[start:]) - len(said[start:].lstrip())
        yield replace(block, end=block.start + above)
        yield replace(block, start=block.start + start, kind="paragraph", zone="signature", checked=None)
