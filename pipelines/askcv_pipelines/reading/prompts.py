"""What a form or template says to whoever fills it in: questions, instructions, criteria, places left empty."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from askcv_pipelines.reading.spans import Line, Span
from askcv_pipelines.values import Block

FIRST = re.compile(r"\b(?:I|I['’]\w{1,2}|[Mm]y|me)\b")
YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
VERBS = (
    r"(?:list|describe|provide|explain|answer|fill in|include|rate|give|identify|summari[sz]e|reflect on|comment on|"
    r"indicate|discuss|outline|specify|enter|select|choose|tick|note|state|tell us|share|write|complete|assess)"
)
INSTRUCTION = re.compile(rf"[\s*_(]*(?:(?:please|in your own words,)\s+)?{VERBS}\b", re.IGNORECASE)
POLITE = re.compile(rf"[\s*_(]*please\s+{VERBS}\b", re.IGNORECASE)
ASKED_OF = re.compile(
    r"\byour?(?:self)?\b|\bthe following\b|\bwhen relevant\b|\bif (?:any|applicable)\b", re.IGNORECASE
)
DIRECTED = re.compile(rf"(?:^|[,;:] ){VERBS}\b", re.IGNORECASE)
ITALIC = re.compile(r"([*_])(?!\1)[^*_\n][^*\n]{2,160}\1\Z")
PLACEHOLDER = re.compile(
    r"[(\[<{](?=[^\n()\[\]{}<>]{4,160}[)\]>}]\Z)[^\n]*"
    r"\b(?:your|insert|placeholder|tbd|todo|fill in|enter)\b[^\n]*[)\]>}]\Z",
    re.IGNORECASE,
)
ASKS = re.compile(r"[*_]*Q(?:uestion)?\s?\d{0,2}[.:)][*_]*\s", re.IGNORECASE)
ANSWERS = re.compile(r"[*_]*A(?:nswer)?\s?\d{0,2}[.:)]", re.IGNORECASE)
CRITERION = re.compile(r"\*\*[^*\n]{2,60}\*\*[ \t]+\S[^\n]{12,}")
RATING = re.compile(r"\s*[-*+] \d(?:\.\d)?\s?[:–-] ")
TICKS = frozenset("☐ ☑ ☒ ✅ ✓ ✔ ✔️ ✗ ✘ ❌ ⬜ 🔲 ◯ ● ○".split()) | {"[ ]", "[x]", "[X]", "( )", "(x)", "(X)"}
BEFORE = re.compile(
    r"(?:before|prior to|ahead of) (?:the|(?:each|every)(?: \w+)?) (?:meeting|sync|call|session)\W*\Z", re.IGNORECASE
)
EVERYONE = re.compile(r"\b(?:everyone|everybody|all (?:attendees|participants))\b", re.IGNORECASE)
OFTEN = 3
"""An italic line under so many headings explains what belongs there."""


def asks(said: str) -> bool:
    """Whether a passage is questions, and nothing else."""
    return said.rstrip("*_ \n").endswith("?") and not re.search(r"[^.?!\s]{2}[.!](?:\s|\Z)", said)


def prompting(text: str, blocks: Sequence[Block], *, review: bool) -> list[Block]:
    """The blocks, those that speak to whoever fills in the document as template.

    In a review that somebody writes of themselves, a question or instruction to "you" is the form's.
    """
    said = [text[block.start : block.end] for block in blocks]
    form = _form_levels(blocks, said)
    told = _italics(blocks, said) | _told(blocks, said)
    ticked = _ticked(blocks, said)
    own = review and _is_of_oneself(blocks, said)
    done = []
    for at, block in enumerate(blocks):
        prompt = False
        if block.zone != "body" or block.speaker is not None:
            pass
        elif block.kind == "heading":
            prompt = (block.level in form and is_prompt(said[at])) or bool(POLITE.match(said[at]))
        elif block.kind == "cell":
            prompt = block.row in ticked and said[at].strip() not in TICKS
        else:
            prompt = at in told or bool(PLACEHOLDER.match(said[at]))
            if block.kind == "paragraph":
                asked = own and at + 1 < len(blocks) and _is_asked(said[at])
                prompt = prompt or asked or bool((own or form) and _is_instruction(said[at]))
        done.append(replace(block, zone="template") if prompt else block)
    return done


def _is_of_oneself(blocks: Sequence[Block], said: Sequence[str]) -> bool:
    """Whether "I" is said more often than "you", prompts left aside."""
    own = [
        passage
        for block, passage in zip(blocks, said, strict=True)
        if block.zone == "body" and not _is_asked(passage) and not _is_instruction(passage)
    ]
    return sum(len(FIRST.findall(p)) for p in own) > sum(len(YOU.findall(p)) for p in own)


def _is_instruction(said: str) -> bool:
    return len(said) < 400 and bool(INSTRUCTION.match(said) and ASKED_OF.search(said))


def _is_asked(said: str) -> bool:
    return len(said) < 400 and bool(YOU.search(said)) and asks(said)


def is_prompt(heading: str) -> bool:
    """Whether a heading asks, or tells what to write below it."""
    return asks(heading) or bool(DIRECTED.search(heading))


def _form_levels(blocks: Sequence[Block], said: Sequence[str]) -> set[int]:
    """The levels of headings on which a form asks: at least two of them speak to "you"."""
    counts: dict[int, int] = defaultdict(int)
    for block, heading in zip(blocks, said, strict=True):
        if block.kind == "heading" and block.zone == "body" and YOU.search(heading) and is_prompt(heading):
            counts[block.level] += 1
    return {level for level, count in counts.items() if count >= 2}


def _italics(blocks: Sequence[Block], said: Sequence[str]) -> set[int]:
    """Paragraphs in italics right below a heading, where the document has several."""
    found = {
        at + 1
        for at, (above, block) in enumerate(pairwise(blocks))
        if above.kind == "heading" and block.kind == "paragraph" and ITALIC.match(said[at + 1])
    }
    return found if len(found) >= OFTEN else set()


def _told(blocks: Sequence[Block], said: Sequence[str]) -> set[int]:
    """Lists that tell those who meet how to: above the meeting, with questions; or half of them to everyone."""
    lists: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if block.kind == "item" and block.section:
            lists[block.section].append(at)
    found: set[int] = set()
    for section, items in lists.items():
        addressed = sum(bool(EVERYONE.search(said[at])) for at in items)
        named = any("@" in said[at] or blocks[at].checked is not None for at in items)
        before = BEFORE.match(section[-1]) and any(asks(said[at]) for at in items)
        if not named and (before or (addressed >= OFTEN and 2 * addressed >= len(items))):
            found.update(items)
    return found


def _ticked(blocks: Sequence[Block], said: Sequence[str]) -> set[int | None]:
    """The rows in which somebody ticked one of several boxes: their words are the form's."""
    ticks: dict[int | None, int] = defaultdict(int)
    for block, cell in zip(blocks, said, strict=True):
        if block.kind == "cell" and block.row is not None and cell.strip() in TICKS:
            ticks[block.row] += 1
    return {row for row, count in ticks.items() if count >= 2}


def prompt_spans(lines: Sequence[Line]) -> Iterator[Span]:
    """Lines that ask: "Q:" above its "A:", and a criterion with what it means above the rating."""
    for at, line in enumerate(lines):
        if line.zone != "body" or line.blank:
            continue
        below = [other.text for other in lines[at + 1 : at + 4] if not other.blank][:2]
        said, above = line.text.strip(), lines[at - 1].text.strip() if at else ""
        if (
            (below and ASKS.match(said) and ANSWERS.match(below[0].strip()))
            or (CRITERION.match(said) and any(RATING.match(other) for other in below))
            or (said.endswith("?") and CRITERION.match(above) and any(RATING.match(other) for other in below))
        ):
            yield Span(line.start, line.end, "template")
