"""``askcv forget``: what this machine keeps of a document, or of a whole record, is removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from askcv_agents.cli.journal_of import own_partition
from askcv_agents.cli.options import as_json, print_json, service_options

if TYPE_CHECKING:
    from askcv_pipelines.forgetting import Forgetting, Forgotten


@click.command()
@click.argument("documents", nargs=-1, metavar="[DOCUMENT]...")
@click.option("--all", "everything", is_flag=True, help="Everything that this machine keeps of the record.")
@click.option("--yes", is_flag=True, help="With --all: do not ask whether that is meant.")
@service_options
@as_json
def forget(
    documents: tuple[str, ...],
    everything: bool,
    yes: bool,
    base_url: str | None,
    state_dir: Path | None,
    json_output: bool,
) -> None:
    """Remove what this machine's journal keeps of DOCUMENT: the path, address or name it was read by.

    Its quotes and the items that it alone gave are removed; those that wait are not sent any more. The document itself
    is not touched, and what the service holds has to be removed there.
    """
    if bool(documents) == everything:
        raise click.UsageError("Name the documents to forget, or say --all.")
    if everything and not yes:
        click.confirm("Forget everything that this machine keeps of this record?", abort=True, err=True)
    with own_partition(base_url, state_dir) as partition:
        forgetting = partition.forgetting
        done = forgetting.everything() if everything else _documents(forgetting, documents)
        partition.wiped()
    if json_output:
        print_json(vars(done))
    else:
        _tell(done, everything=everything)


def _documents(forgetting: Forgetting, documents: tuple[str, ...]) -> Forgotten:
    """Nothing is removed unless every name means one document."""
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.forgetting import Forgotten

    places = []
    for name in documents:
        found = forgetting.named(name)
        if not found:
            raise ConfigError(f"no document {name} is known", "Give the path it was read from; nothing was removed.")
        if len(found) > 1:
            paths = ", ".join(place.place for place in found)
            raise ConfigError(f"{name} means several documents: {paths}", "Give a path; nothing was removed.")
        places += found
    done = Forgotten()
    for place in places:
        forgetting.document(place, done)
    return done


def _tell(done: Forgotten, *, everything: bool) -> None:
    named = "; ".join(done.documents[:5]) + (" …" if len(done.documents) > 5 else "")
    click.echo(f"forgotten: {len(done.documents)} documents{f' ({named})' if named else ''}")
    if done.waiting:
        click.echo(f"{done.waiting} items that waited are removed and will not be sent")
    if done.sent:
        click.echo(f"{done.sent} items that were sent are removed here; the service holds what it was sent:")
        click.echo("  remove it in the review inbox, or in the record")
    if everything:
        click.echo("What waits in the inbox is not known here any more: syncing such a document would send it again.")
    elif done.sent:
        click.echo("  a fingerprint without text stays of each, so that none is sent twice")
    if done.shared:
        click.echo(f"{done.shared} items stay, since other documents gave them too; their quotes from here are removed")
    if done.unsettled:
        click.echo(f"{done.unsettled} items stay: they left and were never answered. Settle them with `askcv outbox`,")
        click.echo("  then forget the document again")
