"""``askcv tools`` and ``askcv mcp``: what agents are offered."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from askcv_agents.cli.options import as_json, print_json, service_options, settings

if TYPE_CHECKING:
    from askcv_agents.toolbox import Toolbox

BEARER = "ASKCV_MCP_BEARER"


@click.command()
@as_json
def tools(json_output: bool) -> None:
    """List the tools of the catalogue, by toolset: name, what it needs, what it does."""
    from askcv_pipelines.tools import TOOLSETS

    if json_output:
        print_json(
            [
                {
                    "name": spec.name,
                    "title": spec.title,
                    "toolset": toolset,
                    "description": spec.description,
                    "scopes": list(spec.scopes),
                    "hints": vars(spec.hints),
                    "inputSchema": spec.input_model.model_json_schema(),
                    "outputSchema": spec.output_model.model_json_schema(),
                }
                for toolset, specs in TOOLSETS.items()
                for spec in specs
            ]
        )
        return
    for toolset, specs in TOOLSETS.items():
        for spec in specs:
            kind = "reads" if spec.hints.read_only else "writes"
            needs = f"needs {' or '.join(spec.scopes)}" if spec.scopes else "needs no scope"
            click.secho(f"{spec.name}", bold=True, nl=False)
            click.echo(f"  ({toolset}; {kind}; {needs})\n{click.wrap_text(spec.description, 100, '  ', '  ')}\n")


@click.group(invoke_without_command=True)
@service_options
@click.option("--read-only", is_flag=True, help="Offer no tool that writes.")
@click.option("--toolsets", default="read,documents,write", show_default=True, help="Which tools, by commas.")
@click.option(
    "--approve",
    type=click.Choice(["ask", "never"]),
    default="ask",
    show_default=True,
    help="Before a tool writes: ask the person through the client, or leave it to the review inbox.",
)
@click.option(
    "--roots",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A folder whose files may be opened; repeatable. Without it documents come as text.",
)
@click.option("--http", is_flag=True, help=f"Serve over HTTP at /mcp, with the bearer in ${BEARER}.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: where to listen.")
@click.option("--port", default=8766, show_default=True, help="With --http: where to listen.")
@click.option("--no-auth", is_flag=True, help="With --http on this machine: no bearer. For tests.")
@click.pass_context
def mcp(
    context: click.Context,
    base_url: str | None,
    state_dir: Path | None,
    read_only: bool,
    toolsets: str,
    approve: Literal["ask", "never"],
    roots: tuple[Path, ...],
    http: bool,
    host: str,
    port: int,
    no_auth: bool,
) -> None:
    """Serve the tools to an MCP client over standard input and output, or over HTTP.

    `askcv mcp config --client NAME` prints what to put in a client's settings.
    """
    if context.invoked_subcommand is not None:
        return
    from askcv_agents.errors import ConfigError

    try:
        from mcp_askcv import mcp_toolbox, serve_stdio
    except ImportError as error:
        raise ConfigError("the MCP library is not installed", "Run: pip install 'askcv-agents[mcp]'") from error
    from askcv_pipelines.agent.desk import Desk

    toolbox = mcp_toolbox(
        settings(base_url, state_dir),
        toolsets=[name.strip() for name in toolsets.split(",") if name.strip()],
        read_only=read_only,
        approve=approve,
        desk=Desk(roots=roots),
    )
    if http:
        _serve_http(toolbox, host, port, no_auth)
    else:
        serve_stdio(toolbox)


def _serve_http(toolbox: Toolbox, host: str, port: int, no_auth: bool) -> None:
    from mcp_askcv.http import serve_http

    bearer = None if no_auth else os.environ.get(BEARER)
    click.echo(f"http://{host}:{port}/mcp", err=True)
    if bearer is None and not no_auth:
        bearer = secrets.token_urlsafe(32)
        click.echo(f"bearer, for this run (set {BEARER} to choose it): {bearer}", err=True)
    serve_http(toolbox, bearer=bearer, host=host, port=port)


@mcp.command()
@click.option("--client", "client_name", required=True, type=click.Choice(["claude-desktop", "claude-code", "cursor",
              "vscode", "codex", "http"]), help="The MCP client.")  # fmt: skip
def config(client_name: str) -> None:
    """Print what to put in an MCP client's settings, and where."""
    from askcv_agents.cli.clients import SNIPPETS

    where, snippet = SNIPPETS[client_name]
    click.echo(f"{where}:", err=True)
    click.echo(snippet)
