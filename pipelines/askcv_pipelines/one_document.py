"""One document's way from its file to verified items: the unit of work, in this process or another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from askcv_agents.domains import DOMAINS, Payload
from askcv_agents.errors import SourceError
from askcv_agents.wire import SourceKind
from askcv_pipelines.extractors import Extractor
from askcv_pipelines.reading import read, read_bytes
from askcv_pipelines.reading.subject import Whose
from askcv_pipelines.redact import redacted, redacted_json
from askcv_pipelines.sources.discovery import Found
from askcv_pipelines.values import Document, DocumentResult, Failure, Item
from askcv_pipelines.verify import verify_all


@dataclass(frozen=True)
class Work:
    """What is the same for every document of a run."""

    whose: Whose
    extractor: Extractor
    kind: SourceKind | None = None
    format: str | None = None
    keep_text: bool = False


def process(work: Work, found: Found) -> DocumentResult | Failure:
    """Reads, extracts, verifies and masks one document; one that cannot be read is a ``Failure``."""
    try:
        document = _read(work, found)
    except SourceError as error:
        return Failure(found.name, error.message, error.hint)
    items, rejections = verify_all(work.extractor.extract(document), document)
    masked: Counter[str] = Counter()
    ready = []
    for item in items:
        ready.append(_masked(item))
        masked.update(_findings(item))
    return DocumentResult(
        document.info, tuple(ready), rejections, dict(masked), document.text if work.keep_text else None
    )


def _read(work: Work, found: Found) -> Document:
    if isinstance(found.reference, Path):
        return read(found.reference, work.whose, kind=work.kind, format=work.format, name=found.name)
    from askcv_pipelines.pull.address import Fetcher  # noqa: PLC0415 - the HTTP library, for addresses alone

    fetched = Fetcher().fetch(found.reference)
    return read_bytes(fetched.raw, fetched.name, work.whose, kind=work.kind, format=work.format)


def _masked(item: Item) -> Item:
    """The item as it may leave: masked before it is compared, so that a later run recognises what was sent. The
    evidence stays the document's own text; its quote is masked on its way out."""
    payload, changed = redacted_json(item.payload.to_wire())
    return replace(item, payload=_fitted(DOMAINS[item.domain].model, payload)) if changed else item


def _fitted(model: type[Payload], payload: dict[str, Any]) -> Payload:
    """A mask can be longer than what it hides: texts that no longer fit are cut."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        for issue in error.errors():
            *path, last = issue["loc"]
            holder: Any = payload
            for part in path:
                holder = holder[part]
            holder[last] = holder[last][: issue["ctx"]["max_length"] - 1] + "…"
        return model.model_validate(payload)


def _findings(item: Item) -> Mapping[str, int]:
    return dict(redacted(item.evidence[0].quote)[1].items())
