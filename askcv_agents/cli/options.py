"""Options that several commands share, and how they become settings, subjects and output."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from askcv_agents.client import Client
    from askcv_agents.config import Settings

F = TypeVar("F", bound=Callable[..., Any])

KINDS = ("performance_review", "meeting_notes", "code_review")

as_json = click.option("--json", "json_output", is_flag=True, help="Print JSON for programs (a stable form).")


class ReferenceType(click.ParamType[Path | str]):
    """A file, a folder, or an https address."""

    name = "path"

    def convert(self, value: Path | str, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        if isinstance(value, Path) or value.startswith("https://"):
            return value
        if value.startswith("http://"):
            self.fail(f"{value}: only https addresses are read.", param, ctx)
        return Path(value)


def service_options(command: F) -> F:
    """``--base-url`` and ``--state-dir``. A token is never an option: command lines are seen by others."""
    for option in (
        click.option("--base-url", metavar="URL", help="The service (default: $ASKCV_BASE_URL, else the live one)."),
        click.option("--state-dir", type=click.Path(path_type=Path), help="Folder of the journal and other state."),
    ):
        command = option(command)
    return command


def paths_argument(*, required: bool) -> Callable[[F], F]:
    """PATHS: what is read."""
    metavar = "PATHS..." if required else "[PATHS]..."
    return click.argument("paths", nargs=-1, required=required, type=ReferenceType(), metavar=metavar)


def document_options(command: F) -> F:
    """How it is read, and for whom."""
    for option in (
        click.option("--subject", metavar="NAME", help="The person whose record it is."),
        click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name of theirs; repeatable."),
        click.option(
            "--people",
            "people_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A people.toml (default: the one in the given folder).",
        ),
        click.option("--kind", type=click.Choice(KINDS), help="The kind of document (default: recognised)."),
        click.option("--format", "format_name", metavar="NAME", help="The format (default: recognised)."),
        click.option("--workers", type=click.IntRange(1), help="Processes to read with (default: as many as help)."),
        click.option("--engine", "engine_name", type=click.Choice(["processes", "dask"]), default="processes"),
        click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler (default: a cluster on this machine)."),
        click.option("--group", is_flag=True, help="Many small items of one project, heading or change become one."),
        click.option(
            "--cap",
            type=click.IntRange(1),
            metavar="N",
            help="With --group: at most so many a document (default: 12).",
        ),
        click.option("--extractor", "extractor_name", default="rules", show_default=True, metavar="NAME"),
    ):
        command = option(command)
    return command


def settings(base_url: str | None, state_dir: Path | None) -> Settings:
    from askcv_agents.config import Settings

    return Settings.load(base_url=base_url, state_dir=state_dir)


@contextmanager
def client(base_url: str | None, state_dir: Path | None) -> Iterator[Client]:
    from askcv_agents.client import Client

    with Client(settings(base_url, state_dir)) as made:
        yield made


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
