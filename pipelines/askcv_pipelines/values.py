"""The values that travel down the pipeline. All are frozen; each phase makes new ones.

    read(reference)               → Document
    extract(document)             → Candidate…
    verify(candidate, document)   → Item | Rejection
    decide(item, known)           → New | Duplicate | Review
    pack(items)                   → Batch
    submit(batch)                 → Receipt (``askcv_agents.wire``)

Offsets are of characters in ``Document.text``; for every ``Evidence`` ``document.text[start:end] == quote``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from askcv_agents.domains import DOMAINS, label_of
from askcv_agents.wire import SourceKind
from askcv_pipelines.extracted import Gap, Usage
from askcv_pipelines.redact import Redactor

if TYPE_CHECKING:
    from askcv_agents.domains import Payload

BlockKind = Literal["heading", "paragraph", "item", "cell", "code"]
Zone = Literal["body", "quote", "code", "diff", "signature", "template", "furniture"]
"""Where a block stands. Only ``body`` is what the document itself says; ``furniture`` is navigation, bots, headers."""
Voice = Literal["first_person", "letter", "minutes", "thread"]


@dataclass(frozen=True)
class Subject:
    """The person whose record it is. ``name`` is None where a first-person document never names its author."""

    name: str | None
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the person goes by, the full one first."""
        return tuple(dict.fromkeys(n for n in (self.name, *self.aliases) if n))


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item or table cell: ``document.text[start:end]``.

    ``level`` is a heading's level or a list item's depth, from 1. ``section`` is the path of headings above it.
    ``speaker`` is who says or wrote it, where the source tells. ``checked`` is the state of a checkbox. A cell knows
    its column's ``header`` and its ``row`` (counted over the document).
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    zone: Zone = "body"
    section: tuple[str, ...] = ()
    speaker: str | None = None
    checked: bool | None = None
    header: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a whole bullet or cell: ``document.text[start:end]`` inside ``document.blocks[block]``."""

    start: int
    end: int
    block: int


@dataclass(frozen=True)
class Part:
    """A stretch of a document, ``document.text[start:end]``, with its date (ISO 8601; None where it has none)."""

    start: int
    end: int
    date: str | None


@dataclass(frozen=True)
class RawDocument:
    """What a source gives: the canonical text and its blocks, before reading. ``date`` is ISO 8601; ``author`` is who
    wrote what a thread is about, where the source tells."""

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    date: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Document:
    """A document as the extractors see it. ``id`` is the name a person knows it by; ``sha256`` is of its bytes.
    ``named`` are its speakers, its author and who attended, as they are written there."""

    id: str
    kind: SourceKind
    text: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    subject: Subject
    sha256: str
    voice: Voice
    date: str | None = None
    parts: tuple[Part, ...] = ()
    title: str | None = None
    named: tuple[str, ...] = ()

    def date_at(self, offset: int) -> str | None:
        """The date of the part in which a passage stands, else the document's own."""
        here = next((part.date for part in self.parts if part.start <= offset < part.end), None)
        return here or self.date

    @property
    def info(self) -> DocumentInfo:
        return DocumentInfo(self.id, self.kind, self.subject, self.sha256, self.title)

    def slice(self, span: Block | Sentence) -> str:
        return self.text[span.start : span.end]


@dataclass(frozen=True)
class Candidate:
    """What an extractor claims: a domain, fields by their Python names, and the passage said to prove it.

    The quote is text, not an interval: ``verify`` finds where it stands, or rejects the candidate.
    """

    domain: str
    fields: Mapping[str, Any]
    quote: str
    confidence: float = 0.5


@dataclass(frozen=True)
class Evidence:
    """Where the proof stands: ``text[start:end] == quote`` in the document named ``document``.

    ``section`` is the path of headings above it, ``part`` the date of the part of a rolling document that it stands in,
    ``date`` that of the part, else of the document.
    """

    document: str
    start: int
    end: int
    quote: str
    source_kind: SourceKind
    locator: str = ""
    section: tuple[str, ...] = ()
    part: str | None = None
    date: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Item:
    """A candidate whose proof was found, or several that were grouped: ``parts``. ``evidence`` is never empty."""

    domain: str
    payload: Payload
    evidence: tuple[Evidence, ...]
    confidence: float = 0.5
    parts: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError("an item without evidence is no item")

    @property
    def label(self) -> str:
        """What a person knows it by."""
        return str(getattr(self.payload, DOMAINS[self.domain].label))


Reason = Literal["quote_not_found", "quote_changed", "figure_not_in_quote", "unit_not_in_quote", "name_not_in_source",
                 "words_not_in_quote", "negation_dropped", "negation_added", "opposite_of_quote",
                 "not_done", "date_not_in_source", "another_persons", "not_told", "echoed_example", "instruction",
                 "invalid_payload", "nothing_left"]  # fmt: skip


@dataclass(frozen=True)
class Rejection:
    """A candidate that is not submitted, and why. ``detail`` names the field or figure; it is counted and shown.
    ``nothing_left`` is said of one that is known by a text of which masking leaves nothing."""

    candidate: Candidate
    document: str
    reason: Reason
    detail: str = ""


KnownState = Literal[
    "approved", "pending", "queued", "unknown", "declined", "refused", "dropped", "done", "this run"
]  # fmt: skip


Extracted: TypeAlias = Candidate | Rejection | Gap | Usage
"""What an extractor gives of a document: claims, what it refused itself, what it could not read, what it cost."""


@dataclass(frozen=True)
class Known:
    """Something the record, the journal or this run already holds. ``passage`` is the quote that proved it, masked as
    it was sent, where that is known."""

    id: str
    domain: str
    payload: Mapping[str, Any]
    state: KnownState
    passage: str = ""

    @property
    def said(self) -> str:
        """What it says, in one line: its text where it has one, else what it is known by."""
        texts = (self.payload.get(name) for name in ("content", "quote", "description", "summary"))
        text = next((text for text in texts if isinstance(text, str) and text), "")
        return " ".join((text or label_of(self.domain, self.payload)).split())


DifferenceKind = Literal["figure", "unit", "per", "number", "version", "date", "negation", "opposite", "verb", "name",
                         "level", "wording", "person", "organization", "id", "degree", "title"]  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Where two items contradict: the new one says ``ours``, the known one ``theirs``; either can be empty. A
    ``decisive`` one makes them two facts, any other is for a person to judge."""

    kind: DifferenceKind
    decisive: bool
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.kind} {self.ours or '–'} / {self.theirs or '–'}"


@dataclass(frozen=True)
class New:
    """Not known. ``near`` is the nearest known item, where ``differences`` say why it is another."""

    item: Item
    near: Known | None = None
    score: float = 0.0
    why: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Duplicate:
    """The same as ``of``: not submitted. ``score`` is how surely, 0 to 1; ``by`` names the model that said so, where
    one did."""

    item: Item
    of: Known
    why: str
    score: float = 1.0
    by: str = ""


@dataclass(frozen=True)
class Review:
    """Near ``near``, and not surely the same: submitted, and marked. ``score`` is how surely it is the same."""

    item: Item
    near: Known
    score: float
    why: str
    differences: tuple[Difference, ...] = ()


Decision: TypeAlias = New | Duplicate | Review


@dataclass(frozen=True)
class BatchItem:
    """One item as it is to be sent, masked already. ``fingerprint`` is its identity in the journal."""

    fingerprint: str
    domain: str
    payload: Mapping[str, Any]
    evidence: Mapping[str, Any] | None


@dataclass(frozen=True)
class Batch:
    """At most 100 items under an immutable key, which is made of the items; the bytes never change with retries."""

    key: str
    body: bytes
    size: int


@dataclass(frozen=True)
class DocumentInfo:
    """A document without its text: what is said of it once it was read. ``place`` is its absolute path, or its address
    without a query; two documents can share an ``id``, and never a place."""

    id: str
    kind: SourceKind
    subject: Subject
    sha256: str
    title: str | None = None
    place: str = ""


@dataclass(frozen=True)
class DocumentResult:
    """What one document gave, before duplicates are decided. ``masked`` counts what was masked, by kind; ``redactor``
    masks the evidence when it leaves; ``text`` is kept only where it was asked for. ``finished`` are actions that the
    document marks as done: they are compared with known ones, and are no items. With ``gaps`` it is partial."""

    document: DocumentInfo
    items: tuple[Item, ...]
    rejections: tuple[Rejection, ...]
    masked: Mapping[str, int] = field(default_factory=dict)
    redactor: Redactor = field(default=Redactor(), repr=False)
    text: str | None = field(default=None, repr=False)
    finished: tuple[Item, ...] = ()
    gaps: tuple[Gap, ...] = ()
    usage: Usage = field(default=Usage())
