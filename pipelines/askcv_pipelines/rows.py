"""The journal's file as its parts see it: rows, transactions and a clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol


class Rows(Protocol):
    """The journal's file, as far as its parts need it."""

    now: Callable[[], float]

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def transaction(self) -> AbstractContextManager[None]: ...


class JournalFile(Rows, Protocol):
    """The same as a partition needs it: ``restored`` says so where the file was, and it has a last good copy."""

    path: Path
    restored: str

    def copy(self) -> None: ...
