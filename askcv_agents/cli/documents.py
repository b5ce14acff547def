"""``askcv extract`` and ``askcv sync``: from documents to items, and on to the review inbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askcv_agents.cli.events import Watch, drive, drive_offline
from askcv_agents.cli.options import as_json, client, document_options, print_json, service_options

if TYPE_CHECKING:
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.values import RunReport


@click.command()
@document_options
@as_json
@click.pass_context
def extract(ctx: click.Context, /, json_output: bool, **given: Any) -> None:
    """Show what documents hold: typed items, each with the passage that proves it.

    PATHS are files or folders. Nothing is sent anywhere and no token is needed.
    """
    from askcv_pipelines.report import as_data

    pipeline, paths = _pipeline(given)
    watch = Watch(show_items=True, keep=json_output)
    report = drive_offline(pipeline.extract(paths), watch)
    if json_output:
        print_json(as_data(report, watch.kept))
    else:
        click.echo("\nitems {items} · repeated {known} · rejected {rejected}".format(**report.counts))
    ctx.exit(_exit_code(report))


@click.command()
@document_options
@service_options
@click.option("--show-items", is_flag=True, help="Show every item with its evidence, not only the counts.")
@as_json
@click.pass_context
def sync(
    ctx: click.Context,
    /,
    base_url: str | None,
    state_dir: Path | None,
    show_items: bool,
    json_output: bool,
    **given: Any,
) -> None:
    """Extract items, leave out what is known, and submit the rest to the review inbox.

    PATHS are files or folders. Known is what the record holds and what this machine's journal has pending, unknown or
    declined. Run it again at any time: nothing is submitted twice.
    """
    from askcv_agents.cli.show import show_run
    from askcv_pipelines.report import as_data

    pipeline, paths = _pipeline(given)
    watch = Watch(show_items=show_items, keep=json_output)
    with client(base_url, state_dir) as service:
        report = drive(service, pipeline.run(paths, service.settings, service.retry), watch)
    if json_output:
        print_json(as_data(report, watch.kept))
    else:
        if show_items:
            click.echo()
        show_run(report)
    ctx.exit(_exit_code(report))


def _pipeline(given: dict[str, Any]) -> tuple[Pipeline, tuple[Path, ...]]:
    from askcv_agents.errors import SourceError
    from askcv_pipelines.engine import engine_for
    from askcv_pipelines.extractors import extractor
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.sources.discovery import discover
    from askcv_pipelines.values import Subject

    paths: tuple[Path, ...] = given["paths"]
    for path in paths:
        if not path.exists():
            raise SourceError(f"{path}: there is no such file or folder", "Check the path.")
    documents = len(discover(paths))
    if not documents:
        raise SourceError("there is no document to read", "Give files, or folders that hold readable ones.")
    subject, aliases = given["subject"], given["aliases"]
    pipeline = Pipeline(
        subject=Subject(subject, aliases) if subject or aliases else None,
        extractor=extractor(given["extractor_name"]),
        kind=given["kind"],
        format=given["format_name"],
        engine=engine_for(documents, given["workers"]),
    )
    return pipeline, paths


def _exit_code(report: RunReport) -> int:
    counts = report.counts
    if counts["failed"] and not counts["documents"]:
        return 1
    if counts["unknown"]:
        return 5
    if counts["waiting"]:
        return 4
    return 3 if counts["failed"] else 0
