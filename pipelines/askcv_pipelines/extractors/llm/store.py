"""What is kept of a model's service, in ``llm.db`` beside the journal: answers by what was asked, the form of answer
that an endpoint takes, and the hosts that a person allowed.

A file of its own: it can be deleted and costs nothing but requests, it is not of one person's record, and ``askcv
extract`` writes it without opening the journal, which one process at a time may hold.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from askcv_agents.errors import JournalError

TABLES = """
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, value TEXT NOT NULL, made_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS endpoint (address TEXT PRIMARY KEY, form TEXT NOT NULL, without TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS host (name TEXT PRIMARY KEY, allowed_at REAL NOT NULL);
"""


class Store:
    """The file. Several threads and processes may use it at a time.

    Raises:
        JournalError: it cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)  # answers hold passages of people's documents: its owner alone reads it
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(TABLES)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def answer(self, key: str) -> Any:
        """What is kept under a key; None where nothing is."""
        row = self._one("SELECT value FROM answer WHERE key = ?", key)
        return json.loads(row[0]) if row else None

    def keep(self, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._one("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", key, text, time.time())

    def endpoint(self, address: str) -> tuple[str, frozenset[str]] | None:
        """The form of answer that an endpoint takes, and the parameters that it does not."""
        row = self._one("SELECT form, without FROM endpoint WHERE address = ?", address)
        return (row[0], frozenset(row[1].split())) if row else None

    def learn(self, address: str, form: str, without: frozenset[str]) -> None:
        self._one("INSERT OR REPLACE INTO endpoint VALUES (?, ?, ?)", address, form, " ".join(sorted(without)))

    def allows(self, host: str) -> bool:
        return self._one("SELECT 1 FROM host WHERE name = ?", host) is not None

    def allow(self, host: str) -> None:
        self._one("INSERT OR REPLACE INTO host VALUES (?, ?)", host, time.time())

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _one(self, sql: str, *values: Any) -> Any:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchone()
            except sqlite3.Error as error:
                raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> JournalError:
        return JournalError(f"{self.path} cannot be used: {error}", "It can be deleted: it holds answers to ask again.")
