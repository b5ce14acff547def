"""``askcv doctor``: a running service beside the contract."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from askcv_agents.cli.options import as_json, print_json, service_options, settings

if TYPE_CHECKING:
    from askcv_agents.doctor import Examination, Finding, State

STATES: tuple[State, ...] = ("agrees", "differs", "not checked")
DIFFERS = 3
MCP_TOKEN = "ASKCV_MCP_TOKEN"  # noqa: S105 - the name of a variable


@click.command()
@service_options
@click.option("--write-probe", is_flag=True, help="Stage one item too, which asks to be rejected; asks before.")
@click.option("--yes", is_flag=True, help="Do not ask before the write probe.")
@click.option(
    "--overlay",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the names and paths that were found in the place of the contract's; ASKCV_OVERLAY=FILE uses them.",
)
@click.option("--all", "everything", is_flag=True, help="List what agrees too.")
@as_json
def doctor(
    *,
    base_url: str | None,
    state_dir: Path | None,
    write_probe: bool,
    yes: bool,
    target: Path | None,
    everything: bool,
    json_output: bool,
) -> None:
    """Compare a running service with docs/contract.md: paths, status codes, bodies, headers, scopes, MCP tools.

    Without --write-probe nothing is changed there. An overlay in use is taken into account. The tools of the MCP
    endpoint are seen with a token for it, in $ASKCV_MCP_TOKEN. Exit code 3: something differs.
    """
    from dataclasses import replace

    from askcv_agents.client import Client
    from askcv_agents.config import Token
    from askcv_agents.doctor import ANNOUNCED, Examination, examine, probe
    from askcv_agents.overlay import Overlay

    chosen = settings(base_url, state_dir)
    exam = Examination(chosen.require_token(), Overlay.load(chosen.overlay) if chosen.overlay else Overlay())
    given = os.environ.get(MCP_TOKEN, "").strip()
    if write_probe and not yes:
        click.confirm(f"{ANNOUNCED}\nSend it to {chosen.base_url}?", abort=True, err=True)
    with Client(replace(chosen, overlay=None)) as service:  # the examination translates, and learns
        findings = list(service.stream(examine(exam, Token(given) if given else None)))
        if write_probe:
            findings += service.stream(probe(exam))
    if target is not None:
        _write(target, exam)
    counts = Counter(found.state for found in findings)
    if json_output:
        print_json(
            {
                "service": chosen.base_url,
                "counts": {state: counts[state] for state in STATES},
                "findings": [asdict(found) for found in findings],
            }
        )
    else:
        _show(chosen.base_url, findings, everything=everything)
        if target is not None:
            click.echo(f"The names and paths found are in {target}. To use them: ASKCV_OVERLAY={target}")
    if counts["differs"]:
        click.get_current_context().exit(DIFFERS)


def _show(base_url: str, findings: Sequence[Finding], *, everything: bool) -> None:
    """What agrees is counted by area; what differs and what was not checked is said line by line."""
    click.echo(f"{base_url} beside docs/contract.md (D documented, A assumed)")
    shown = [found for found in findings if everything or found.state != "agrees"]
    for area in dict.fromkeys(found.area for found in findings):
        agrees = sum(found.area == area and found.state == "agrees" for found in findings)
        click.echo(f"{area:<8} {agrees:>3} agree")
        for found in shown:
            if found.area == area:
                said = f": {found.found}" if found.found else ""
                line = f"    {found.state:<11}  {found.basis[0].upper()}  {found.what}{said}"
                click.secho(line, fg={"differs": "red", "not checked": "yellow"}.get(found.state))
    counts = Counter(found.state for found in findings)
    click.echo(f"{counts['agrees']} agree, {counts['differs']} differ, {counts['not checked']} not checked")


def _write(target: Path, exam: Examination) -> None:
    from askcv_agents.errors import ConfigError

    try:
        target.write_text(exam.overlay.to_toml(), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}", "Give another --overlay.") from error
