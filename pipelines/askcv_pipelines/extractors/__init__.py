"""Extractors: a ``Document`` → ``Candidate``s, quote and fields, nothing else. Entry point ``askcv.extractors``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from askcv_agents.errors import ExtractorError
from askcv_pipelines.values import Candidate, Document

GROUP = "askcv.extractors"


class Extractor(Protocol):
    """Finds what a careful reader, acting for the document's subject, would stage.

    An extractor gives quotes, never offsets: ``verify`` looks for each quote in the document and rejects what does
    not stand there. ``version`` changes whenever the same document may give other candidates.
    """

    name: str
    version: str

    def extract(self, document: Document) -> Iterable[Candidate]:
        """The candidates of one document, in reading order."""
        ...


@runtime_checkable
class TellsFinished(Protocol):
    """An extractor that also tells which of the subject's actions a document marks as done, as candidates for
    ``coaching_action_items`` with the status "done". They add nothing: they are compared with actions that are known.
    """

    def finished(self, document: Document) -> Iterable[Candidate]: ...


@cache
def extractor(name: str) -> Extractor:
    """The installed extractor of that name.

    Raises:
        ExtractorError: there is none, or it cannot be loaded.
    """
    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        raise ExtractorError(f"no extractor {name!r} is installed", f"Installed: {', '.join(sorted(points))}.")
    try:
        made: Extractor = points[name].load()()
    except ImportError as error:
        raise ExtractorError(f"extractor {name!r} cannot be loaded: {error}", "Install what it needs.") from error
    return made
