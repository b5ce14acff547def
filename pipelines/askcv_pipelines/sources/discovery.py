"""Which documents a list of references means: files, folders, globs, and https addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from askcv_agents.errors import SourceError
from askcv_pipelines.events import Failure
from askcv_pipelines.sources import suffixes

Reference: TypeAlias = Path | str
"""A file, a folder or a glob of them ("notes/*.md"), or an ``https`` address as text."""
_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Found:
    """A document to read, and the name it is shown by: relative to the folder it was found in."""

    reference: Reference
    name: str

    @property
    def place(self) -> str:
        """Where it is: an absolute path, or an address without what may hold a secret."""
        if isinstance(self.reference, str):
            return _bare(self.reference)
        return storable_name(os.path.normpath(self.reference.absolute()))


@dataclass
class Discovery:
    """The documents, each once and in order, and the folders that could not be looked into."""

    documents: dict[Reference, Found] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    """The folders that were looked into, globs' included: what was there and is not found was moved or deleted."""

    def add(self, reference: Reference, key: Reference, name: str) -> None:
        self.documents.setdefault(key, Found(reference, storable_name(name)))


def discover(references: Sequence[Reference]) -> Discovery:
    """Files and addresses as given; folders and globs with every readable file in them, hidden ones left out.

    Raises:
        SourceError: a file or folder that was given does not exist.
    """
    found = Discovery()
    for reference in references:
        if isinstance(reference, str):
            # A query may hold a secret; the name is shown, and goes along as evidence.
            found.add(reference, reference, _bare(reference))
        elif _is_glob(reference):
            _match(reference, found)
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


def _bare(address: str) -> str:
    return address.partition("?")[0].partition("#")[0]


def _is_glob(path: Path) -> bool:
    """Whether a path has the signs of a glob, and there is no file whose name has them."""
    return bool(_GLOB.search(str(path))) and not os.path.lexists(path)


def _match(pattern: Path, found: Discovery) -> None:
    """What a glob matches, named from the last folder before its first sign; ``**`` is any depth."""
    parts = pattern.parts
    first = next(n for n, part in enumerate(parts) if _GLOB.search(part))
    base, endings = Path(*parts[:first]), suffixes()
    before = len(found.documents) + len(found.failures)
    for path in sorted(base.glob(str(Path(*parts[first:])))):
        name = path.relative_to(base)
        if any(part.startswith(".") for part in name.parts):
            continue
        if path.is_dir():
            _look_into(path, found, named_from=base)
        elif path.suffix.lower() in endings:
            found.add(path, path.absolute(), name.as_posix())
    found.folders.append(storable_name(os.path.normpath(base.absolute())))
    if len(found.documents) + len(found.failures) == before:
        said = storable_name(str(pattern))
        found.failures.append(Failure(said, f"{said}: matches no readable document", "Quote the pattern."))


def _look_into(folder: Path, found: Discovery, named_from: Path | None = None) -> None:
    before = len(found.documents) + len(found.failures)
    endings = suffixes()
    found.folders.append(storable_name(os.path.normpath(folder.absolute())))

    def unreadable(error: OSError) -> None:
        name = storable_name(str(error.filename))
        found.failures.append(Failure(name, f"{name}: cannot be looked into ({error.strerror})", "Check permissions."))

    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in endings:
                found.add(path, path.absolute(), path.relative_to(named_from or folder).as_posix())
    if len(found.documents) + len(found.failures) == before:
        name = storable_name(str(folder))
        hint = f"Readable: {', '.join(sorted(endings))}."
        found.failures.append(Failure(name, f"{name}: holds no readable document", hint))


def storable_name(name: str) -> str:
    """A file name as text that every file and database can hold."""
    return os.fsencode(name).decode("utf-8", "replace")
