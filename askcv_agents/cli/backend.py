"""``askcv serve`` and ``askcv inbox``: the bundled staging backend."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from askcv_agents.staging.app import Backend, StagingConfig

F = TypeVar("F", bound=Callable[..., Any])
URL_KEY = "askcv.database_url"


def database_option(command: F) -> F:
    """``--database`` for a file, or ``--database-url``; the command is given the file."""

    def keep_url(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        ctx.meta[URL_KEY] = value

    file = click.option(
        "--database",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="ASKCV_DATABASE",
        help="The SQLite file of the staging backend (default: staging.db in the state folder).",
    )
    url = click.option(
        "--database-url",
        envvar="ASKCV_DATABASE_URL",
        expose_value=False,
        callback=keep_url,
        metavar="URL",
        help="A database instead of the file, e.g. postgresql://user@host/name (needs the extra postgres).",
    )
    return file(url(command))


WILDCARDS = {"0.0.0.0", "::"}  # noqa: S104 - what a person may choose, never a default
port_option = click.option(
    "--port", default=8765, show_default=True, envvar="ASKCV_PORT", type=click.IntRange(1, 65535)
)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@port_option
@database_option
@click.option("--no-limits", is_flag=True, help="Turn the rate limits off.")
@click.option(
    "--trusted-host", "trusted", multiple=True, metavar="NAME", help="Another name it answers to; repeatable."
)
@click.option("--proxy", metavar="ADDRESS", help="A TLS proxy whose X-Forwarded-For and -Proto are believed.")
@click.option("--control", is_flag=True, help="Open /control, to reset, seed and disturb it; for tests of agents.")
@click.option(
    "--encoder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="ASKCV_STAGING_ENCODER",
    metavar="FOLDER",
    help="A model2vec model: searches and possible duplicates by meaning too (needs the extra encoder).",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def serve(
    *,
    host: str,
    port: int,
    database: Path | None,
    no_limits: bool,
    trusted: tuple[str, ...],
    proxy: str | None,
    control: bool,
    encoder: Path | None,
    log_format: str,
) -> None:
    """Run the staging backend until it is interrupted, and print a link to each inbox."""
    import socket

    config = _config(database, no_limits=no_limits, host=host, trusted=trusted)
    if control:
        config = _controlled(config)
    if encoder is not None:
        config = _encoded(config, encoder)
    from askcv_agents.errors import ConfigError
    from askcv_agents.staging.app import Backend, create_app
    from askcv_agents.staging.faults import drops_connections

    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}",
            "Choose another with --port, or stop what runs there.",
        ) from error
    import uvicorn

    _log_to_stderr(log_format)
    backend = Backend.open(config)
    shown = "127.0.0.1" if host in WILDCARDS else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}"
    click.echo(f"AskCV staging backend at {address} (database {backend.store.shown})")
    _print_links(backend, address)
    if config.control is not None:
        click.echo(f"  control plane at {address}/control, its token: {config.control.token}")
    server = uvicorn.Server(
        uvicorn.Config(
            drops_connections(create_app(config, backend)),
            log_config=None,  # one log, in one form
            access_log=False,  # addresses hold links and ids
            server_header=False,
            proxy_headers=proxy is not None,
            forwarded_allow_ips=proxy or "",
            timeout_graceful_shutdown=10,
        )
    )
    with listener:
        server.run(sockets=[listener])


@click.command()
@click.option("--tenant", help="Whose inbox (default: the only tenant there is).")
@port_option
@database_option
def inbox(tenant: str | None, port: int, database: Path | None) -> None:
    """Print a link that opens a review inbox once, within an hour. The backend must be running to follow it."""
    from askcv_agents.errors import ConfigError

    backend = backend_of(database)
    names = backend.principals.tenant_names()
    if tenant is None and len(names) == 1:
        tenant = names[0]
    key = backend.principals.create_link(tenant) if tenant else None
    if key is None:
        raise ConfigError(
            f"no tenant {tenant!r}" if tenant else "say whose inbox: there is not exactly one tenant",
            f"Use --tenant with one of: {', '.join(names)}." if names else "Make one with `askcv token create`.",
        )
    click.echo(f"http://127.0.0.1:{port}/inbox/open?key={key}")


@click.command()
@click.argument("place", type=click.Path(dir_okay=False, path_type=Path))
@database_option
def backup(place: Path, database: Path | None) -> None:
    """Copy the staging backend's SQLite database to PLACE, whole and consistent, while it runs."""
    from askcv_agents.errors import ConfigError

    if place.exists():
        raise ConfigError(f"{place} exists", "Give a place where there is nothing.")
    backend = backend_of(database)
    backend.store.copy_to(place)
    click.echo(f"copied {backend.store.shown} to {place}")


@click.command()
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Even where the database exists; what it holds is gone then.")
@database_option
def restore(copy: Path, replace: bool, database: Path | None) -> None:
    """Put a copy made by `askcv backup` in the place of the database. Stop the backend first."""
    import shutil

    from askcv_agents.errors import ConfigError
    from askcv_agents.staging.store import Store

    target = _place(database)
    if target.exists() and not replace:
        raise ConfigError(f"{target} exists", "Add --replace to overwrite it.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_name(f"{target.name}.restored")
    shutil.copyfile(copy, fresh)
    fresh.chmod(0o600)
    try:
        Store(f"sqlite:///{fresh}").close()  # it can be opened, and is of this version from now on
    except ConfigError:
        fresh.unlink()
        raise
    for suffix in ("-wal", "-shm"):
        target.with_name(f"{target.name}{suffix}").unlink(missing_ok=True)
    fresh.replace(target)
    click.echo(f"restored {target} from {copy}")


def _log_to_stderr(log_format: str) -> None:
    from askcv_agents.staging.logs import JsonLines

    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format == "json" else logging.Formatter("%(message)s"))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("askcv_agents.staging").setLevel(logging.INFO)


def _controlled(config: StagingConfig) -> StagingConfig:
    """With the control plane, on a clock that it can set; $ASKCV_CONTROL_TOKEN opens it, or one that is printed."""
    import secrets
    from dataclasses import replace

    from askcv_agents.staging.control import Control, ShiftedClock

    clock = ShiftedClock(config.now)
    token = os.environ.get("ASKCV_CONTROL_TOKEN") or f"askcv_ctl_{secrets.token_urlsafe(24)}"
    return replace(config, now=clock, control=Control(token, clock))


def _encoded(config: StagingConfig, folder: Path) -> StagingConfig:
    """With a model of this machine: no text leaves it."""
    from dataclasses import replace

    from askcv_pipelines.encoders import FolderEncoder

    encoder = FolderEncoder(folder)
    encoder.encode(["a word"])  # what is wrong with the folder is said now
    return replace(config, encoder=encoder)


def _print_links(backend: Backend, address: str) -> None:
    names = backend.principals.tenant_names()
    for name in names[:5]:
        click.echo(f"  inbox of {name}: {address}/inbox/open?key={backend.principals.create_link(name)}")
    if names:
        click.echo("  each link works once, for an hour; `askcv inbox` makes another")
    else:
        click.echo("  make a token with: askcv token create --tenant NAME")


def _place(database: Path | None) -> Path:
    from askcv_agents.config import Settings

    return database or Settings.load().state_dir / "staging.db"


def _config(database: Path | None, **options: Any) -> StagingConfig:
    from askcv_agents import wire
    from askcv_agents.errors import ConfigError

    try:
        from sqlalchemy import URL

        from askcv_agents.staging.app import StagingConfig
    except ImportError as error:
        raise ConfigError(
            f"the staging backend is not installed ({error.name})", "Run: pip install 'askcv-agents[staging]'"
        ) from error
    limits = None if options.get("no_limits") else wire.LIMITS
    hosts = _hosts(options.get("host"), options.get("trusted", ()))
    if given := click.get_current_context().meta.get(URL_KEY):
        return StagingConfig(given, limits=limits, hosts=hosts)
    place = _place(database)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.touch(mode=0o600)
    except OSError as error:
        raise ConfigError(f"database {place} cannot be used: {error.strerror}", "Give another --database.") from error
    return StagingConfig(URL.create("sqlite", database=str(place)), limits=limits, hosts=hosts)


def _hosts(host: str | None, trusted: Sequence[str]) -> tuple[str, ...]:
    """The names that the backend answers to."""
    if host in WILDCARDS and not trusted:
        return ("*",)
    return ("127.0.0.1", "localhost", "[::1]", *([host] if host else []), *trusted)


def backend_of(database: Path | None) -> Backend:
    config = _config(database)
    from askcv_agents.staging.app import Backend

    return Backend.open(config)
