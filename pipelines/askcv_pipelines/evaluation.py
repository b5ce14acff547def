"""Evaluation on a labelled corpus: documents in, prediction files out. Scoring is the corpus's own business."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from askcv_agents.errors import SourceError
from askcv_pipelines.extracted import Gap
from askcv_pipelines.extractors import Extractor, candidates
from askcv_pipelines.reading import read
from askcv_pipelines.values import Document, Item, Subject
from askcv_pipelines.verify import verify_all

# The fields that the scoring program compares, by the names that it has for them.
FIELDS = {"title": "title", "metric": "metric", "owner": "owner", "due": "due_on"}


def chosen(split: Path, only: Path | None = None, without: Path | None = None) -> Iterator[Path]:
    """The document folders of a split, in order; ``only`` and ``without`` list some of them."""
    wanted, unwanted = (_listed(path) if path else None for path in (only, without))
    for gold in sorted(split.glob("*/*/gold.json")):
        name = f"{gold.parent.parent.name}/{gold.parent.name}"
        if (wanted is None or name in wanted) and (unwanted is None or name not in unwanted):
            yield gold.parent


def labelled(folder: Path) -> tuple[Document, dict[str, Any]]:
    """A document of the corpus and its gold labels.

    Raises:
        SourceError: there is none, or it cannot be read.
    """
    gold: dict[str, Any] = json.loads((folder / "gold.json").read_text("utf-8"))
    about = gold.get("subject") or {}
    subject = Subject(about.get("name"), tuple(about.get("aliases", ())))
    document = next(iter(sorted(folder.glob("document.*"))), None)
    if document is None:
        raise SourceError("there is no document")
    return read(document, subject, kind=gold["kind"]), gold


def predict(folder: Path, extractor: Extractor) -> list[dict[str, Any]] | str:
    """What the extractor finds in one document and verification lets stand, or why the document was not read, whole."""
    try:
        document, _ = labelled(folder)
    except SourceError as error:
        return error.message
    found = list(extractor.extract(document))
    if gap := next((each for each in found if isinstance(each, Gap)), None):
        return f"partial, {gap.where}: {gap.reason}"
    items, _ = verify_all(candidates(found), document)
    return [prediction_of(item) for item in items]


def prediction_of(item: Item) -> dict[str, Any]:
    """An item as the scoring program reads it."""
    fields = {name: getattr(item.payload, field, None) for name, field in FIELDS.items()}
    prediction: dict[str, Any] = {
        "domain": item.domain,
        "quote": item.evidence[0].quote,
        "fields": {name: value for name, value in fields.items() if value is not None},
    }
    if item.domain == "skills":
        prediction["name"] = item.label
    return prediction


def _listed(path: Path) -> set[str]:
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("#")}
