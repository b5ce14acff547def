"""Facts of each unit: what a reader knows of a sentence from where it stands, before reading its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from askcv_pipelines.extractors.rules.authors import is_promise, tells_of_himself, written_by_other
from askcv_pipelines.extractors.rules.owners import PREFIX, label_before, promised_inside, row_owners, stated
from askcv_pipelines.extractors.rules.people import People, Who
from askcv_pipelines.extractors.rules.tense import Tense, tense_of
from askcv_pipelines.extractors.rules.units import WORD, Unit, plain_text, units
from askcv_pipelines.extractors.rules.words import AMBIGUOUS, FIRST, THIRD
from askcv_pipelines.reading.sections import Meaning, meaning
from askcv_pipelines.reading.speakers import LABELS, is_bot
from askcv_pipelines.values import Block, Document

SAID_BY = re.compile(
    r"[\W_]*(?:(?:Feedback )?[Ff]rom|FROM|Per|Comments? from)\s+([A-Z][\w.'’-]*(?: "
    r"[A-Z][\w.'’-]*){0,3})[\s*_]*(?::|-|–|\n|\Z)|[*_]{0,3}([A-Z][\w.'’-]+(?: "
    r"[A-Z][\w.'’-]*){0,2})[*_]{0,3}\s*:[*_]{0,3}\s+(?=[\"“A-Z])",
)
REVIEWED_BY = re.compile(
    r"[\W_]*(?:assess(?:or|ed by)|evaluat(?:or|ed by|ion (?:comments|by))|review(?:er(?:['’]s name)?|ed by)|"
    r"graded by|instructor|(?:feedback|comments?) (?:from|by))[\s*_]*:?[\s*_]*((?:[A-Z][\w.'’-]+ ?){0,3})",
    re.IGNORECASE,
)
MY = re.compile(r"\b(?:I|my)\b")
QUOTED = re.compile(r"[\s>*_]*[\"“]")
CLOSED = re.compile(r"[\"”][\s.,!?)]*\Z")
FEEDBACK = re.compile(
    r"\b(?:feedback|testimonials?|evaluations? (?:by|from)|peer|comments|recommendations?|references|kudos)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """``who`` is whose unit it is: stated owner, speaker or heading; ``lead`` is the line that introduces a list.

    ``few`` says that the document names few other people, ``opens`` that the unit is the first prose of its section.
    """

    unit: Unit
    block: Block
    who: Who | None
    owner: Who | None
    role: str
    meaning: Meaning
    lead: str
    lead_meaning: Meaning
    lead_tense: str
    tense: Tense
    named: str
    other_named: str
    said_by: str
    quoted: bool
    header: str
    done: bool
    few: bool
    opens: bool
    body_start: int


class _Lead:
    """The lines that introduce what follows: a paragraph or parent bullet, by depth."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, Block, str, Who | None]] = []
        self.section: tuple[str, ...] = ()

    def enter(self, block: Block) -> None:
        if block.section != self.section:
            self.stack.clear()
            self.section = block.section
        depth = block.level if block.kind == "item" else 0
        if block.kind == "cell":
            return
        while self.stack and self.stack[-1][0] >= depth:
            self.stack.pop()

    def push(self, block: Block, text: str, who: Who | None) -> None:
        if block.kind in {"paragraph", "item"}:
            self.stack.append((block.level if block.kind == "item" else 0, block, text, who))

    def introducing(self, block: Block) -> str:
        for depth, above, text, _ in reversed(self.stack):
            if above is not block and (depth > 0 or text.rstrip("*_ ").endswith(":") or len(text) < 60):
                return text
        return ""

    def inherited(self, block: Block) -> Who | None:
        for _, above, _, who in reversed(self.stack):
            if above is not block and who is not None:
                return who
        return None


def facts(document: Document, people: People | None = None) -> Iterator[Facts]:
    """The units of a document with what their place says, in reading order. ``people`` are its people, where they are
    known already."""
    people = people or People(document)
    rows = row_owners(document, people)
    not_mine = written_by_other(document, people)
    lead = _Lead()
    block_who: Who | None = None
    current = -1
    section: tuple[str, ...] = ()
    default = "subject" if people.alone or document.voice == "letter" else ""
    last, said_by, before = default, "", ""
    quoted = opened = False
    alone = document.kind == "code_review" and not any(b.speaker for b in document.blocks if b.zone == "body")
    told = lru_cache(lambda section: (meaning(section), _heading_who(section, people)))  # fewer than units
    for unit in units(document):
        block = document.blocks[unit.block]
        if block.kind == "cell" and block.header and COLUMN.search(block.header) and unit.end - unit.start < 60:
            continue
        text = document.text[unit.start : unit.end]
        fresh = unit.block != current
        if fresh:
            current, block_who = unit.block, None
            lead.enter(block)
        owner, body = stated(document, unit, block, people)
        if block.kind == "cell" and block.row is not None:
            owner = rows.get(block.row, (None, False))[0] or owner
            if owner == "other" and people.subject is not None and people.subject.search(text):
                owner = "both"
        role = "other" if alone else _role(block, people)
        intro = lead.introducing(block)
        inside = _inside(document, text, intro, role, people, not_mine)
        block_owner, owner = owner, owner or inside
        if block_owner == "other" and inside == "both":
            owner = "both"  # "Tom will call, Ada and Jo will go there"
        means, headed = told(block.section)
        who = owner or block_who or _speaker(role, people, unit) or lead.inherited(block) or headed
        if fresh:
            block_who = block_owner if block.kind != "cell" else None
            lead.push(block, unit.plain[:160], owner)
        if block.section != section:
            section, last, said_by, opened = block.section, default, "", False
        if fresh:
            said_by = _said_by(document, block, people) or said_by
            quoted = False
        quoted = block.zone == "quote" or bool(QUOTED.match(text)) or (quoted and not CLOSED.search(before))
        before = text
        named, other = _names(unit, people, last)
        last = "subject" if named else "other" if other else last
        opens = not opened and len(unit.words) >= PROSE
        opened = opened or opens
        yield Facts(
            unit=unit,
            block=block,
            who=who,
            owner=owner,
            role=role,
            meaning=means,
            lead=intro,
            lead_tense=_lead_tense(intro, people),
            lead_meaning=_lead_meaning(intro, (label_before(document, block), _label(text, body))),
            tense=_tense(unit, text[body:] if owner is not None else "", named, means),
            named=named,
            other_named=other,
            said_by=said_by,
            quoted=quoted,
            header=(block.header or "").lower(),
            done=bool(block.checked)
            or (block.row is not None and rows.get(block.row, (None, False))[1])
            or bool(DONE_MARK.search(text)),
            opens=opens,
            few=len(people.others) <= FEW,
            body_start=body if body < len(text) else 0,
        )


def _inside(document: Document, text: str, intro: str, role: str, people: People, not_mine: bool) -> Who | None:
    """Whose a unit is by a promise in its own words: of somebody named, or of an "I" who is not the subject."""
    if document.kind == "code_review":
        # Without a subject's name the author's own promises in a thread cannot be told from a reviewer's.
        told = people.subject is not None or not people.others
        return "other" if role == "other" and told and tells_of_himself(text) else None
    if is_promise(intro) and intro.rstrip("*_ ").endswith(":") and not_mine and not role:
        return "other"
    if is_promise(text):
        if (role == "other" and people.subject is not None) or (not role and not_mine):
            return "both" if promised_inside(text, people) == "subject" else "other"
        return None
    who = promised_inside(text, people)
    mine = role == "self" or (not role and document.voice == "first_person")
    return None if who == "other" and mine and MY.search(text) else who  # "I built it, and Omar will paint it"


def _tense(unit: Unit, own: str, named: str, section: Meaning) -> Tense:
    """The tense of the unit's own words: behind a stated owner ("Jane: set up …") a verb is no longer Jane's past.
    A form that is both is past where a section tells what was done."""
    words = tuple(w.lower().replace("’", "'") for w in WORD.findall(plain_text(own))) if own else ()
    prefixed = bool(words) and len(words) < len(unit.words) and words == unit.words[-len(words) :]
    tense = tense_of(words, "") if prefixed else tense_of(unit.words, named)
    first = (words if prefixed else unit.words)[0]
    return "past" if tense == "imperative" and first in AMBIGUOUS and section == "done" else tense


def _label(text: str, at: int) -> str:
    """ "Yesterday" of "Yesterday: …"."""
    label = PREFIX.match(text, at if at < len(text) else 0)
    return label[1] if label and len(label[1].split()) <= 3 else ""


def _lead_meaning(intro: str, labels: tuple[str, ...]) -> Meaning:
    """What a label says of the words behind it, or the line above of the list below it."""
    for label in labels:
        if label and (said := meaning((label,))) != "other":
            return said
    if intro and (intro.rstrip("*_ ").endswith(":") or len(intro.split()) <= 8):
        return meaning((intro,))
    return "other"


def _lead_tense(intro: str, people: People) -> str:
    """What a line that introduces a list says of it ("I helped by:", "Next month I will:"); ``""`` for nothing."""
    words = (
        tuple(word.lower().replace("’", "'") for word in WORD.findall(intro))
        if intro.rstrip("*_ ").endswith(":")
        else ()
    )
    mine = bool(words) and not (FIRST | THIRD).isdisjoint(words)
    named = "in" if people.subject is not None and people.subject.search(intro) else ""
    return tense_of(words, named) if mine or named else ""


def _names(unit: Unit, people: People, last: str) -> tuple[str, str]:
    """Where the subject and where others are named; a pronoun stands for whoever was named ``last``."""
    plain = unit.plain
    named = other = ""
    if people.subject is not None and (found := people.subject.search(plain)):
        named = "start" if found.start() <= 3 else "in"
        if plain[found.end() : found.end() + 2] in {"'s", "’s"}:
            named = "possessive"
    written = WORD.findall(plain)
    bare = written[1:] if written[0] == "@" else written
    if people.other_in(bare[:1]) or people.other_in((" ".join(bare[:2]),)):
        other = "start"
    elif people.other_in(bare):
        other = "in"
    if not named and other != "start" and last == "subject" and not THIRD.isdisjoint(w.lower() for w in bare[:7]):
        named = "pronoun"
    return named, other


def _said_by(document: Document, block: Block, people: People) -> str:
    """Another person whose words a block of a review gives: "From Ada: …", or "Ada: …" under a heading on feedback."""
    if document.kind != "performance_review" or block.kind == "cell":
        return ""
    if block.speaker and not people.is_subject(block.speaker):
        return block.speaker
    said = SAID_BY.match(document.text, block.start, block.end)
    label = label_before(document, block)
    if (
        by := REVIEWED_BY.match(document.text, block.start, block.end) or REVIEWED_BY.fullmatch(label)
    ) and block.end - block.start < 400:
        name = by[1].strip() or document.text[block.start : block.end].strip()[:40] if label else by[1].strip()
        return "" if people.is_subject(name) else name or "reviewer"
    if said is None:
        return ""
    if said[1]:
        return "" if people.is_subject(said[1]) else said[1]
    if (
        any(FEEDBACK.search(heading) for heading in block.section)
        and not people.is_subject(said[2])
        and said[2].lower() not in LABELS
    ):
        return said[2]
    return ""


def _role(block: Block, people: People) -> str:
    if block.speaker is None:
        return ""
    if is_bot(block.speaker):
        return "bot"
    return "self" if people.is_subject(block.speaker) else "other"


def _speaker(role: str, people: People, unit: Unit) -> Who | None:
    """Whose a unit is by who says it. In the subject's own notes, what another says without "I" is told to them."""
    if people.subject is None or (role == "other" and people.own_notes and FIRST.isdisjoint(unit.words)):
        return None
    return {"self": "subject", "other": "other"}.get(role)  # type: ignore[return-value]


def _heading_who(section: Sequence[str], people: People) -> Who | None:
    for heading in reversed(section[-2:]):
        plain = plain_text(heading)
        if len(plain) <= 60 and (who := people.known(plain)):
            if who == "subject" and len(plain.split()) > 4:
                return None
            return who
    return None


DONE_MARK = re.compile(r"^\W{0,4}(?:[✅✔☑]|\[x\]|~~)|[✅✔☑]\W*$|\b(?:DONE|COMPLETED)\W*$|^\W*(?:DONE|COMPLETED)\b")
PROSE = 6
"""Words of a passage that is more than a label or a link."""
FEW = 4
"""Names of other people (given and full names both count) in notes of two or three."""
COLUMN = re.compile(
    r"\b(?:owners?|person|assigned|assignees?|who|responsible|dri|due|dates?|deadline|when|status|priority|by)\b|"
    r"^(?:#|no\.?|id)$",
    re.IGNORECASE,
)
"""Columns that say something of their row and nothing of their own."""
