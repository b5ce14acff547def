"""``askcv dedup``: duplicate decisions alone, from files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from askcv_agents.cli.options import as_json, print_json

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("new", type=FILE)
@click.option("--against", required=True, type=FILE, metavar="EXISTING", help="What is known already.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the decisions as JSON, by id.")
@as_json
def dedup(new: Path, against: Path, out: Path | None, json_output: bool) -> None:
    """Decide for each item of NEW whether EXISTING holds it: duplicate, new, or for a person to review.

    Both files are JSON arrays of {"id", "domain", "payload"}. No network is used. A duplicate within NEW is named in
    "ofNew" of its decision.
    """
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.dedup.alone import decide_alone

    decisions = decide_alone(_read(new), _read(against))
    if out is not None:
        try:
            out.write_text(json.dumps(decisions, ensure_ascii=False, indent=1) + "\n", "utf-8")
        except OSError as error:
            raise ConfigError(f"{out} cannot be written: {error.strerror}", "Choose another file for --out.") from error
    if json_output:
        print_json(decisions)
        return
    if out is None:
        for name, decision in decisions.items():
            near = decision["of"] or decision["ofNew"]
            click.echo(f"{decision['decision']:9}  {name}{f' → {near}' if near else ''}  {decision['why']}".rstrip())
    counts = Counter(decision["decision"] for decision in decisions.values())
    click.echo(" · ".join(f"{kind} {counts[kind]}" for kind in ("duplicate", "review", "new")))


def _read(path: Path) -> Any:
    from askcv_agents.errors import ConfigError

    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is no JSON: {error}", 'Give an array of {"id", "domain", "payload"}.') from error
