"""``askcv extract`` and ``askcv sync``: from documents to items, and on to the review inbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askcv_agents.cli.options import as_json, client, document_options, drive, print_json, service_options

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
    from askcv_agents.cli.show import print_documents, print_failures
    from askcv_pipelines.report import as_data

    report = _offline(_pipeline(given).extract(_existing(given["paths"])))
    if json_output:
        print_json(as_data(report))
    else:
        print_documents(report)
        print_failures(report)
        click.echo("items {items} · repeated {known} · rejected {rejected}".format(**report.counts))
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
    from askcv_agents.cli.show import print_documents, print_failures, print_run
    from askcv_pipelines.report import as_data

    pipeline, paths = _pipeline(given), _existing(given["paths"])
    with client(base_url, state_dir) as service:
        report = drive(service, pipeline.run(paths, service.settings, service.retry), quiet=json_output)
    if json_output:
        print_json(as_data(report))
    else:
        if show_items:
            print_documents(report)
        print_failures(report)
        print_run(report)
    ctx.exit(_exit_code(report))


def _pipeline(given: dict[str, Any]) -> Pipeline:
    from askcv_pipelines.extractors import extractor
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.values import Subject

    subject, aliases = given["subject"], given["aliases"]
    return Pipeline(
        subject=Subject(subject, aliases) if subject or aliases else None,
        extractor=extractor(given["extractor_name"]),
        kind=given["kind"],
        format=given["format_name"],
    )


def _existing(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    from askcv_agents.errors import SourceError

    for path in paths:
        if not path.exists():
            raise SourceError(f"{path}: there is no such file or folder", "Check the path.")
    return paths


def _offline(operation: Any) -> RunReport:
    """Drives an operation that asks for nothing from the network."""
    while True:
        try:
            next(operation)
        except StopIteration as end:
            report: RunReport = end.value
            return report


def _exit_code(report: RunReport) -> int:
    if report.failures and not report.results:
        return 1
    if report.unknown:
        return 5
    if report.waiting:
        return 4
    return 3 if report.failures else 0
