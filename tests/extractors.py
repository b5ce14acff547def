"""Extractors for tests of what comes after extraction."""

from __future__ import annotations

from collections.abc import Iterator

from askcv_pipelines.values import Candidate, Document


class BulletExtractor:
    """Every bullet is a knowledge entry; one that begins with ``skill:`` names a skill."""

    name = "bullets"
    version = "1"

    def extract(self, document: Document) -> Iterator[Candidate]:
        for block in document.blocks:
            if block.kind != "item":
                continue
            quote = document.slice(block)
            if quote.startswith("skill: "):
                yield Candidate("skills", {"name": quote.removeprefix("skill: ")}, quote)
            else:
                yield Candidate("knowledge_entries", {"title": quote[:200], "content": quote}, quote)


class LyingExtractor:
    """Claims what no document says."""

    name = "lying"
    version = "1"

    def extract(self, document: Document) -> Iterator[Candidate]:
        yield Candidate("awards", {"title": "Nobel Prize"}, "won the Nobel Prize")


class PraiseExtractor:
    """Every bullet that begins with ``praise:`` is praise by the peer whom its last word names."""

    name = "praise"
    version = "1"

    def extract(self, document: Document) -> Iterator[Candidate]:
        for block in document.blocks:
            quote = document.slice(block).removeprefix("praise: ")
            author = quote.rstrip(".").rpartition(" ")[2]
            yield Candidate("testimonials", {"quote": quote, "author": author, "relationship": "peer"}, quote)
