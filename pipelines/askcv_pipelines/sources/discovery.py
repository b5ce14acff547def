"""Which documents a list of references means: files, folders, and https addresses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from askcv_agents.errors import SourceError
from askcv_pipelines.sources import suffixes
from askcv_pipelines.values import Failure

Reference: TypeAlias = Path | str
"""A file or folder, or an ``https`` address as text."""


@dataclass(frozen=True)
class Found:
    """A document to read, and the name it is shown by: relative to the folder it was found in."""

    reference: Reference
    name: str


@dataclass
class Discovery:
    """The documents, each once and in order, and the folders that could not be looked into."""

    documents: dict[Reference, Found] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def add(self, reference: Reference, key: Reference, name: str) -> None:
        self.documents.setdefault(key, Found(reference, storable_name(name)))


def discover(references: Sequence[Reference]) -> Discovery:
    """Files and addresses as given; folders with every readable file in them, hidden ones left out.

    Raises:
        SourceError: a file or folder that was given does not exist.
    """
    found = Discovery()
    for reference in references:
        if isinstance(reference, str):
            # A query may hold a secret; the name is shown, and goes along as evidence.
            found.add(reference, reference, reference.partition("?")[0].partition("#")[0])
        elif _is_folder(reference):
            _look_into(reference, found)
        else:
            found.add(reference, reference.absolute(), reference.name)
    return found


def _is_folder(path: Path) -> bool:
    try:
        path.stat()
        return path.is_dir()
    except OSError as error:
        hint = "Check the path."
        raise SourceError(f"{storable_name(str(path))}: cannot be read ({error.strerror})", hint) from error


def _look_into(folder: Path, found: Discovery) -> None:
    before = len(found.documents) + len(found.failures)
    endings = suffixes()

    def unreadable(error: OSError) -> None:
        name = storable_name(str(error.filename))
        found.failures.append(Failure(name, f"{name}: cannot be looked into ({error.strerror})", "Check permissions."))

    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in endings:
                found.add(path, path.absolute(), path.relative_to(folder).as_posix())
    if len(found.documents) + len(found.failures) == before:
        name = storable_name(str(folder))
        hint = f"Readable: {', '.join(sorted(endings))}."
        found.failures.append(Failure(name, f"{name}: holds no readable document", hint))


def storable_name(name: str) -> str:
    """A file name as text that every file and database can hold."""
    return os.fsencode(name).decode("utf-8", "replace")
