"""``askcv extract``: from documents to items. And what it shares with ``askcv sync``: the pipeline of the options."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askcv_agents.cli.events import Watch, drive_offline
from askcv_agents.cli.model import chosen, consented, model_options
from askcv_agents.cli.options import as_json, document_options, paths_argument, print_json
from askcv_agents.cli.redaction import counted, redaction_options, redactor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from askcv_pipelines.dedup.vectors import Encoder
    from askcv_pipelines.engine import Engine
    from askcv_pipelines.events import RunReport
    from askcv_pipelines.extractors import Extractor
    from askcv_pipelines.people import People
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.sources.discovery import Reference
    from askcv_pipelines.values import Subject


@click.command()
@paths_argument(required=True)
@document_options
@redaction_options
@model_options
@click.option("--estimate", is_flag=True, help="Say what a model would be asked, and ask nothing.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Write a report page.")
@as_json
@click.pass_context
def extract(ctx: click.Context, /, json_output: bool, html_file: Path | None, estimate: bool, **given: Any) -> None:
    """Show what documents hold: typed items, each with the passage that proves it.

    PATHS are files, folders, or https addresses. Nothing is sent anywhere and no token is needed. What would be masked
    on the way out is masked in the items; their evidence is shown as the document has it. With --extractor llm or
    hybrid the text, masked, is sent to the model that is named, and to no other host.
    """
    from askcv_agents.cli.show import show_rolled, show_usage
    from askcv_pipelines.report import as_data

    pipeline, paths = pipeline_of(given)
    if estimate:
        _estimate(pipeline, paths, json_output)
        return
    consented(pipeline, paths, quiet=json_output)
    watch = Watch(show_items=html_file is None, keep=json_output or html_file is not None, quiet=json_output)
    report = drive_offline(replace(pipeline, keep_text=html_file is not None).extract(paths), watch)
    if html_file is not None:
        _write_page(html_file, report, watch)
    if json_output:
        print_json(as_data(report, watch.kept))
    else:
        if report.masked:
            click.echo(f"\nmasked in what would leave: {counted(report.masked)}", nl=False)
        click.echo()
        show_usage(report)
        show_rolled(report)
        click.echo("items {items} · repeated {known} · rejected {rejected}".format(**report.counts))
    ctx.exit(exit_code(report.counts))


def _estimate(pipeline: Pipeline, paths: tuple[Reference, ...], json_output: bool) -> None:
    from askcv_agents.cli.model import estimated
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.extractors import SendingExtractor

    if not isinstance(pipeline.extractor, SendingExtractor):
        named = pipeline.extractor if isinstance(pipeline.extractor, str) else pipeline.extractor.name
        raise ConfigError(f"extractor {named!r} asks no model", "There is nothing to estimate.")
    usage = estimated(pipeline, paths)
    if json_output:
        print_json(vars(usage))
    else:
        click.echo(f"about {usage}")


def _write_page(target: Path, report: RunReport, watch: Watch) -> None:
    """The page holds people's documents: its owner alone reads it."""
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.events import Decided, Failure
    from askcv_pipelines.page import html_page

    documents = [event for event in watch.kept if isinstance(event, Decided)]
    failures = [event for event in watch.kept if isinstance(event, Failure)]
    try:
        target.touch(mode=0o600)
        target.write_text(html_page(report, documents, failures), "utf-8")
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}", "Choose another file for --html.") from error
    click.echo(f"report written to {target}", err=True)


def pipeline_of(given: dict[str, Any], state_dir: Path | None = None) -> tuple[Pipeline, tuple[Reference, ...]]:
    """The pipeline of the options, and what it is to read. Without documents there is nothing to load for them."""
    from askcv_pipelines.pipeline import Pipeline

    if given["cap"] and not given["group"]:
        raise click.UsageError("--cap needs --group.")
    paths: tuple[Reference, ...] = given["paths"]
    reading: dict[str, Any] = {}
    if paths:
        from askcv_pipelines.sources.discovery import discover

        documents = len(discover(paths).documents)
        made = chosen(given["extractor_name"], given, state_dir)
        reading = {"extractor": made, "engine": _engine(documents, given, made)}
    pipeline = Pipeline(
        subject=_whose(given),
        kind=given["kind"],
        format=given["format_name"],
        redactor=redactor(given["terms_file"]),
        names=given["names"],
        group=given["group"],
        cap=given["cap"],
        **reading,
    )
    return pipeline, paths


def _whose(given: dict[str, Any]) -> Subject | People | None:
    """The person who is named, else the people of a people.toml that is given or lies in a folder that is read."""
    if given["subject"] or given["aliases"]:
        from askcv_pipelines.values import Subject

        return Subject(given["subject"], given["aliases"])
    from askcv_pipelines.people import FILE, People

    beside = (path / FILE for path in given["paths"] if isinstance(path, Path))
    listed: Path | None = given["people_file"] or next(filter(Path.is_file, beside), None)
    return People.load(listed) if listed else None


def encoder_of(given: dict[str, Any]) -> Encoder | None:
    if not given["encoder"]:
        return None
    from askcv_pipelines.encoders import encoder

    key = os.environ.get("OPENAI_API_KEY")
    return encoder(given["encoder"], model=given["encoder_model"], key=key)


def _engine(documents: int, given: dict[str, Any], made: Extractor) -> Engine:
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.engine import ThreadEngine, engine_for
    from askcv_pipelines.extractors import SendingExtractor

    if isinstance(made, SendingExtractor):
        if given["engine_name"] == "dask":
            raise ConfigError(
                f"extractor {made.name!r} keeps one count of what it asks, and a cluster would have many",
                "Leave out --engine; documents wait for the model, not for this machine.",
            )
        return ThreadEngine(made.in_flight + 1)
    if given["engine_name"] == "dask":
        from askcv_pipelines.dask_engine import DaskEngine

        return DaskEngine(given["scheduler"], given["workers"] or 0)
    return engine_for(documents, given["workers"])


def exit_code(counts: Mapping[str, int]) -> int:
    if counts["failed"] and not counts["documents"]:
        return 1
    if counts["unknown"]:
        return 5
    if counts["waiting"]:
        return 4
    return 3 if counts["failed"] or counts["refused"] or counts["partial"] else 0
