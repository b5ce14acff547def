"""``askcv eval``: predictions for a labelled corpus, as its scoring program reads them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from askcv_agents.cli.model import chosen as extractor_of
from askcv_agents.cli.model import model_options
from askcv_agents.cli.options import as_json, print_json

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LIST = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eval")
@click.argument("split", type=FOLDER)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder for predictions.")
@click.option("--only", type=LIST, help="A list of <kind>/<id>, a line each: those documents only.")
@click.option("--except", "without", type=LIST, help="Such a list: all documents but those.")
@click.option("--extractor", "extractor_name", default="rules", show_default=True)
@click.option(
    "--compare", metavar="NAMES", help="Extractors side by side, e.g. rules,llm,hybrid: F1, cost, disagreements."
)
@model_options
@as_json
def evaluate(
    *,
    split: Path,
    out: Path | None,
    only: Path | None,
    without: Path | None,
    extractor_name: str,
    compare: str | None,
    json_output: bool,
    **given: Any,
) -> None:
    """Run an extractor over SPLIT (<kind>/<id>/document.* and gold.json) and write <kind>/<id>.json to --out.

    Kind and subject are taken from gold.json, and nothing else. Documents that cannot be read are listed; the exit
    code is 0 all the same. With --compare nothing is written: F1, disagreements and cost are printed, by a plain count
    of this program's own.
    """
    from askcv_pipelines.evaluation import chosen, predict

    if compare is not None:
        _compare(compare, list(chosen(split, only, without)), given, json_output)
        return
    if out is None:
        raise click.UsageError("Give --out FOLDER, or --compare NAMES.")
    tool = extractor_of(extractor_name, given)
    unread: dict[str, str] = {}
    written = 0
    for folder in chosen(split, only, without):
        name = f"{folder.parent.name}/{folder.name}"
        prediction = predict(folder, tool)
        if isinstance(prediction, str):
            unread[name] = prediction
            continue
        target = out / f"{name}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps({"items": prediction}, ensure_ascii=False, indent=1), "utf-8")
        written += 1
    if json_output:
        print_json({"written": written, "unread": unread})
        return
    for name, why in unread.items():
        click.echo(f"not read: {name}: {why}")
    click.echo(f"{written} predictions written to {out}, {len(unread)} documents not read")


def _compare(names: str, folders: list[Path], given: dict[str, Any], json_output: bool) -> None:
    from askcv_pipelines.comparison import as_rows, compared

    tools = [extractor_of(name.strip(), given if name.strip() != "rules" else {}) for name in names.split(",")]
    result = compared(tools, folders)
    rows = as_rows(result)
    if json_output:
        print_json({"rows": rows, "unread": result.unread})
        return
    heads = ("F1", "prec.", "recall", "items", "alone right", "wrong", "tokens")
    click.echo(" " * 12 + "".join(f"{head:>12}" for head in heads) + "  cost")
    for row in rows:
        cost = "–" if row["cost"] is None else f"{row['cost']:.4f}"
        shown = [f"{row[name]:12.3f}" for name in ("f1", "precision", "recall")]
        shown += [f"{row[name]:12,}" for name in ("items", "aloneRight", "aloneWrong", "tokens")]
        partial = f"  partial: {row['partial']} documents" if row["partial"] else ""
        click.echo(f"{row['extractor']:12}{''.join(shown)}  {cost}{partial}")
    for name, why in result.unread.items():
        click.echo(f"not read: {name}: {why}")
