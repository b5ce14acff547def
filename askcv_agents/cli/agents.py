"""``askcv tools`` and ``askcv mcp``: what agents are offered."""

from __future__ import annotations

from pathlib import Path

import click

from askcv_agents.cli.options import as_json, print_json, service_options, settings


@click.command()
@as_json
def tools(json_output: bool) -> None:
    """List the tools of the catalogue: name, what it needs, what it does."""
    from askcv_agents.tools import CATALOGUE

    if json_output:
        print_json(
            [
                {
                    "name": spec.name,
                    "title": spec.title,
                    "description": spec.description,
                    "scopes": list(spec.scopes),
                    "hints": vars(spec.hints),
                    "inputSchema": spec.input_model.model_json_schema(),
                    "outputSchema": spec.output_model.model_json_schema(),
                }
                for spec in CATALOGUE
            ]
        )
        return
    for spec in CATALOGUE:
        kind = "reads" if spec.hints.read_only else "writes"
        click.secho(f"{spec.name}", bold=True, nl=False)
        click.echo(
            f"  ({kind}; needs {' or '.join(spec.scopes)})\n{click.wrap_text(spec.description, 100, '  ', '  ')}\n"
        )


@click.command()
@service_options
@click.option("--read-only", is_flag=True, help="Offer no tool that writes.")
def mcp(base_url: str | None, state_dir: Path | None, read_only: bool) -> None:
    """Serve the tools to an MCP client over standard input and output.

    \b
    Client configuration:
      {"mcpServers": {"askcv": {"command": "askcv", "args": ["mcp"],
                                "env": {"ASKCV_TOKEN": "askcv_agt_..."}}}}
    """
    from askcv_agents.errors import ConfigError

    try:
        from mcp_askcv import serve_stdio
    except ImportError as error:
        raise ConfigError("the MCP library is not installed", "Run: pip install 'askcv-agents[mcp]'") from error
    serve_stdio(settings(base_url, state_dir), read_only=read_only)
