"""The journal's file as its parts see it: rows, transactions and a clock."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Rows(Protocol):
    """The journal's file, as far as its parts need it."""

    now: Callable[[], float]

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor: ...

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def transaction(self) -> AbstractContextManager[None]: ...
