"""``askcv extract`` and ``askcv sync``: from documents to items, and on to the review inbox."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askcv_agents.cli.events import Watch, drive, drive_offline
from askcv_agents.cli.model import chosen, consented, model_options
from askcv_agents.cli.options import as_json, document_options, print_json, service_options, settings
from askcv_agents.cli.redaction import asking, counted, redaction_options, redactor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from askcv_agents.config import Settings
    from askcv_pipelines.dedup.vectors import Encoder
    from askcv_pipelines.engine import Engine
    from askcv_pipelines.extractors import Extractor
    from askcv_pipelines.people import People, Person
    from askcv_pipelines.pipeline import Pipeline, Reading
    from askcv_pipelines.sources.discovery import Reference
    from askcv_pipelines.values import RunReport


@click.command()
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

    pipeline, paths = _pipeline(given)
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
    ctx.exit(_exit_code(report.counts))


def _estimate(pipeline: Pipeline, paths: tuple[Reference, ...], json_output: bool) -> None:
    from askcv_agents.cli.model import estimated
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.extractors import SendingExtractor

    if not isinstance(pipeline.extractor, SendingExtractor):
        raise ConfigError(f"extractor {pipeline.extractor.name!r} asks no model", "There is nothing to estimate.")
    usage = estimated(pipeline, paths)
    if json_output:
        print_json(vars(usage))
    else:
        click.echo(f"about {usage}")


def _write_page(target: Path, report: RunReport, watch: Watch) -> None:
    """The page holds people's documents: its owner alone reads it."""
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.page import html_page
    from askcv_pipelines.values import Decided, Failure

    documents = [event for event in watch.kept if isinstance(event, Decided)]
    failures = [event for event in watch.kept if isinstance(event, Failure)]
    try:
        target.touch(mode=0o600)
        target.write_text(html_page(report, documents, failures), "utf-8")
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}", "Choose another file for --html.") from error
    click.echo(f"report written to {target}", err=True)


@click.command()
@document_options
@redaction_options
@model_options
@service_options
@click.option("--dry-run", is_flag=True, help="Show what would be submitted, by document; send and queue nothing.")
@click.option("--show-items", is_flag=True, help="Show every item with its evidence, not only the counts.")
@click.option("--refresh", "mirror", flag_value="whole", help="Read the whole record anew, not only its news.")
@click.option(
    "--offline", "mirror", flag_value="offline", help="Ask the service nothing: decide by what was read last."
)
@click.option("--encoder", metavar="WHERE", help="Find near items by meaning too: a model2vec folder or an endpoint.")
@click.option("--encoder-model", metavar="NAME", help="The endpoint's embeddings model; its key is $OPENAI_API_KEY.")
@click.option("--declined", is_flag=True, help="Offer again what the person declined, marked for review.")
@as_json
@click.pass_context
def sync(
    ctx: click.Context,
    /,
    base_url: str | None,
    state_dir: Path | None,
    dry_run: bool,
    show_items: bool,
    json_output: bool,
    **given: Any,
) -> None:
    """Extract items, leave out what is known, and submit the rest to the review inbox.

    PATHS are files, folders, or https addresses. Known is what the record holds and what this machine's journal has
    pending, unknown or declined. Run it again at any time: nothing is submitted twice. With --offline what is new is
    queued in the journal, and leaves with the next run. With a people.toml, each
    person's items go with that person's token.
    """
    from askcv_pipelines.people import People
    from askcv_pipelines.report import as_data

    pipeline, paths = _pipeline(given, state_dir)
    consented(pipeline, paths, quiet=json_output)
    mirror: Reading = given["mirror"] or "refresh"
    pipeline = replace(
        pipeline, dry_run=dry_run, mirror=mirror, declined_too=given["declined"], encoder=_encoder(given)
    )
    watch = Watch(show_items=show_items, show_plan=dry_run and not show_items, keep=json_output, quiet=json_output)
    runs = [(pipeline, settings(base_url, state_dir))]
    if isinstance(pipeline.subject, People):
        accounts = _accounts(pipeline.subject, runs[0][1])
        runs = [(replace(pipeline, only=person.name), account) for person, account in accounts]
    codes, data = [], []
    for run, account in runs:
        report, kept = _submit(run, paths, account, watch)
        codes.append(_exit_code(report.counts))
        data.append({"person": run.only, **as_data(report, kept)} if run.only else as_data(report, kept))
    if json_output:
        print_json(data[0] if len(runs) == 1 and not runs[0][0].only else {"people": data})
    ctx.exit(max(codes))


def _submit(run: Pipeline, paths: tuple[Reference, ...], account: Settings, watch: Watch) -> tuple[Any, list[Any]]:
    """One person's run: its report, and the events where they are kept."""
    from askcv_agents.cli.show import show_plan, show_run
    from askcv_agents.client import Client

    if run.only and not watch.quiet:
        click.secho(f"\n{run.only}", bold=True, underline=True)
    run = run if watch.quiet else replace(run, ask_names=asking(run.only))
    with Client(account) as service:
        report = drive(service, run.run(paths, account, service.retry), watch)
    if not watch.quiet:
        if watch.show_items:
            click.echo()
        (show_plan if run.dry_run else show_run)(report)
    kept, watch.kept = watch.kept, []
    return report, kept


def _accounts(people: People, common: Settings) -> list[tuple[Person, Settings]]:
    """Each person with the settings that hold their token.

    Raises:
        ConfigError: a person has no token; nothing was submitted for anybody.
    """
    from askcv_agents.config import Token
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.people import FILE

    found = []
    for person in people.persons:
        value = os.environ.get(person.token_variable or "", "")
        if not value:
            named = (
                f"${person.token_variable} is not set" if person.token_variable else f"{FILE} names no token_variable"
            )
            raise ConfigError(
                f"no token for {person.name}: {named}",
                f"Name a token_variable for them in {FILE} and set it, or sync one person with --subject.",
            )
        found.append((person, replace(common, token=Token(value))))
    return found


def _pipeline(given: dict[str, Any], state_dir: Path | None = None) -> tuple[Pipeline, tuple[Reference, ...]]:
    from askcv_pipelines.grouping import CAP
    from askcv_pipelines.people import FILE, People
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.sources.discovery import discover
    from askcv_pipelines.values import Subject

    if given["cap"] and not given["group"]:
        raise click.UsageError("--cap needs --group.")
    paths: tuple[Reference, ...] = given["paths"]
    documents = len(discover(paths).documents)
    subject, aliases = given["subject"], given["aliases"]
    whose: Subject | People | None = Subject(subject, aliases) if subject or aliases else None
    beside = next((p / FILE for p in paths if isinstance(p, Path) and (p / FILE).is_file()), None)
    if whose is None and (listed := given["people_file"] or beside):
        whose = People.load(listed)
    made = chosen(given["extractor_name"], given, state_dir)
    pipeline = Pipeline(
        subject=whose,
        extractor=made,
        kind=given["kind"],
        format=given["format_name"],
        engine=_engine(documents, given, made),
        redactor=redactor(given["terms_file"]),
        names=given["names"],
        group=given["group"],
        cap=given["cap"] or CAP,
    )
    return pipeline, paths


def _encoder(given: dict[str, Any]) -> Encoder | None:
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


def _exit_code(counts: Mapping[str, int]) -> int:
    if counts["failed"] and not counts["documents"]:
        return 1
    if counts["unknown"]:
        return 5
    if counts["waiting"]:
        return 4
    return 3 if counts["failed"] or counts["refused"] or counts["partial"] else 0
