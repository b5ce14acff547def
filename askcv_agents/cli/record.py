"""``askcv export`` and ``askcv profile``: what the service holds."""

from __future__ import annotations

from pathlib import Path

import click

from askcv_agents.cli.options import as_json, client, print_json, service_options


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
