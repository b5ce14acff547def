"""The database: one engine, migrations, and the two ways to use it: ``read()`` and ``write()``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from askcv_agents.errors import ConfigError

MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """A migrated database. Writers take turns: SQLite has one, and a queue here is fairer than its busy time-out."""

    def __init__(self, url: str | sa.URL) -> None:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() != "sqlite":
            raise ConfigError(f"database {parsed.render_as_string()!r} is not supported", "Use sqlite:///PATH.")
        self.url = parsed
        self._turn = threading.Lock()
        # What a failed statement held stays out of errors and logs: it is somebody's text.
        self._engine = sa.create_engine(parsed, pool_size=16, max_overflow=16, hide_parameters=True)
        sa.event.listen(self._engine, "connect", _on_connect)
        sa.event.listen(self._engine, "begin", _on_begin)
        self._writer = self._engine.execution_options(askcv_begin="BEGIN IMMEDIATE")
        try:
            self._migrate()
        except (sa.exc.DatabaseError, CommandError) as error:
            said = getattr(error, "orig", None) or error
            raise ConfigError(
                f"database {parsed.database} cannot be used: {said}",
                "Give another --database, or upgrade askcv-agents.",
            ) from error

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction: all of it is stored, or nothing."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    def answers(self) -> bool:
        """Whether the database can be asked."""
        try:
            with self.read() as connection:
                connection.execute(sa.select(1))
        except sa.exc.DBAPIError:
            return False
        return True

    def close(self) -> None:
        self._engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _on_connect(connection: Any, _: Any) -> None:
    # The driver's own BEGIN comes too late for migrations and cannot be IMMEDIATE: transactions are begun below.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("askcv_begin", "BEGIN"))
