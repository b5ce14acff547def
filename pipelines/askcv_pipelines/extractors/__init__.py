"""Extractors: a ``Document`` → ``Candidate``s, quote and fields, nothing else. Entry point ``askcv.extractors``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Protocol, Self, runtime_checkable

from askcv_agents.errors import ConfigError, ExtractorError
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Candidate, Document, Extracted

GROUP = "askcv.extractors"


class Extractor(Protocol):
    """Finds what a careful reader, acting for the document's subject, would stage.

    An extractor gives quotes, never offsets: ``verify`` looks for each quote in the document and rejects what does
    not stand there. ``version`` changes whenever the same document may give other candidates.
    """

    name: str
    version: str

    def extract(self, document: Document) -> Iterable[Extracted]:
        """The candidates of one document, in reading order. Beside them an extractor may give what it refused itself
        (``Rejection``), what it could not read (``Gap``) and what reading cost (``Usage``)."""
        ...


@runtime_checkable
class TellsFinished(Protocol):
    """An extractor that also tells which of the subject's actions a document marks as done, as candidates for
    ``coaching_action_items`` with the status "done". They add nothing: they are compared with actions that are known.
    """

    def finished(self, document: Document) -> Iterable[Candidate]: ...


@runtime_checkable
class SendingExtractor(Extractor, Protocol):
    """An extractor that sends text to another machine. It waits and keeps count there, so it runs in one process."""

    @classmethod
    def configured(cls, options: Mapping[str, Any]) -> Self:
        """One with these settings in the place of those of the environment; a None says nothing.

        Raises:
            ConfigError: a setting is missing or cannot be used.
        """
        ...

    @property
    def host(self) -> str:
        """Where text is sent."""
        ...

    @property
    def in_flight(self) -> int:
        """How many requests are on their way at a time, at most."""
        ...

    @property
    def allowed(self) -> bool:
        """Whether text may be sent there: it is this machine, or a person said so."""
        ...

    def allow(self) -> None:
        """Remembers that a person said so."""
        ...

    def masking(self, redactor: Redactor) -> Extractor:
        """This one, which sends nothing that the redactor masks."""
        ...

    def estimating(self) -> Extractor:
        """One that sends nothing and gives the ``Usage`` that this one would have, as far as that can be told."""
        ...


def candidates(found: Iterable[Extracted]) -> Iterator[Candidate]:
    """The candidates alone, of what an extractor gave."""
    return (each for each in found if isinstance(each, Candidate))


def asks_model(name: str) -> bool:
    """Whether the installed extractor of that name takes a model.

    Raises:
        ExtractorError: as ``extractor``.
    """
    return hasattr(_kind(name), "configured")


def extractor(name: str, options: Mapping[str, Any] | None = None) -> Extractor:
    """The installed extractor of that name, with ``options`` where it takes any.

    Raises:
        ExtractorError: there is none, or it cannot be loaded.
        ConfigError: it cannot be used with these options.
    """
    given = {key: value for key, value in (options or {}).items() if value is not None and value != ()}
    kind = _kind(name)
    if asks_model(name):
        made: Extractor = kind.configured(given)
        return made
    given.pop("state_dir", None)
    if given:
        words = ", ".join(sorted(key.replace("_", "-") for key in given))
        raise ConfigError(f"extractor {name!r} asks no model: it takes no {words}", "Use --extractor llm or hybrid.")
    plain: Extractor = kind()
    return plain


@cache
def _kind(name: str) -> Any:
    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        raise ExtractorError(f"no extractor {name!r} is installed", f"Installed: {', '.join(sorted(points))}.")
    try:
        return points[name].load()
    except ImportError as error:
        raise ExtractorError(f"extractor {name!r} cannot be loaded: {error}", "Install what it needs.") from error
