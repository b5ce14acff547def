"""``askcv journal``: moving the journal to another machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from askcv_agents.cli.options import as_json, print_json

if TYPE_CHECKING:
    from askcv_pipelines.merging import Merged

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
@click.option("--merge", is_flag=True, help="Take it into this machine's journal, which keeps what it knows.")
@state_dir_option
@as_json
def import_file(file: Path, merge: bool, state_dir: Path | None, json_output: bool) -> None:
    """Take the journal in FILE over. This machine's own journal must have no items, unless --merge is given: then what
    either knows is kept, of two states the further one, and contradictions are listed.
    """
    from askcv_pipelines.journal import default_path
    from askcv_pipelines.transfer import import_journal, merge_journal

    target = default_path(_state_dir(state_dir))
    if merge:
        _show_merged(merge_journal(file, target), json_output)
        return
    moved = import_journal(file, target)
    if json_output:
        print_json(vars(moved))
        return
    click.echo(f"{moved.items} items in {moved.batches} batches taken over; {moved.waiting} wait to be sent")
    click.echo("Do not submit from the other machine any more.")


def _show_merged(merged: Merged, json_output: bool) -> None:
    if json_output:
        print_json(vars(merged))
        return
    click.echo(f"{merged.items} items and {merged.batches} batches were new here; more is known of {merged.further}")
    for conflict in merged.conflicts:
        click.secho(f"contradiction: {conflict}", fg="yellow")
    if merged.conflicts:
        click.echo("This machine's word was kept. Look in the review inbox.")
    click.echo("Do not submit from the other machine any more.")


def _state_dir(given: Path | None) -> Path:
    from askcv_agents.config import Settings

    return Settings.load(state_dir=given).state_dir
