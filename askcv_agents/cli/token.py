"""``askcv token``: keeping a token, and making one for the bundled backend."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from askcv_agents.cli.backend import backend_of, database_option
from askcv_agents.cli.options import as_json, print_json


@click.group()
def token() -> None:
    """Keep a token in the keyring; make, list and revoke those of the staging backend."""


@token.command()
@click.option("--tenant", default="me", show_default=True, help="The person; made where there is none of that name.")
@click.option("--name", help="What it is for, to tell it from others.")
@click.option("--type", "kind", default="agent", show_default=True, type=click.Choice(["agent", "mcp", "extension"]))
@click.option("--scope", "scopes", multiple=True, help="A scope instead of the type's own; repeatable.")
@database_option
@as_json
def create(
    *, tenant: str, name: str | None, kind: str, scopes: tuple[str, ...], database: Path | None, json_output: bool
) -> None:
    """Make a token and print it. It is shown this once and kept as a hash only."""
    from typing import get_args

    from askcv_agents.wire import Scope

    if wrong := set(scopes) - set(get_args(Scope)):
        raise click.BadParameter(f"{', '.join(wrong)}: use {', '.join(get_args(Scope))}", param_hint="--scope")
    value = backend_of(database).principals.create_token(tenant, kind, scopes or None, name)
    if json_output:
        print_json({"token": value, "tenant": tenant, "type": kind})
    else:
        click.echo(value)


@token.command("list")
@click.option("--tenant", help="Those of one person (default: all).")
@database_option
@as_json
def list_tokens(tenant: str | None, database: Path | None, json_output: bool) -> None:
    """List the tokens: what they may do, when they were used last. The tokens themselves are not kept."""
    from askcv_agents.staging.clock import timestamp

    principals = backend_of(database).principals
    rows = [row for row in principals.tokens() if tenant in {None, row["tenant"]}]
    times = ("created_at", "last_used_at", "revoked_at")
    shown = [
        {name: row[name] for name in ("id", "hint", "name", "tenant", "type", "scopes")}
        | {name: timestamp(row[name]) if row[name] else None for name in times}
        for row in rows
    ]
    if json_output:
        print_json(shown)
        return
    for row in shown:
        state = f"revoked {row['revoked_at'][:10]}" if row["revoked_at"] else f"used {row['last_used_at'] or 'never'}"
        label = f" ({row['name']})" if row["name"] else ""
        click.echo(f"{row['id']}  {row['hint']}…  {row['tenant']}{label}  {','.join(row['scopes'])}  {state}")


@token.command()
@click.argument("token_id")
@database_option
def revoke(token_id: str, database: Path | None) -> None:
    """End the token with that id (`askcv token list` shows it): it opens nothing from now on."""
    from askcv_agents.errors import ConfigError

    if not backend_of(database).principals.revoke_token(token_id):
        raise ConfigError(f"no token {token_id!r} that could be revoked", "Run `askcv token list` for their ids.")
    click.echo(f"revoked {token_id}")


@token.command("set")
@click.option("--base-url", metavar="URL", help="The service it is for (default: $ASKCV_BASE_URL, else the live one).")
def keep(base_url: str | None) -> None:
    """Keep a token in the system's keyring, so that no file or variable holds it.

    It is asked for, or read from standard input; it is never an argument, since others see command lines.
    """
    from askcv_agents import secrets
    from askcv_agents.config import Settings, Token
    from askcv_agents.errors import ConfigError

    typed = click.prompt("Token", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.read()
    value = Token(typed.strip()).value
    if not value:
        raise ConfigError("there is no token on standard input", "Type it when asked, or pipe it in.")
    settings = Settings.load(base_url=base_url)
    secrets.keep(settings.base_url, value)
    click.echo(f"kept in the keyring for {settings.base_url}")
