"""Which documents a list of references means: files, folders, and https addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from askcv_pipelines.sources import suffixes

Reference: TypeAlias = Path | str
"""A file or folder, or an ``https`` address as text."""


@dataclass(frozen=True)
class Found:
    """A document to read, and the name it is shown by: relative to the folder it was found in."""

    reference: Reference
    name: str


def discover(references: Sequence[Reference]) -> list[Found]:
    """Files and addresses as given; folders with every readable file in them, hidden ones left out. Each document
    once, in order."""
    found: dict[Reference, Found] = {}
    for reference in references:
        if isinstance(reference, str):
            # A query may hold a secret; the name is shown, and goes along as evidence.
            found.setdefault(reference, Found(reference, reference.partition("?")[0].partition("#")[0]))
        elif not reference.is_dir():
            found.setdefault(reference.absolute(), Found(reference, reference.name))
        else:
            for inner in _inside(reference):
                found.setdefault(inner.absolute(), Found(inner, inner.relative_to(reference).as_posix()))
    return list(found.values())


def _inside(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in suffixes()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    ]
