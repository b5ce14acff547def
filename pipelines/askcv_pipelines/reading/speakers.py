"""Who says what in a thread of mails that stands in one text: header lines name the author of what follows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askcv_agents.wire import SourceKind
from askcv_pipelines.reading.named_lines import under_names
from askcv_pipelines.values import Block

HEADERS = frozenset(
    "from to cc bcc date sent subject message-id in-reply-to references reply-to sender list-id user-agent "
    "content-type mime-version x-mailer received return-path url".split()
)
# Labels that look like "Name: " and name nobody.
LABELS = frozenset(
    "note notes nb todo fixme action actions topic agenda time date location where when present attendees attending "
    "regrets absent apologies chair scribe minutes status update updates summary question questions answer issue "
    "issues problem solution example reason result results goal goals decision decisions resolved resolution link "
    "links see https http q a ps edit warning error title name assessor evaluator students group team day week".split()
)
STEPS = frozenset(
    "fix step task item part section line figure table phase comment point change test case commit option".split()
)
"""Labels too where they are counted: "Step 3:"."""
COUNTED = re.compile(r"[\s#.-]*\d+\Z")
HEADER_LINE = re.compile(r"(From|To|Cc|Date|Sent|Subject|Message-I[Dd]|In-Reply-To|References|Reply-To):[ \t]+(?=\S)")
MBOX = re.compile(r"From (?:mboxrd@z|\S+@\S+) ")
ATTRIBUTION = re.compile(r"(?:On |At \d|Am |Le |\* ).{8,200}?(?:wrote|writes|schrieb|a écrit)\s*:\s*\Z", re.DOTALL)
TRAILER = re.compile(
    r"(?:Signed-off|Reviewed|Acked|Tested|Reported|Suggested|Co-developed)-by:|(?:Fixes|Link|Closes|Cc):[ \t]",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon))\b(?:[ ,]+[^\s.!?]+){0,4}[,!.]?\Z", re.IGNORECASE
)
SIGN_OFF = re.compile(
    r"(?:-- *(?:\n|\Z)|(?:best|kind|warm)?\s*(?:regards|wishes)\b|cheers\b|thanks\s*[,!.]*\Z|thanks,?\s*\n|sincerely\b"
    r"|br,)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\s*(?:<[^>]*>|\(?\b\S+(?:@| at )\S+\)?).*\Z", re.DOTALL)
LIST_ARCHIVE = re.compile(r"([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3}) +\S+ at \S+\.\w+\Z")
SAID = re.compile(
    r"(?:<([\w.\-\[\] ]{2,30})>|"
    r"[*_]{0,2}([\w@][\w.'’@-]{1,29}(?: [A-Z][\w.'’-]*){0,2})[*_]{0,2}(?: \([\w ]{2,20}\))?:[*_]{0,2})"
    r"[ \t]+(?=\S)"
)
CHAT = re.compile(r"^(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?[ \t]+)?<[ @+]?([\w.\-\[\]|`^]{2,30})>[ \t]+", re.MULTILINE)
SENTENCE = re.compile(
    r"(?<!\A)\b(?:is|are|was|were|has|have|had|will|the|a|an|to|for|that|this|which|with|my|your|our|and)\b"
)
CONTINUED = re.compile(r"(?:…|\.\.\.)[ \t]+(?=\S)")
OFTEN = 3
"""A label that begins so many lines is a speaker's name."""
BOT = re.compile(
    r"\[bot\]|\bbot\b|-bot\b|copilot|codecov|dependabot|github-actions|patchwork|zakim|rrsagent|trackbot|meetbot"
    r"|\brobot\b",
    re.IGNORECASE,
)


def with_speakers(text: str, blocks: Sequence[Block], kind: SourceKind, known: Sequence[str] = ()) -> tuple[Block, ...]:
    """The blocks; mail headers become furniture, and what follows them is said by their author.

    In meeting notes, lines that begin with a name said before ("ada: …", "<ada> …") are theirs, and so are the
    lines behind them that begin with an ellipsis; what stands below a name alone on its line is that person's, if
    they attend or are ``known``.
    """
    if kind == "meeting_notes":
        return tuple(under_names(text, tuple(_said(text, blocks)), known))
    return tuple(_mailed(text, blocks, _commenters(text, blocks) if kind == "code_review" else frozenset()))


def _commenters(text: str, blocks: Sequence[Block]) -> frozenset[str]:
    """Who begins comments with their name, in a thread kept as one text: several lines each, or most of several."""
    times = Counter(_labels(text, blocks))
    least = 2 if sum(times.values()) > OFTEN else OFTEN
    return frozenset(name for name, count in times.items() if count >= least and not is_label(name)) - HEADERS


def is_label(name: str) -> bool:
    """Whether "name:" names nobody: "Note", "Fix 2"."""
    label = name.lower()
    base = COUNTED.sub("", label)
    return label in LABELS or (base != label and base in LABELS | STEPS)


def _mailed(text: str, blocks: Sequence[Block], often: frozenset[str]) -> Iterator[Block]:
    current: str | None = None
    for block in (_without_false_label(text, block) for block in blocks):
        label = (block.speaker or "").lower().strip()
        header = HEADER_LINE.match(text, block.start, min(block.end, block.start + 200))
        if block.zone != "body":
            yield block
        elif (label in HEADERS and (label != "url" or current)) or header:
            if label == "from" or (header and header[1] == "From"):
                current = author(text[header.end() if header else block.start : block.end]) or current
            yield replace(block, zone="furniture", kind="paragraph")
        elif current is None and block.speaker is None and (said := LIST_ARCHIVE.match(text, block.start, block.end)):
            current = said[1]
            yield replace(block, zone="furniture")
        elif _is_closing(text, block):
            yield replace(block, zone="signature", kind="paragraph")
        elif block.speaker is None and (said := SAID.match(text, block.start, block.end)) and _name(said) in often:
            yield replace(block, start=said.end(), speaker=said[1] or said[2])
        elif _is_frame(text, block, label):
            yield replace(block, zone="furniture", kind="paragraph")
        elif current is not None and block.kind != "heading":
            yield replace(block, speaker=current)
        else:
            yield replace(block, speaker=None) if is_label(label) else block


def _is_frame(text: str, block: Block, label: str) -> bool:
    """Lines around what is said: mailbox separators, "On … wrote:", trailers, greetings."""
    said = text[block.start : min(block.end, block.start + 300)]
    return bool(
        MBOX.match(said) or ATTRIBUTION.match(said) or TRAILER.match(said) or label.endswith("-by")
        or GREETING.match(said)
    )  # fmt: skip


def _is_closing(text: str, block: Block) -> bool:
    """A signature, or the formula and name that close a message."""
    said = text[block.start : min(block.end, block.start + 300)]
    return bool(SIGN_OFF.match(said) and (len(said) < 80 or said.startswith("--")))


def _said(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    often = {name for name, times in Counter(_labels(text, blocks)).items() if times >= OFTEN} - LABELS
    current: str | None = None
    for block in _chat_lines(text, [_without_false_label(text, block) for block in blocks]):
        label = (block.speaker or "").lower().strip()
        if block.speaker is not None:
            current = None if label in LABELS | HEADERS else block.speaker
            yield replace(block, speaker=current)
            continue
        if block.kind == "heading":
            current = None
        elif block.kind == "paragraph":
            said = SAID.match(text, block.start, block.end)
            if said and _name(said) in often:
                current = said[1] or said[2]
                yield replace(block, start=said.end(), speaker=current)
                continue
            if current and (continued := CONTINUED.match(text, block.start, block.end)):
                yield replace(block, start=continued.end(), speaker=current)
                continue
        yield block


def _chat_lines(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks; a paragraph of chat ("<ada> …" line by line) is as many blocks, with their speakers."""
    for block in blocks:
        lines = list(CHAT.finditer(text, block.start, block.end)) if block.kind == "paragraph" else []
        if len(lines) < OFTEN:
            yield block
            continue
        if lines[0].start() > block.start:
            yield replace(block, end=block.start + len(text[block.start : lines[0].start()].rstrip()))
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            end = following.start() if following else block.end
            said = text[line.end() : end].rstrip()
            if said:
                yield replace(block, start=line.end(), end=line.end() + len(said), speaker=line[1])


def _labels(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if block.kind == "paragraph" and (said := SAID.match(text, block.start, block.end)):
            yield _name(said)


def _name(said: re.Match[str]) -> str:
    return (said[1] or said[2]).lower()


def _without_false_label(text: str, block: Block) -> Block:
    """The block; "She is a great colleague: patient and kind" has no speaker."""
    label = block.speaker
    if label is None or not (len(label.split()) > 4 or SENTENCE.search(label)):
        return block
    start = text.rfind(label, 0, block.start)
    return replace(block, speaker=None, start=start if 0 <= block.start - start < 100 else block.start)


def author(header: str) -> str | None:
    """The name in the value of a ``From`` header: ``"Doe, Jane" <jane@example.org>`` → ``Doe, Jane``."""
    return ADDRESS.sub("", header).strip().strip("\"'") or header.strip(" <>\"'") or None


def is_bot(speaker: str | None) -> bool:
    """Whether the author is a program, by its name."""
    return speaker is not None and bool(BOT.search(speaker))
