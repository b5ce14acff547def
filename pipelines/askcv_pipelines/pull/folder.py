"""Where a pull keeps what it fetched: a folder of JSON files and, beside them, one small file of what is known of each.

Every file is written beside its name and moved there whole, so that a reader, or a run after a kill, finds the old file
or the new one and never half of one.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askcv_agents.errors import ConfigError

STATE = ".askcv-pull.json"  # hidden: a folder's documents are those whose names do not start with a dot
VERSION = 1  # of what a file holds: state of another version is forgotten, and everything fetched again


@dataclass
class Folder:
    """A folder of pulled documents, readable by its owner alone. ``service`` is the base address they came from."""

    path: Path
    service: str
    _tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path, service: str) -> Folder:
        """Makes the folder where there is none, and reads its state.

        Raises:
            ConfigError: it cannot be made or written, or holds what came from another service.
        """
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(path, error) from error
        state = _state(path / STATE)
        if state.get("service", service) != service:
            raise ConfigError(
                f"folder {path} holds what was pulled from {state['service']}", "Give another folder with --out."
            )
        tags = state.get("tags") if state.get("version") == VERSION else None
        known = tags.items() if isinstance(tags, dict) else ()
        return cls(path, service, {name: tag for name, tag in known if isinstance(tag, str)})

    def tag(self, name: str) -> str | None:
        """The version that the file ``name`` holds, as the service names it; None where there is no such file."""
        return self._tags.get(name) if (self.path / name).is_file() else None

    def keep(self, name: str, document: dict[str, Any], tag: str | None) -> None:
        """Writes a document and remembers its version.

        The document comes first: a kill in between costs a second fetch. The other way round, an old document would
        pass for the new version.

        Raises:
            ConfigError: the folder cannot be written.
        """
        try:
            _write(self.path / name, document)
            if tag:
                self._tags[name] = tag
            else:
                self._tags.pop(name, None)
            _write(self.path / STATE, {"version": VERSION, "service": self.service, "tags": self._tags})
        except OSError as error:
            raise _unusable(self.path, error) from error


def _state(path: Path) -> dict[str, Any]:
    """What the state file holds; nothing where it is missing or damaged, which costs fetching again and no more."""
    try:
        state = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write(path: Path, value: dict[str, Any]) -> None:
    # A lone surrogate, which JSON can hold, is no UTF-8.
    content = json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    part = path.with_name(f".{path.name.removeprefix('.')}.part")
    part.unlink(missing_ok=True)  # left by a kill, with whatever mode it has
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _unusable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"folder {path} cannot be used: {error.strerror}", "Give another folder with --out.")
