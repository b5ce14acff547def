"""Who a name means: the subject, somebody else, both, or nobody in particular."""

from __future__ import annotations

import re
from typing import Literal

from askcv_pipelines.extractors.rules.words import BASE, GROUP
from askcv_pipelines.names import name_pattern
from askcv_pipelines.reading.named import NAME, SEPARATOR, attendance
from askcv_pipelines.reading.speakers import LABELS
from askcv_pipelines.values import Document

Who = Literal["subject", "other", "both", "group"]

HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9][\w-]{0,38}")
NO_NAME = frozenset(
    "the this that these those there it we i you he she they a an in on at for from to if when while after before as "
    "and but or so also then next action actions todo all each every no not new add fix use update please see our my "
    "his her their your its note notes january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday week day today yesterday tomorrow".split()
)


STRIP = " *_`[]()<>:.,-–—\t\n"

NO_OWNER = frozenset(
    """
    who what which that this these those here there more most some any one two next last goal goals plan plans
    idea how need needs needed want wants wanted time due able going ready happy glad hope aim try trying
    intention decision way such same everything something nothing things work working progress only should will
    would could must can also please another other first second ability access order opportunity chance effort
    efforts project code documentation
    """.split()
)
"""Words before "to" or "will" that are no person."""


class People:
    """The people of one document. ``others`` are lower-case given names, full names and handles."""

    def __init__(self, document: Document) -> None:
        self.subject = name_pattern(document.subject)
        pronouns = {"he", "she", "they"} & {alias.lower() for alias in document.subject.aliases}
        self.others = {name.lower() for name in _named(document) if not self.is_subject(name)}
        self.alone = self.subject is not None and (bool(pronouns) or not self.others)

    def is_subject(self, name: str) -> bool:
        return self.subject is not None and self.subject.search(name) is not None

    def who(self, label: str) -> Who | None:
        """Whom an owner column, a speaker or a prefix means; ``None`` where it is no name."""
        label = label.strip(" *_`[]()<>:.-–—@\t\n")
        if not label or len(label) > 80:
            return None
        mine = other = False
        for part in SEPARATOR.split(label):
            if self.is_subject(part):
                mine = True
            elif part.lower().strip("@ ") in self.others or NAME.fullmatch(part) or HANDLE.match(part):
                other = True
        if mine:
            return "both" if other else "subject"
        if label.lower() in GROUP:
            return "group"
        return "other" if other else None

    def known(self, label: str) -> Who | None:
        """``who`` for text that may be anything: every part must be a name the document lists, or a handle."""
        parts = [part.strip(STRIP) for part in SEPARATOR.split(label.strip(STRIP)) if part.strip(STRIP)]
        mine = [self.subject is not None and bool(self.subject.fullmatch(part)) for part in parts]
        theirs = [part.lower().lstrip("@") in self.others or bool(HANDLE.fullmatch(part)) for part in parts]
        if label.strip(STRIP).lower() in GROUP:
            return "group"
        if not parts or not all(a or b for a, b in zip(mine, theirs, strict=True)):
            return None
        if any(mine):
            return "subject" if all(mine) else "both"
        return "other"

    def promised(self, label: str) -> Who | None:
        """Whom "… to do this" and "… will do this" begin with; a word that begins sentences is nobody."""
        known = self.known(label)
        if known is not None:
            return known
        first = label.split(maxsplit=1)[0].strip(STRIP).lower()
        if first in NO_NAME or first in BASE or first in NO_OWNER or (label[:1].islower() and " " in label):
            return None
        return "group" if first in GROUP else "other"

    def other_in(self, words: tuple[str, ...]) -> bool:
        return any(word in self.others for word in words)


def _named(document: Document) -> set[str]:
    """Names of attendee lists, of speakers, of owner columns, and every handle."""
    text = document.text
    found: set[str] = set()
    for block in document.blocks:
        if block.speaker and block.zone != "furniture":
            found.update(_with_given(block.speaker))
        if (listed := attendance(text, block)) is not None:
            for name in NAME.findall(listed):
                found.update(_with_given(name))
        elif block.kind == "cell" and block.header and OWNER_HEADER.search(block.header):
            cell = document.slice(block)
            for name in SEPARATOR.split(cell) if len(cell) < 60 else ():
                found.update(_with_given(name))
    found.update(handle.lstrip("@") for handle in HANDLE.findall(text))
    if document.kind == "meeting_notes":
        found.update(_labelled(document))
    return {name for name in found if name.lower() not in NO_NAME and len(name) > 1}


LABEL = re.compile(r"[*_]{0,2}@?([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)?)[*_]{0,2}\s*:[*_]{0,2}\s")
PAIR = re.compile(
    r"([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)?)\s*(?:/|&|<>|<->|×|\bx\b|\band\b|\bwith\b)\s*([A-Z][\w.'’-]+(?: "
    r"[A-Z][\w.'’-]+)?)",
)


def _labelled(document: Document) -> set[str]:
    """Names that stand where the subject's name stands: "Dana: …" beside "Sam: …", "Dana / Sam" in a heading."""
    pattern = name_pattern(document.subject)
    if pattern is None:
        return set()
    labels: set[str] = set()
    for block in document.blocks:
        if block.kind == "heading":
            for pair in PAIR.finditer(document.slice(block)):
                if any(pattern.fullmatch(name) for name in pair.groups()):
                    labels.update(pair.groups())
    told = {
        m[1]
        for b in document.blocks
        if b.kind in {"item", "paragraph"} and (m := LABEL.match(document.text, b.start, b.end))
    }
    if any(pattern.fullmatch(label) for label in told):
        labels.update(label for label in told if label.lower() not in LABELS and label.split()[0].lower() not in BASE)
    return {name for label in labels for name in _with_given(label)}


OWNER_HEADER = re.compile(
    r"\b(?:owners?|person|assigned|assignees?|who|responsible|lead|dri|members?|names?)\b",
    re.IGNORECASE,
)


def _with_given(name: str) -> set[str]:
    name = name.strip(" *_@.:()[]")
    parts = name.split()
    if not parts or not NAME.match(name):
        return {name} if name and len(parts) == 1 else set()
    return {name, parts[0]} if len(parts[0]) > 2 else {name}
