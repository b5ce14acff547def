"""Verification: a candidate → ``Item | Rejection``. Shared by every extractor, and by items that an agent proposes.

An item's quote is the document's own text, and its fields claim nothing that the quote and its place do not hold
(``guards``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from askcv_agents.domains import parse_payload
from askcv_pipelines.guards import Passage, breaches
from askcv_pipelines.values import Candidate, Document, Evidence, Item, Rejection


def verify(candidate: Candidate, document: Document) -> Item | Rejection:
    """The candidate as an item with its evidence, or the reason why it is none."""
    interval = find(candidate.quote, document.text)
    if interval is None:
        return Rejection(candidate, document.id, "quote_not_found")
    start, end = interval
    quote = document.text[start:end]
    if found := next(breaches(Passage.of(document, start, end), candidate.fields), None):
        return Rejection(candidate, document.id, *found)
    wire_fields = {name: value for name, value in candidate.fields.items() if value is not None}
    payload = parse_payload(candidate.domain, wire_fields)
    if isinstance(payload, tuple):
        return Rejection(candidate, document.id, "invalid_payload", f"{payload[0].path}: {payload[0].message}")
    evidence = Evidence(
        document.id, start, end, quote, document.kind, locator(document, start), _section(document, start),
        part_of(document, start), document.date_at(start),
    )  # fmt: skip
    return Item(candidate.domain, payload, (evidence,), candidate.confidence)


def verify_all(candidates: Iterable[Candidate], document: Document) -> tuple[tuple[Item, ...], tuple[Rejection, ...]]:
    """Every candidate of a document, verified."""
    results = [verify(candidate, document) for candidate in candidates]
    items = tuple(result for result in results if isinstance(result, Item))
    return items, tuple(result for result in results if isinstance(result, Rejection))


def find(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote stands in the text: exactly, else with white space folded. A part of it is no match."""
    quote = quote.strip()
    if not quote:
        return None
    at = text.find(quote)
    if at >= 0:
        return at, at + len(quote)
    folded = re.compile(r"\s+".join(map(re.escape, quote.split())))
    found = folded.search(text)
    return found.span() if found else None


def locator(document: Document, start: int) -> str:
    """Where a passage stands, for a person: its headings and line."""
    line = document.text.count("\n", 0, start) + 1
    return " › ".join([*_section(document, start)[-2:], f"line {line}"])


def part_of(document: Document, start: int) -> str | None:
    """The date of the part that a passage stands in, in a document of several."""
    return document.date_at(start) if len(document.parts) > 1 else None


def _section(document: Document, start: int) -> tuple[str, ...]:
    at = bisect_right(document.blocks, start, key=lambda block: block.start) - 1
    return document.blocks[at].section if at >= 0 else ()
