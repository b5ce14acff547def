"""Migrations, both ways: what was there before is there after, and the tables are those the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from askcv_agents.staging import tables
from askcv_agents.staging.app import Backend, StagingConfig
from askcv_agents.staging.repository.items import Filter
from askcv_agents.staging.store import MIGRATIONS

ROWS = (
    "INSERT INTO tenant (id, name, created_at) VALUES ('ten_1', 'Maya', 1)",
    "INSERT INTO token (sha256, tenant_id, type, scopes, created_at) VALUES ('ab', 'ten_1', 'agent', '[]', 1)",
    "INSERT INTO batch (id, tenant_id, created_at) VALUES ('bat_1', 'ten_1', 1)",
    (
        "INSERT INTO item (id, tenant_id, batch_id, position, domain, payload, evidence, status, created_at) VALUES "
        """('itm_1', 'ten_1', 'bat_1', 0, 'skills', '{"name": "Go"}', '{"document": "a.md"}', 'approved', 1)"""
    ),
    (
        "INSERT INTO item (id, tenant_id, batch_id, position, domain, payload, status, created_at) VALUES "
        """('itm_2', 'ten_1', 'bat_1', 1, 'skills', '{"name": "Rust"}', 'pending', 1)"""
    ),
    (
        "INSERT INTO record (item_id, tenant_id, domain, payload, created_at, updated_at) VALUES "
        """('itm_1', 'ten_1', 'skills', '{"name": "Go"}', 2, 2)"""
    ),
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/old.db")
    sa.event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA foreign_keys=ON"))
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def migrate(connection: sa.Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if to < "0002" else command.upgrade)(config, to)
    connection.commit()


def held(connection: sa.Connection) -> list[Any]:
    items = connection.exec_driver_sql("SELECT id, domain, payload, status FROM item ORDER BY seq").all()
    tables = ("tenant", "token", "batch", "record")
    return [items, *(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in tables)]


def test_the_tables_after_all_migrations_are_those_the_code_knows(connection: sa.Connection) -> None:
    migrate(connection, "head")
    assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def test_rows_survive_every_migration_up_and_down(connection: sa.Connection, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    for statement in ROWS:
        connection.exec_driver_sql(statement)
    connection.commit()
    before = held(connection)
    for to in ("head", "0001", "head"):
        migrate(connection, to)
        assert held(connection) == before
    connection.close()

    backend = Backend.open(StagingConfig(f"sqlite:///{tmp_path}/old.db"))
    assert backend.worker.run_due() == 2
    page = backend.desk.page("ten_1", Filter("approved"))
    assert page.documents == ["a.md"]
    assert page.counts == {("approved", "skills"): 1, ("pending", "skills"): 1}
    entry = backend.knowledge.search("ten_1", "go", None, 0)[0]
    assert (entry["findings"], entry["text"]) == ([], "go")
    backend.store.close()


def test_everything_can_be_taken_down(connection: sa.Connection) -> None:
    migrate(connection, "head")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, "base")
    assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
