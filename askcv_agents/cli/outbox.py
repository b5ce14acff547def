"""``askcv outbox``: batches whose outcome is not known, and how a person settles them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from askcv_agents.cli.options import as_json, client, print_json, service_options

if TYPE_CHECKING:
    from askcv_pipelines.journal import Partition

GUIDANCE = "Look in the review inbox: are the items there? askcv outbox resolve KEY --drop; are they not? --resend"


@click.group()
def outbox() -> None:
    """Show and settle batches that left and were never answered."""


@outbox.command("list")
@service_options
@as_json
def list_batches(base_url: str | None, state_dir: Path | None, json_output: bool) -> None:
    """List the batches that were refused or whose outcome is not known."""
    with _partition(base_url, state_dir) as partition:
        found = [batch for batch in partition.outbox.open_batches() if batch.state in {"unknown", "refused"}]
    if json_output:
        print_json(
            [{"key": b.key, "state": b.state, "items": sum(b.items.values()), "detail": b.detail} for b in found]
        )
        return
    for batch in found:
        click.echo(f"{batch.key}  {batch.state}  {sum(batch.items.values())} items  {batch.detail}")
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
    with _partition(base_url, state_dir) as partition:
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
    """Settle the unknown batch with that KEY after a look into the inbox."""
    if verdict is None:
        raise click.UsageError("Say --resend or --drop.")
    with _partition(base_url, state_dir) as partition:
        done = partition.outbox.resend(key) if verdict == "resend" else partition.outbox.drop(key)
    if not done:
        click.echo("There is no unknown batch with that key; see `askcv outbox list`.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("It goes out with the next askcv sync." if verdict == "resend" else "Settled.")


@contextmanager
def _partition(base_url: str | None, state_dir: Path | None) -> Iterator[Partition]:
    from askcv_pipelines.account import open_partition, tenant_of

    with client(base_url, state_dir) as service:
        tenant = service.run(tenant_of(service.settings, service.retry))
        with open_partition(service.settings, tenant) as partition:
            partition.outbox.left_behind()
            yield partition
