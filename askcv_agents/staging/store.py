"""The database: one engine, migrations, and the two ways to use it: ``read()`` and ``write()``."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from askcv_agents.errors import ConfigError
from askcv_agents.staging.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """A migrated database, SQLite or PostgreSQL. SQLite has one writer: they take turns, and a queue here is fairer
    than its busy time-out."""

    def __init__(self, url: str | sa.URL) -> None:
        parsed = _with_driver(sa.make_url(url))
        sqlite = parsed.get_backend_name() == "sqlite"
        self.url = parsed
        self._turn: AbstractContextManager[Any] = threading.Lock() if sqlite else nullcontext()
        # What a failed statement held stays out of errors and logs: it is somebody's text.
        self._engine = sa.create_engine(
            parsed,
            pool_size=16,
            max_overflow=16,
            hide_parameters=True,
            json_serializer=_compact,
            pool_pre_ping=not sqlite,
            pool_reset_on_return=None if sqlite else "rollback",  # every use here ends its transaction
        )
        self._reader = self._engine
        self._writer = self._engine
        if not sqlite:
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        if sqlite:
            sa.event.listen(self._engine, "connect", _on_connect)
            sa.event.listen(self._engine, "begin", _on_begin)
            self._writer = self._engine.execution_options(askcv_begin="BEGIN IMMEDIATE")
        try:
            self._migrate()
        except (sa.exc.DBAPIError, CommandError) as error:
            said = getattr(error, "orig", None) or error
            raise ConfigError(
                f"database {self.shown} cannot be used: {said}",
                "Give another --database, or upgrade askcv-agents.",
            ) from error

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction: all of it is stored, or nothing."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    @property
    def shown(self) -> str:
        """Where the database is, without its password."""
        sqlite = self.url.get_backend_name() == "sqlite"
        return str(self.url.database) if sqlite else self.url.render_as_string(hide_password=True)

    def answers(self) -> bool:
        """Whether the database can be asked."""
        try:
            with self.read() as connection:
                connection.execute(sa.select(1))
        except sa.exc.DBAPIError:
            return False
        return True

    def copy_to(self, place: Path) -> None:
        """A whole and consistent copy of a SQLite database, while it is in use.

        Raises:
            ConfigError: it is another database, or the copy cannot be written.
        """
        if self.url.get_backend_name() != "sqlite":
            raise ConfigError("only SQLite databases are copied here", "Use pg_dump and pg_restore for PostgreSQL.")
        try:
            place.touch(mode=0o600)
            with closing(sqlite3.connect(place)) as target, self._engine.connect() as connection:
                raw: Any = connection.connection.driver_connection
                raw.backup(target)
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(f"{place} cannot be written: {error}", "Give another place.") from error

    def empty(self) -> None:
        """Removes every row there is."""
        with self.write() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())

    def close(self) -> None:
        self._engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            if connection.dialect.name != "sqlite":  # of several processes that start at once, one migrates
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7202618)"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _with_driver(url: sa.URL) -> sa.URL:
    match url.get_backend_name():
        case "sqlite":
            return url
        case "postgresql" | "postgres":
            if find_spec("psycopg") is None:
                raise ConfigError("PostgreSQL needs psycopg", "Run: pip install 'askcv-agents[postgres]'")
            return url.set(drivername="postgresql+psycopg")
    raise ConfigError(
        f"database {url.render_as_string()!r} is not supported", "Use sqlite:///PATH or postgresql://HOST/NAME."
    )


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _on_connect(connection: Any, _: Any) -> None:
    # The driver's own BEGIN comes too late for migrations and cannot be IMMEDIATE: transactions are begun below.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("askcv_begin", "BEGIN"))
