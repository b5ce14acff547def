"""One document's way from its file to verified items: the unit of work, in this process or another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from askcv_agents.domains import DOMAINS
from askcv_agents.errors import SourceError
from askcv_agents.wire import SourceKind
from askcv_pipelines.events import Failure
from askcv_pipelines.extracted import Gap, Usage
from askcv_pipelines.extractors import Extractor, SendingExtractor, TellsFinished, candidates
from askcv_pipelines.reading import read, read_bytes
from askcv_pipelines.reading.attendance import PERSON
from askcv_pipelines.reading.subject import Whose
from askcv_pipelines.redact import PEOPLE, Kind, Redactor, masks_only
from askcv_pipelines.sources.discovery import Found
from askcv_pipelines.values import Candidate, Document, DocumentResult, Item, Rejection
from askcv_pipelines.verify import verify_all


@dataclass(frozen=True)
class Work:
    """What is the same for every document of a run."""

    whose: Whose
    extractor: Extractor
    kind: SourceKind | None = None
    format: str | None = None
    keep_text: bool = False
    redactor: Redactor = field(default_factory=Redactor)
    mask_names: bool = False


def process(work: Work, found: Found) -> DocumentResult | Failure:
    """Reads, extracts, verifies and masks one document; one that cannot be read is a ``Failure``."""
    try:
        document = _read(work, found)
    except SourceError as error:
        return Failure(found.name, error.message, error.hint)
    found_here = list(_extractor(work, document).extract(document))
    items, rejections = verify_all(candidates(found_here), document)
    refused = tuple(each for each in found_here if isinstance(each, Rejection))
    result = settled(document, items, (*refused, *rejections), work.redactor, mask_names=work.mask_names)
    return replace(
        result,
        document=replace(result.document, place=found.place),
        text=document.text if work.keep_text else None,
        finished=_finished(work.extractor, document, result.redactor),
        gaps=tuple(each for each in found_here if isinstance(each, Gap)),
        usage=sum((each for each in found_here if isinstance(each, Usage)), Usage()),
    )


def settled(
    document: Document, items: Sequence[Item], rejections: Sequence[Rejection], redactor: Redactor, *, mask_names: bool
) -> DocumentResult:
    """What a document gave, masked: an item whose label is nothing but a mask is a rejection too."""
    redactor = _knowing(redactor, document, items) if mask_names else redactor
    counts: Counter[str] = Counter()
    ready, emptied = [], []
    for item in items:
        masked, found_in_item = _masked(item, redactor)
        counts.update(found_in_item)
        if masks_only(masked.label):
            emptied.append(Rejection(_claim(item), document.id, "nothing_left", DOMAINS[item.domain].label))
        else:
            ready.append(masked)
    return DocumentResult(document.info, tuple(ready), (*rejections, *emptied), dict(counts), redactor)


def _finished(extractor: Extractor, document: Document, redactor: Redactor) -> tuple[Item, ...]:
    """What the document marks as done, where the extractor tells it; masked as items are."""
    if not isinstance(extractor, TellsFinished):
        return ()
    items, _ = verify_all(extractor.finished(document), document)
    masked = (_masked(item, redactor)[0] for item in items)
    return tuple(item for item in masked if not masks_only(item.label))


def _extractor(work: Work, document: Document) -> Extractor:
    """The extractor for this document: one that sends text elsewhere is told what it must not send."""
    if not isinstance(work.extractor, SendingExtractor):
        return work.extractor
    redactor = work.redactor
    if work.mask_names:
        redactor = redactor.knowing(document.named, document.subject.names)
    return work.extractor.masking(redactor)


def _read(work: Work, found: Found) -> Document:
    if isinstance(found.reference, Path):
        return read(found.reference, work.whose, kind=work.kind, format=work.format, name=found.name)
    from askcv_pipelines.pull.address import Fetcher  # noqa: PLC0415 - the HTTP library, for addresses alone

    fetched = Fetcher().fetch(found.reference)
    return read_bytes(fetched.raw, fetched.name, work.whose, kind=work.kind, format=work.format)


def _knowing(redactor: Redactor, document: Document, items: Sequence[Item]) -> Redactor:
    """A redactor that knows the document's people: whom it names, and whom its items name in fields for people."""
    fields = (str(item.payload.to_wire().get(name, "")) for item in items for name in sorted(PEOPLE))
    named = (name for name in fields if PERSON.fullmatch(name))
    return redactor.knowing((*document.named, *named), document.subject.names)


def _masked(item: Item, redactor: Redactor) -> tuple[Item, Counter[Kind]]:
    """The item as it may leave, and what was masked in it and its evidence. It is masked before it is compared, so that
    a later run recognises what was sent. The evidence stays the document's own text; it is masked on its way out."""
    original = item.payload.to_wire()
    payload, counts = redactor.json(original)
    proof = item.evidence[0]
    quoted = redactor.text(proof.quote)[1]
    around = redactor.text(proof.document, any_case=True)[1] | redactor.text(proof.locator)[1]
    # Fields and headings repeat what the quote says: it is counted once.
    counts = Counter({kind: quoted[kind] or counts[kind] or around[kind] for kind in counts | quoted | around})
    if payload == original:
        return item, counts
    return replace(item, payload=DOMAINS[item.domain].model.fitted(payload, original)), counts


def _claim(item: Item) -> Candidate:
    fields = item.payload.model_dump(exclude_none=True)
    return Candidate(item.domain, fields, item.evidence[0].quote, item.confidence)
