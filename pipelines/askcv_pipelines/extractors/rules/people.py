"""Who a name means: the subject, somebody else, both, or nobody in particular."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.words import BASE, GROUP, ING
from askcv_pipelines.names import TITLES, bare_name, given_name, is_label, label_pattern, name_pattern
from askcv_pipelines.reading.attendance import attendance
from askcv_pipelines.reading.speakers import LABELS
from askcv_pipelines.values import Document

Who = Literal["subject", "other", "both", "group"]

HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9][\w-]{0,38}")
NAME = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|van|der|von|da)){0,3}")
NICK = re.compile(r"[a-z][\w.-]{2,29}")
SEPARATOR = re.compile(r"\s*(?:[,;/&+|]|\band\b|\bor\b|\bwith\b|→)\s*")
NO_NAME = frozenset(
    "the this that these those there it we i you he she they a an in on at for from to if when while after before as "
    "and but or so also then next action actions todo all each every no not new add fix use update please see our my "
    "his her their your its note notes january february march april may june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday week day today yesterday tomorrow".split()
)


ACTING = re.compile(
    r"(?P<name>[A-Z][\w'’-]*[a-z](?: [A-Z][\w'’-]*[a-z]){0,2}) (?:also |then |has )?(?:"
    r"(?P<says>said|asked|noted|suggested|explained|mentioned|thanked|"
    r"(?:agreed|offered|volunteered|promised) to)|(?P<does>[a-z]+))\b"
)
ABSTRACT = re.compile(r".{3}(?:ity|ities|tions?|sions?|ments?|ness|ism|ship|ics|ware)\Z")
HE_OR_SHE = re.compile(r"\b(?:he|she|his|her)\b")
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
    """The people of one document. ``others`` are lower-case given names, full names and handles; ``surnames`` are
    theirs, and ``nicks`` those of their names that are written without a capital."""

    def __init__(self, document: Document) -> None:
        self.subject = name_pattern(document.subject)
        self._label = label_pattern(document.subject)
        self._posts = frozenset(_posts(document, self._label))
        pronouns = {"he", "she", "they"} & {alias.lower() for alias in document.subject.aliases}
        self.own_notes = "I" in document.subject.names
        named = {name for name in _named(document) if not self.is_subject(name)}
        own = {word.lower() for name in document.subject.names for word in name.split()}
        self.others = {name.lower() for name in named}
        self.nicks = frozenset(name for name in named if name.islower())
        self.surnames = {word for name in named if (word := _surname(name)) and word not in own}
        self.alone = self.subject is not None and (bool(pronouns) or self.own_notes or not self.others)

    def is_subject(self, name: str) -> bool:
        return self._label is not None and (bool(self._label.search(name)) or name.lower() in self._posts)

    def who(self, label: str) -> Who | None:
        """Whom an owner column, a speaker or a prefix means; ``None`` where it is no name."""
        label = label.strip(" *_`[]()<>:.-–—@\t\n")
        if not label or len(label) > 80:
            return None
        mine = other = False
        for part in SEPARATOR.split(label):
            if self.is_subject(part):
                mine = True
            elif part.lower().strip("@ ") in self.others | self.surnames or NAME.fullmatch(part) or HANDLE.match(part):
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
        theirs = [self._is_other(part) or bool(HANDLE.fullmatch(part)) for part in parts]
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
        if any(self.is_subject(part) for part in SEPARATOR.split(label)):
            return "both"
        first = label.split(maxsplit=1)[0].strip(STRIP).lower()
        if first in ING or is_past(first) or ABSTRACT.search(first):
            return None  # "Decided to keep notes", "Accessibility should be …"
        if first in NO_NAME or first in BASE or first in NO_OWNER or (label[:1].islower() and " " in label):
            return None
        return "group" if first in GROUP else "other"

    def other_in(self, words: Sequence[str]) -> bool:
        """Whether one of the words, as written, names another person; "will" is no Will."""
        return bool(self.others or self.surnames) and any(self._is_other(word) for word in words)

    def _is_other(self, name: str) -> bool:
        bare = name.lstrip("@")
        if bare.islower() and bare != name:
            return bare in self.others
        return bare in self.nicks if bare.islower() else bare.lower() in self.others | self.surnames


def _named(document: Document) -> set[str]:
    """Names of attendance lists, of speakers, of owner columns, and every handle."""
    found: set[str] = set(attendance(document.text, document.blocks))
    for block in document.blocks:
        if block.zone == "furniture":
            continue
        if block.speaker:
            found.add(block.speaker)
        elif block.kind == "cell" and block.header and OWNER_HEADER.search(block.header):
            found.update(part for part in _parts(document.slice(block)) if NAME.fullmatch(part) or NICK.fullmatch(part))
    found.update(handle.lstrip("@") for handle in HANDLE.findall(document.text))
    if document.kind == "meeting_notes":
        found.update(_labelled(document))
        found.update(_acting(document))
    named = {name for each in found for name in _with_given(each)}
    return {name for name in named if name.lower() not in NO_NAME and len(name) > 1}


def _acting(document: Document) -> Iterator[str]:
    """Names that begin a sentence and speak, or that "he" or "she" stands for behind them."""
    for sentence in document.sentences:
        said = document.text[sentence.start : sentence.end]
        acts = ACTING.match(said) if document.blocks[sentence.block].zone == "body" else None
        if acts and (acts["says"] or (is_past(acts["does"]) and HE_OR_SHE.search(said))):
            words = {word.lower() for word in acts["name"].split()}
            if words.isdisjoint(NO_NAME | NO_OWNER | GROUP | BASE | ING | LABELS):
                yield acts["name"]


def _posts(document: Document, label: re.Pattern[str] | None) -> Iterator[str]:
    """Roles that a form gives to the subject: "Officer: Ada Brook" says who the officer is; in minutes it is a call."""
    for block in document.blocks if document.kind == "performance_review" else ():
        if label is not None and block.speaker and is_label(block.speaker) and label.match(document.slice(block)):
            yield block.speaker.lower()


def _parts(cell: str) -> list[str]:
    return [part.strip(STRIP) for part in SEPARATOR.split(cell)] if len(cell) < 60 else []


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
    return labels


OWNER_HEADER = re.compile(
    r"\b(?:owners?|person|assigned|assignees?|who|responsible|lead|dri|members?|names?)\b",
    re.IGNORECASE,
)


def _with_given(name: str) -> set[str]:
    """A name as it stands, without titles, and its given name."""
    name = name.strip(" *_@.:()[]")
    if not name or (" " in name and not NAME.match(name)):
        return set()
    bare = bare_name(name)
    titled = " " in bare or name.split()[0].strip(".").lower() in TITLES  # "Prof Wei", and no "User Testing"
    return {name, given_name(name) or name, bare if titled and not is_label(name) else name}


def _surname(name: str) -> str | None:
    parts = bare_name(name).split()
    return parts[-1].lower() if len(parts) > 1 and NAME.fullmatch(name) and len(parts[-1]) > 2 else None
