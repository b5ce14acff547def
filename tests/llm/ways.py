"""The two ways in which a model's item reaches verification: as an answer of the extractor ``llm``, and as an agent's
proposal. Both hold it against the same document by the same rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache

from askcv_pipelines.agent.proposals import proposed
from askcv_pipelines.extractors.llm.answers import read_answer
from askcv_pipelines.extractors.llm.chunks import Chunk, chunks
from askcv_pipelines.extractors.llm.judge import Judge
from askcv_pipelines.extractors.llm.schema import fields_of
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Candidate, Document, Item, Rejection
from askcv_pipelines.verify import verify
from tests.llm.adversarial import Proposed, data

LONG = {"knowledge_entries": "content", "testimonials": "quote", "coaching_action_items": "description"}


@cache
def prepared(document: Document) -> tuple[Chunk, Judge]:
    (chunk,) = chunks(document, Redactor())
    return chunk, Judge(document)


def judged(document: Document, item: Proposed) -> Item | Rejection:
    """What becomes of an item in an answer of the extractor."""
    chunk, judge = prepared(document)
    lines = {n: line.text for n, line in enumerate(chunk.lines, 1)}
    (proposal,) = read_answer(json.dumps({"items": [data(item, lines)]})).proposals
    result = judge.judge(proposal, chunk).result
    return verify(result, document) if isinstance(result, Candidate) else result


def fields(item: Proposed) -> dict[str, str]:
    """What it claims, under the domain's own names."""
    return fields_of(item.domain, {"title": item.title or "", **dict(item.more)})


def as_agent(document: Document, item: Proposed) -> Item | Rejection:
    """What becomes of the same item as an agent's proposal, with its quote as its long text."""
    long = {LONG[item.domain]: item.quote} if item.domain in LONG else {}
    return proposed(item.domain, {**fields(item), **long}, item.quote, document)


def stands(item: Proposed, result: Item | Rejection) -> bool:
    """Whether an item was accepted, with everything that it claims."""
    if isinstance(result, Rejection):
        return False
    held = result.payload.model_dump(exclude_none=True)
    return all(name in held for name in fields(item))


WAYS: Mapping[str, Callable[[Document, Proposed], Item | Rejection]] = {"extractor": judged, "agent": as_agent}
