"""Following a folder: when documents change, and when what waits may leave. Files are asked for their size and time of
change; nothing of the operating system's notifications is used, so network folders and synchronised ones work too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from askcv_agents.errors import SourceError
from askcv_pipelines.sources.discovery import Reference, discover

EVERY = 2.0
"""Seconds between two looks."""
QUIET = 3.0
"""Seconds for which nothing may change before a change counts: editors and synchronisation write in several steps."""
Look: TypeAlias = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True)
class Woken:
    """Why the wait ended: documents that ``changed`` or are new, some that are ``gone``, or what waits is ``due``."""

    changed: frozenset[Path] = frozenset()
    gone: bool = False
    due: bool = False


@dataclass
class Follower:
    """Looks at the documents of ``references`` until something is to be done. ``sleep`` and ``now`` are in seconds."""

    references: Sequence[Reference]
    sleep: Callable[[float], None]
    now: Callable[[], float]
    _seen: Look = field(default_factory=dict)

    def look(self) -> Look:
        """Every document there is, with its time of change and size. A folder that is away has none."""
        found: dict[Path, tuple[int, int]] = {}
        try:
            documents = discover(self.references).documents.values()
        except SourceError:
            return self._seen
        for document in documents:
            if isinstance(document.reference, Path):
                try:
                    stat = document.reference.stat()
                except OSError:
                    continue
                found[document.reference] = (stat.st_mtime_ns, stat.st_size)
        return found

    def start(self) -> None:
        """What is there now is known."""
        self._seen = self.look()

    def wait(self, due_in: float | None = None) -> Woken:
        """Returns when documents have changed and are quiet again, or in ``due_in`` seconds."""
        started, before, quiet_since = self.now(), self._seen, None
        while True:
            if due_in is not None and self.now() - started >= due_in:
                return self._woken(before, due=True)
            current = self.look()
            if current != before:
                before, quiet_since = current, self.now()
            elif quiet_since is not None and self.now() - quiet_since >= QUIET:
                if (woken := self._woken(current)) != Woken():
                    return woken
                quiet_since = None
            pause = EVERY if due_in is None else min(EVERY, max(0.0, due_in - (self.now() - started)))
            self.sleep(pause)

    def _woken(self, current: Look, *, due: bool = False) -> Woken:
        """What differs from what was known; from now on it is known. What is due is worth a look at everything."""
        changed = frozenset(path for path, state in current.items() if self._seen.get(path) != state)
        gone = bool(self._seen.keys() - current.keys())
        self._seen = current
        return Woken(changed, gone, due)
