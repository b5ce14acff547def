"""``askcv journal``: moving the journal to another machine."""

from __future__ import annotations

from pathlib import Path

import click

from askcv_agents.cli.options import as_json, print_json

FILE = click.Path(dir_okay=False, path_type=Path)
state_dir_option = click.option(
    "--state-dir", type=click.Path(path_type=Path), help="Folder of the journal and other state."
)


@click.group()
def journal() -> None:
    """Move the journal to another machine, as one file. Use it on one machine at a time."""


@journal.command("export")
@click.argument("file", type=FILE)
@state_dir_option
@as_json
def export_file(file: Path, state_dir: Path | None, json_output: bool) -> None:
    """Write the whole journal to FILE, readable by you alone. No token is in it.

    It holds what was submitted, with its evidence. From then on use the other machine: what this one does afterwards
    is not known there, and two that submit would submit twice.
    """
    from askcv_pipelines.journal import default_path
    from askcv_pipelines.transfer import export_journal

    place = default_path(_state_dir(state_dir))
    moved = export_journal(place, file)
    if json_output:
        print_json(vars(moved))
        return
    click.echo(f"{moved.items} items in {moved.batches} batches written to {file}")
    if moved.waiting or moved.unknown:
        click.echo(f"{moved.waiting} wait and {moved.unknown} are unknown: go on with them on one machine only")
    click.echo("On the other machine: askcv journal import FILE")


@journal.command("import")
@click.argument("file", type=FILE)
@state_dir_option
@as_json
def import_file(file: Path, state_dir: Path | None, json_output: bool) -> None:
    """Take the journal in FILE over. This machine's own journal must have no items: nothing is overwritten or mixed."""
    from askcv_pipelines.journal import default_path
    from askcv_pipelines.transfer import import_journal

    moved = import_journal(file, default_path(_state_dir(state_dir)))
    if json_output:
        print_json(vars(moved))
        return
    click.echo(f"{moved.items} items in {moved.batches} batches taken over; {moved.waiting} wait to be sent")
    click.echo("Do not submit from the other machine any more.")


def _state_dir(given: Path | None) -> Path:
    from askcv_agents.config import Settings

    return Settings.load(state_dir=given).state_dir
