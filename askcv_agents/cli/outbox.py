"""``askcv outbox``: batches whose outcome is not known, and how a person settles them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from askcv_agents.cli.journal_of import own_partition
from askcv_agents.cli.options import as_json, print_json, service_options

if TYPE_CHECKING:
    from askcv_pipelines.partition import Partition

GUIDANCE = """
An unknown batch left, and no readable answer came: its items wait in the review inbox, or they do not. Look there.
  They are there:      askcv outbox resolve KEY --drop
  They are not there:  askcv outbox resolve KEY --resend
KEY can be its first characters; `askcv outbox show KEY` lists the items."""
SHORTEST = 4
"""Fewest characters of a key that stand for it."""


@click.group()
def outbox() -> None:
    """Show and settle batches that left and were never answered."""


@outbox.command("list")
@service_options
@as_json
def list_batches(base_url: str | None, state_dir: Path | None, json_output: bool) -> None:
    """List the batches that were refused or whose outcome is not known."""
    with own_partition(base_url, state_dir) as partition:
        found = [batch for batch in partition.outbox.open_batches() if batch.state in {"unknown", "refused"}]
    if json_output:
        print_json(
            [{"key": b.key, "state": b.state, "items": sum(b.items.values()), "detail": b.detail} for b in found]
        )
        return
    for batch in found:
        left = dt.datetime.fromtimestamp(batch.created_at).astimezone().strftime("%Y-%m-%d %H:%M")
        click.echo(f"{batch.key}  {batch.state}  {left}  {sum(batch.items.values())} items  {batch.detail}".rstrip())
    if any(batch.state == "unknown" for batch in found):
        click.echo(GUIDANCE)
    elif not found:
        click.echo("Nothing is unsettled.")


@outbox.command()
@click.argument("key")
@service_options
@as_json
def show(key: str, base_url: str | None, state_dir: Path | None, json_output: bool) -> None:
    """Show the items of the batch with that KEY."""
    with own_partition(base_url, state_dir) as partition:
        key = _whole(partition, key)
        items = partition.outbox.items(key)
    if json_output:
        print_json(items)
        return
    for item in items:
        click.echo(f"{item['state']:9} {item['domain']:22} {item['label']}")
        for issue in item["issues"]:
            click.echo(f"{'':9} {issue['path']}: {issue['message']}")
    if not items:
        click.echo("There is no such batch.", err=True)
        raise click.exceptions.Exit(1)


@outbox.command()
@click.argument("key")
@click.option("--resend", "verdict", flag_value="resend", help="The items are not in the inbox: send them again.")
@click.option("--drop", "verdict", flag_value="drop", help="They are there, or not wanted: leave it at that.")
@service_options
def resolve(key: str, verdict: str | None, base_url: str | None, state_dir: Path | None) -> None:
    """Settle the unknown batch with that KEY after a look into the review inbox.

    Nothing is asked of the service: --resend queues the batch again, --drop takes its items for sent.
    """
    if verdict is None:
        raise click.UsageError("Say --resend or --drop.")
    with own_partition(base_url, state_dir) as partition:
        key = _whole(partition, key)
        done = partition.outbox.resend(key) if verdict == "resend" else partition.outbox.drop(key)
    if not done:
        click.echo("No batch of that key is unknown, so there is nothing to settle; see `askcv outbox list`.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("It goes out with the next askcv sync." if verdict == "resend" else "Settled.")


def _whole(partition: Partition, key: str) -> str:
    """The key of the one batch that begins with ``key``; as it was given where there is none, or more than one."""
    found = [batch.key for batch in partition.outbox.open_batches() if batch.key.startswith(key)]
    return found[0] if len(found) == 1 and len(key) >= SHORTEST else key
