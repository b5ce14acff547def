"""``askcv status``, ``export`` and ``profile``: what the service holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from askcv_agents.cli.events import Watch, drive
from askcv_agents.cli.options import as_json, client, print_json, service_options


@click.command()
@service_options
@as_json
def status(base_url: str | None, state_dir: Path | None, json_output: bool) -> None:
    """Ask what became of every open batch of this machine's journal, and show it."""
    from rich.console import Console
    from rich.table import Table

    from askcv_pipelines.follow_up import refresh

    with client(base_url, state_dir) as service:
        found = drive(service, refresh(service.settings, service.retry), Watch(quiet=json_output))
    if json_output:
        batches = [
            {
                "key": batch.key,
                "state": batch.state,
                "batchId": batch.batch_id,
                "detail": batch.detail,
                "createdAt": dt.datetime.fromtimestamp(batch.created_at, dt.UTC).isoformat(timespec="seconds"),
                "items": batch.items,
            }
            for batch in found.batches
        ]
        data = {"items": found.counts, "openBatches": batches, "refreshed": found.refreshed}
        print_json(data | {"documents": found.documents, "note": found.note})
        return
    table = Table(box=None, pad_edge=False)
    for column in ("batch", "state", "made", "items", ""):
        table.add_column(column)
    for batch in found.batches:
        made = dt.datetime.fromtimestamp(batch.created_at).astimezone().strftime("%Y-%m-%d %H:%M")
        items = " · ".join(f"{state} {count}" for state, count in batch.items.items())
        table.add_row(batch.batch_id or batch.key[:12], batch.state, made, items, batch.detail)
    if found.batches:
        Console(soft_wrap=True, highlight=False).print(table)
    if found.note:
        click.echo(found.note)
    states = " · ".join(f"{state} {count}" for state, count in found.counts.items())
    read = f"{found.documents} documents read; items: " if found.documents else ""
    click.echo(f"{read}{states or 'nothing was submitted from this machine yet'}")


@click.command()
@click.argument("domain")
@service_options
@as_json
def export(domain: str, base_url: str | None, state_dir: Path | None, json_output: bool) -> None:
    """Print the approved items of DOMAIN, oldest first."""
    from askcv_agents.domains import DOMAINS

    if domain not in DOMAINS:
        raise click.BadParameter(f"use one of {', '.join(DOMAINS)}", param_hint="DOMAIN")
    with client(base_url, state_dir) as service:
        items = list(service.export(domain))
    if json_output:
        print_json([item.to_wire() for item in items])
        return
    label = DOMAINS[domain].label
    for item in items:
        click.echo(f"{(item.created_at or '')[:10]:10}  {item.payload.get(label, item.id)}")
    click.echo(f"{len(items)} approved items in {domain}")


@click.command()
@service_options
@as_json
def profile(base_url: str | None, state_dir: Path | None, json_output: bool) -> None:
    """Print whose record the token opens, what it holds, and what the token may do."""
    with client(base_url, state_dir) as service:
        found = service.profile()
    if json_output:
        print_json(found.to_wire())
        return
    click.echo(f"{found.name or '(no name)'}  {found.tenant_id or ''}  at {service.settings.base_url}")
    click.echo(f"token: {found.token.type or 'type not told'}, scopes: {', '.join(found.token.scopes or ['not told'])}")
    for name, held in found.domains.items():
        click.echo(f"  {held.count:5}  {name}")
