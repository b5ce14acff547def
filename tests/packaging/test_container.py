"""The Dockerfile and the compose file, as far as they can be checked where no container is built: they parse, what they
name is there, and the command of the image runs as it does there."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import click
import yaml

from askcv_agents.cli import cli
from askcv_agents.staging.app import Backend
from tests.conftest import browser_of

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
INSTRUCTIONS = {
    "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "STOPSIGNAL", "USER", "VOLUME",
    "WORKDIR",
}  # fmt: skip


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with their arguments, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def only(name: str) -> str:
    """The argument of the instruction that is there last."""
    return [argument for found, argument in instructions() if found == name][-1]


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return found


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in shlex.split(only("ENV")))


def serve() -> click.Command:
    command = cli.get_command(click.Context(cli), "serve")
    assert command is not None
    return command


def variables(command: click.Command) -> set[str]:
    return {str(parameter.envvar) for parameter in command.params if parameter.envvar}


# -- the Dockerfile ----------------------------------------------------------------------------------------------------


def test_the_instructions_are_known_and_the_image_is_for_nobody_of_power() -> None:
    names = [name for name, _ in instructions()]
    assert set(names) <= INSTRUCTIONS
    assert names[0] == "FROM"
    (made,) = re.findall(r"useradd .*--uid (\d+) (\w+)", "\n".join(argument for _, argument in instructions()))
    assert (only("USER"), int(made[0]) > 1000) == (made[1], True)
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_its_python_is_one_that_the_project_takes() -> None:
    versions = {re.match(r"python:(\d+\.\d+)-slim", image)[1] for name, image in instructions() if name == "FROM"}
    assert len(versions) == 1
    assert f"Programming Language :: Python :: {versions.pop()}" in PROJECT["project"]["classifiers"]


def test_what_it_copies_is_there_and_is_all_that_a_wheel_is_made_of() -> None:
    copied = [path.rstrip("/") for name, argument in instructions() if name == "COPY" for path in argument.split()[:-1]]
    assert [path for path in copied if not (ROOT / path).exists()] == []
    needed = [*PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], PROJECT["project"]["readme"]]
    needed += [*PROJECT["project"]["license-files"], PROJECT["tool"]["hatch"]["version"]["path"], "pyproject.toml"]
    assert [path for path in needed if not any(Path(path).is_relative_to(each) for each in copied)] == []


def test_the_extras_that_it_installs_are_the_projects() -> None:
    lists = re.findall(r"\[([\w,]+)\]'", " ".join(argument for _, argument in instructions()))
    named = {extra for found in lists for extra in found.split(",")}
    assert named == {"staging", "postgres", "mcp"}
    assert named - set(PROJECT["project"]["optional-dependencies"]) == set()


def test_its_command_is_a_script_of_the_project_with_options_that_there_are() -> None:
    (script,) = json.loads(only("ENTRYPOINT"))
    assert script in PROJECT["project"]["scripts"]
    name, *arguments = json.loads(only("CMD"))
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_context(name, arguments, resilient_parsing=False).close()
    assert set(environment()) - {"PYTHONUNBUFFERED"} <= variables(serve())


def test_port_volume_and_health_are_those_of_the_command(backend: Backend) -> None:
    (port,) = [parameter.default for parameter in serve().params if parameter.name == "port"]
    check = json.loads(only("HEALTHCHECK").partition("CMD")[2])
    (address,) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", check[-1])
    assert (only("EXPOSE"), address[0]) == (str(port), str(port))
    assert browser_of(backend).get(address[1]).status_code == 200
    assert Path(environment()["ASKCV_DATABASE"]).is_relative_to(only("VOLUME"))
    compile(check[-1], "HEALTHCHECK", "exec")


def test_the_command_runs_on_nothing_but_its_volume_and_is_found_healthy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    paths = os.pathsep.join(str(ROOT / part) for part in (".", "pipelines", "integrations"))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": paths, "HOME": "/nonexistent", "ASKCV_PORT": port}
    env |= environment() | {"ASKCV_DATABASE": str(tmp_path / "staging.db")}
    arguments = [argument.replace("0.0.0.0", "127.0.0.1") for argument in json.loads(only("CMD"))]
    server = subprocess.Popen([sys.executable, "-m", "askcv_agents.cli", *arguments], env=env, cwd=tmp_path)
    check = json.loads(only("HEALTHCHECK").partition("CMD")[2])[-1].replace("8765", port)
    try:
        until = time.monotonic() + 60
        while subprocess.run([sys.executable, "-c", check], capture_output=True, check=False).returncode:
            assert time.monotonic() < until, "it is not found healthy"
            time.sleep(0.2)
    finally:
        server.send_signal(getattr(signal, only("STOPSIGNAL")))
        assert server.wait(30) in {0, -signal.SIGTERM}  # the signal is raised again behind the graceful end
    assert {path.name for path in tmp_path.iterdir()} >= {"staging.db"}


# -- the compose file --------------------------------------------------------------------------------------------------


def test_services_name_one_another_their_volumes_and_variables_that_there_are() -> None:
    found = compose()
    services = found["services"]
    for service in services.values():
        assert ("build" in service) != ("image" in service)
        assert set(service.get("depends_on", ())) <= set(services)
        mounted = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert mounted <= set(found.get("volumes", ()))
        for other, wanted in service.get("depends_on", {}).items():
            assert wanted == {"condition": "service_healthy"}
            assert "healthcheck" in services[other]
    assert (ROOT / services["backend"]["build"] / "Dockerfile").exists()
    assert set(services["backend"]["environment"]) <= variables(serve()) | {
        option.envvar for option in serve().params if not option.expose_value
    }


def test_the_backend_reaches_the_database_under_the_name_user_and_base_it_has() -> None:
    import sqlalchemy as sa

    services = compose()["services"]
    given = services["backend"]["environment"]["ASKCV_DATABASE_URL"]
    url = sa.make_url(re.sub(r"\$\{[^}]*\}", "secret", given))
    database = services[url.host]["environment"]
    assert (url.username, url.database) == (database["POSTGRES_USER"], database["POSTGRES_DB"])
    assert re.findall(r"\$\{[^}]*\}", given) == [database["POSTGRES_PASSWORD"]]
    assert ":?" in database["POSTGRES_PASSWORD"]  # none has a default
    check = services[url.host]["healthcheck"]["test"][-1]
    assert shlex.split(check) == ["pg_isready", "-U", url.username, "-d", url.database]


def test_only_this_machine_reaches_the_backend_and_it_can_write_nowhere() -> None:
    backend = compose()["services"]["backend"]
    (published,) = backend["ports"]
    host, _, inside = published.rpartition(":")
    assert host.startswith("127.0.0.1:")
    assert inside == only("EXPOSE")
    assert backend["read_only"] is True
    assert backend["cap_drop"] == ["ALL"]
    assert "ports" not in compose()["services"]["database"]


def test_the_commands_of_its_comments_are_the_projects() -> None:
    comments = [line for line in (ROOT / "compose.yaml").read_text("utf-8").splitlines() if line.startswith("#")]
    named = re.findall(r"askcv ([a-z]+(?: create)?)", " ".join(comments))
    assert named == ["token create", "inbox"]
    for words in named:
        command: click.Command | None = cli
        for word in words.split():
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
