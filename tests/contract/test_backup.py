"""Copies of the database, and the files that run the backend elsewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner, Result

from askcv_agents.cli import cli
from askcv_agents.errors import ConfigError
from askcv_agents.staging.app import Backend, StagingConfig

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_a_copy_made_while_it_runs_is_put_back_with_everything_that_was_there(tmp_path: Path) -> None:
    database, copy = tmp_path / "s.db", tmp_path / "copy.db"
    backend = Backend.open(StagingConfig(f"sqlite:///{database}"))
    backend.principals.create_token("Maya", "agent")
    assert run("backup", str(copy), "--database", str(database)).exit_code == 0
    assert copy.stat().st_mode & 0o077 == 0
    backend.principals.create_token("Jonas", "agent")
    backend.store.close()
    refused = run("restore", str(copy), "--database", str(database))
    assert isinstance(refused.exception, ConfigError)
    assert run("restore", str(copy), "--database", str(database), "--replace").exit_code == 0
    again = Backend.open(StagingConfig(f"sqlite:///{database}"))
    assert again.principals.tenant_names() == ["Maya"]
    again.store.close()


def test_a_copy_overwrites_nothing_and_what_is_no_database_is_not_put_back(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("something of mine, and long enough to be taken for a page of a database" * 100)
    assert isinstance(run("backup", str(other)).exception, ConfigError)
    assert isinstance(run("restore", str(other), "--database", str(tmp_path / "t.db")).exception, ConfigError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]


def test_the_container_runs_commands_and_options_that_exist() -> None:
    text = (ROOT / "Dockerfile").read_text()
    arguments = [word.strip('" ') for word in re.search(r"^CMD \[(.*)\]$", text, re.MULTILINE)[1].split(",")]
    command = cli.get_command(click.Context(cli), arguments[0])
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in arguments if word.startswith("--")} <= options
    for copied in re.findall(r"^COPY (.*)", text, re.MULTILINE):
        for name in shlex.split(copied)[:-1]:
            assert (ROOT / name).exists(), name
    extras = set(re.search(r"\.\[([\w,]+)\]", text)[1].split(","))
    assert extras == {"staging", "postgres", "mcp"}


def test_the_compose_file_has_the_backend_wait_for_its_database_and_no_password() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["backend"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["backend"]["ports"] == ["127.0.0.1:8765:8765"]
    assert "POSTGRES_PASSWORD:?" in services["backend"]["environment"]["ASKCV_DATABASE_URL"]


@pytest.mark.parametrize("url", ["postgresql+psycopg://x@localhost/none", "mysql://x/y"])
def test_a_database_that_cannot_be_used_is_said_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Backend.open(StagingConfig(url.replace("x@", "x:secret@") + "?connect_timeout=1"))
    assert "secret" not in str(raised.value)
