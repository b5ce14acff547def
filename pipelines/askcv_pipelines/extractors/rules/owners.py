"""Who is stated to own a unit: by a prefix, a promise, a bracket behind it, or the owner column of its row."""

from __future__ import annotations

import re

from askcv_pipelines.extractors.rules.people import OWNER_HEADER, SEPARATOR, People, Who
from askcv_pipelines.extractors.rules.units import Unit, plain_text
from askcv_pipelines.values import Block, Document

PREFIX = re.compile(r"[\s*_`\[(]*(@?[A-Za-z][\w.'’&,/ @-]{0,50}?)[\])*_`]*\s*(?::[*_]*|\s[–—-]|[–—])\s+(?=\S)")
OWNED = re.compile(
    r"[\s*_`\[]*(@?[A-Za-z][\w.'’-]*(?:(?:, | and | & |/| )@?[A-Z][\w.'’-]*){0,4})[\]*_`]* (?:to|will|should|"
    r"shall|must|needs to|has to|is to|is going to|agreed to|offered to|volunteered to|promised to)\s+(?:also "
    r")?[a-z]",
)
ACTION_PREFIX = re.compile(
    r"[\s*_`\[(#]*(?:action(?: item)?s?|ai|todo|to.do|task|next steps?)\b[\])*_` ]*[:\-–—]?",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"[\s*_`]*[\[(]\s*@?([A-Z][\w.'’,/& @-]{1,40}?)\s*[\])]\s*[:,–—-]?\s+(?=\S)")
""""[Jane] write to the editor"."""
BARE = re.compile(r"(?:on |for )?@?([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)?)[\])]?\s*[:,–—-]?\s+(?=[a-z])")
""""ACTION Jane write to the editor"."""
SUFFIX = re.compile(r"[\[(]\s*@?([A-Z][\w.'’,/& @-]{1,40})\s*[\])]\W*\Z")
PROMISE = (
    r"(?:will|shall|(?:is|are) (?:to|going to|(?:currently )?working on|planning (?:on|to))|"
    r"(?:ha(?:s|ve) )?(?:agreed|offered|volunteered|promised|committed) to|needs to|has to)"
)
INSIDE = re.compile(
    r"(?:\A|[,;:.!?–—(-]\s*|\b(?:and|but|that|then|so|yes|ok)\s+)[*_`\[]*"
    r"(?P<who>@?[^\W\d_][\w.'’-]*(?:(?:, | and | & |/| )@?[A-Z][\w.'’-]*){0,4})[\]*_`]*,? (?:also )?"
    rf"{PROMISE} (?:also )?[a-z]",
)
"""A promise inside a unit: its clause begins with whose it is. Behind "if" or "when" it is a condition."""


def stated(document: Document, unit: Unit, block: Block, people: People) -> tuple[Who | None, int]:
    """The owner that a unit states ("Jane: …", "@jane to …", "… (Jane)") and where its own words begin."""
    text = document.text[unit.start : unit.end]
    at = 0
    if unit.first and block.speaker is None and (label := label_before(document, block)):
        who = people.known(label)
        if who:
            return who, 0
    if action := ACTION_PREFIX.match(text):
        at = action.end()
        while at < len(text) and text[at] in " \t:-–—*_":
            at += 1
    if len(text) <= 40 and block.kind in {"item", "paragraph"} and (who := people.known(plain_text(text))):
        return who, 0
    if promised := OWNED.match(text, at):
        who = people.promised(promised[1])
        if who:
            return who, at
    if prefix := PREFIX.match(text, at):
        who = people.known(prefix[1])
        if who:
            return who, prefix.end()
    if (bracket := BRACKETED.match(text, at)) and (who := people.known(bracket[1])):
        return who, bracket.end()
    if action and (bare := BARE.match(text, at)) and (who := people.known(bare[1])):
        return who, bare.end()
    if suffix := SUFFIX.search(text):
        who = people.known(suffix[1])
        if who:
            return who, at
    return None, at


def promised_inside(text: str, people: People) -> Who | None:
    """Whose a promise inside a unit is ("Topic: Ada will …", "…, and Omar is working on it"), of people known by name.

    The subject among others shares it; what is everybody's is no single person's promise."""
    found = set()
    for said in INSIDE.finditer(text):
        who = people.known(said["who"]) or people.known(SEPARATOR.split(said["who"])[-1])  # "Yes, Ada will"
        found |= {who} if who and who != "group" else set()
    if not found:
        return None
    return "both" if len(found) > 1 else found.pop()


def label_before(document: Document, block: Block) -> str:
    """The "Name:" that a source took for a speaker and that stands before the block on its line."""
    start = document.text.rfind("\n", 0, block.start) + 1
    before = document.text[start : block.start]
    return before.rstrip(": \t") if before.rstrip().endswith(":") and len(before) < 60 else ""


DONE_CELL = re.compile(r"\W*(?:done|complete[d]?|closed|finished|yes|✅|✔|☑|x)\W*\Z", re.IGNORECASE)
STATUS_HEADER = re.compile(r"\b(?:status|done|state|complete)", re.IGNORECASE)


def row_owners(document: Document, people: People) -> dict[int, tuple[Who | None, bool]]:
    """Whose each table row is, by its owner column, and whether its status says done."""
    rows: dict[int, tuple[Who | None, bool]] = {}
    for block in document.blocks:
        if block.kind != "cell" or block.row is None or not block.header:
            continue
        owner, done = rows.get(block.row, (None, False))
        content = document.text[block.start : block.end]
        if OWNER_HEADER.search(block.header) and (who := people.who(plain_text(content))):
            owner = who if owner in {None, "other"} else owner
        elif STATUS_HEADER.search(block.header) and DONE_CELL.match(content):
            done = True
        rows[block.row] = (owner, done)
    return rows
