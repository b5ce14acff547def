"""Invented documents, read for the tests of the rules extractor."""

from __future__ import annotations

from askcv_agents.wire import SourceKind
from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Candidate, Document, Subject

ADA = Subject("Ada Brook", ("Ada", "@adab"))


def document(text: str, kind: SourceKind, subject: Subject | None = ADA, name: str = "notes.md") -> Document:
    return read_bytes(text.encode(), name, subject, kind=kind)


def minutes(text: str, subject: Subject = ADA) -> list[Candidate]:
    return list(RulesExtractor().extract(document(text, "meeting_notes", subject)))


def review(text: str, subject: Subject = ADA) -> list[Candidate]:
    return list(RulesExtractor().extract(document(text, "performance_review", subject)))


def own_words(text: str) -> list[Candidate]:
    """A first-person document whose author is not named."""
    return list(RulesExtractor().extract(document(text, "performance_review", Subject(None))))


def thread(text: str, subject: Subject = ADA) -> list[Candidate]:
    """A thread of mails about a change."""
    return list(RulesExtractor().extract(document(text, "code_review", subject, "thread.txt")))


def only(candidates: list[Candidate], domain: str) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.domain == domain]


def quotes(candidates: list[Candidate], domain: str) -> list[str]:
    return [candidate.quote for candidate in only(candidates, domain)]
