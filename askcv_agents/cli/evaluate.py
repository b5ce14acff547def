"""``askcv eval``: predictions for a labelled corpus, as its scoring program reads them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from askcv_agents.cli.options import as_json, print_json

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
LIST = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eval")
@click.argument("split", type=FOLDER)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for predictions.")
@click.option("--only", type=LIST, help="A list of <kind>/<id>, a line each: those documents only.")
@click.option("--except", "without", type=LIST, help="Such a list: all documents but those.")
@click.option("--extractor", "extractor_name", default="rules", show_default=True)
@as_json
def evaluate(
    split: Path, out: Path, only: Path | None, without: Path | None, extractor_name: str, json_output: bool
) -> None:
    """Run an extractor over SPLIT (<kind>/<id>/document.* and gold.json) and write <kind>/<id>.json to --out.

    Kind and subject are taken from gold.json, and nothing else. Documents that cannot be read are listed; the exit
    code is 0 all the same.
    """
    from askcv_pipelines.evaluation import chosen, predict
    from askcv_pipelines.extractors import extractor

    tool = extractor(extractor_name)
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
