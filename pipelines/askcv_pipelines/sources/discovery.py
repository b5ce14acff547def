"""Which documents a list of paths means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askcv_pipelines.sources import suffixes


@dataclass(frozen=True)
class Found:
    """A document to read, and the name it is shown by: relative to the folder it was found in."""

    path: Path
    name: str


def discover(paths: Sequence[Path]) -> list[Found]:
    """Files as given; folders with every readable file in them, hidden ones left out. Each file once, in order."""
    found: dict[Path, Found] = {}
    for path in paths:
        if not path.is_dir():
            found.setdefault(path.absolute(), Found(path, path.name))
            continue
        for inner in sorted(path.rglob("*")):
            relative = inner.relative_to(path)
            hidden = any(part.startswith(".") for part in relative.parts)
            if not hidden and inner.suffix.lower() in suffixes() and inner.is_file():
                found.setdefault(inner.absolute(), Found(inner, relative.as_posix()))
    return list(found.values())
