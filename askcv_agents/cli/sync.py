"""``askcv sync``: from documents to the review inbox, once or for as long as a folder is followed."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from askcv_agents.cli.documents import encoder_of, exit_code, pipeline_of
from askcv_agents.cli.events import Watch, drive
from askcv_agents.cli.model import adjudicator, consented, model_options
from askcv_agents.cli.options import as_json, document_options, paths_argument, print_json, service_options, settings
from askcv_agents.cli.redaction import asking, redaction_options

if TYPE_CHECKING:
    from collections.abc import Container

    from askcv_agents.config import Settings
    from askcv_pipelines.events import RunReport
    from askcv_pipelines.people import People
    from askcv_pipelines.person import Person
    from askcv_pipelines.pipeline import Pipeline, Reading
    from askcv_pipelines.sources.discovery import Reference

TRY_AGAIN = 60.0
"""Seconds after which a followed folder is tried again, where the service or the network failed."""


@click.command()
@paths_argument(required=False)
@document_options
@redaction_options
@model_options
@service_options
@click.option("--dry-run", is_flag=True, help="Show what would be submitted, by document; send and queue nothing.")
@click.option("--approve", is_flag=True, help="Ask about each item before anything leaves (y, n, a, q).")
@click.option("--watch", is_flag=True, help="Go on: submit what is new whenever documents change, until Ctrl-C.")
@click.option(
    "--schedule",
    is_flag=False,
    flag_value="systemd",
    type=click.Choice(["systemd", "cron"]),
    help="Print a systemd timer (or a cron line) that runs this command every hour, and do nothing else. "
    "Give it behind the PATHS, or as --schedule=cron.",
)
@click.option("--show-items", is_flag=True, help="Show every item with its evidence, not only the counts.")
@click.option("--refresh", "mirror", flag_value="whole", help="Read the whole record anew, not only its news.")
@click.option(
    "--offline", "mirror", flag_value="offline", help="Ask the service nothing: decide by what was read last."
)
@click.option("--encoder", metavar="WHERE", help="Find near items by meaning too: a model2vec folder or an endpoint.")
@click.option("--encoder-model", metavar="NAME", help="The endpoint's embeddings model; its key is $OPENAI_API_KEY.")
@click.option("--adjudicate", is_flag=True, help="Let the model judge pairs for review: is it the same fact?")
@click.option("--declined", is_flag=True, help="Offer again what the person declined, marked for review.")
@click.option("--submit-done", is_flag=True, help="Submit known actions that notes mark as done, as done.")
@as_json
@click.pass_context
def sync(ctx: click.Context, /, **given: Any) -> None:
    """Extract items, leave out what is known, and submit the rest to the review inbox.

    PATHS are files, folders, quoted globs ("notes/*.md"), or https addresses. Known is what the record holds and what
    this machine's journal has pending, unknown or declined. Run it again at any time: nothing is submitted twice. A
    moved document submits nothing; of a deleted one the items stay. With --offline what is new is queued in the
    journal, and leaves with the next run. With a people.toml, each person's items go with that person's token. Without
    PATHS nothing is read, and what waits in the journal leaves.
    """
    _check_options(given)
    if given["schedule"]:
        from askcv_agents.cli.schedule import scheduled

        click.echo(scheduled(ctx, given["schedule"]), nl=False)
        return
    session = _Session.of(given)
    code = session.follow() if given["watch"] else session.once()
    ctx.exit(code)


def _check_options(given: dict[str, Any]) -> None:
    for one, other in (("dry_run", "approve"), ("dry_run", "watch"), ("json_output", "watch")):
        if given[one] and given[other]:
            names = [f"--{name.removesuffix('_output').replace('_', '-')}" for name in (one, other)]
            raise click.UsageError(f"{' and '.join(names)} do not go together.")
    if given["watch"] and not given["paths"]:
        raise click.UsageError("--watch needs PATHS.")


@dataclass
class _Session:
    """What one call of the command does: one run for each person, once or again and again."""

    runs: list[tuple[Pipeline, Settings]]
    paths: tuple[Reference, ...]
    watch: Watch
    as_json: bool
    follows: bool

    @classmethod
    def of(cls, given: dict[str, Any]) -> _Session:
        pipeline, paths = pipeline_of(given, given["state_dir"])
        mirror: Reading = given["mirror"] or "refresh"
        dry_run, show_items, as_json = given["dry_run"], given["show_items"], given["json_output"]
        watch = Watch(show_items=show_items, show_plan=dry_run and not show_items, keep=as_json, quiet=as_json)
        pipeline = replace(pipeline, dry_run=dry_run, mirror=mirror, declined_too=given["declined"])
        pipeline = replace(pipeline, submit_done=given["submit_done"], encoder=encoder_of(given))
        pipeline = replace(pipeline, adjudicator=adjudicator(given, pipeline.extractor, given["state_dir"]))
        consented(pipeline, paths, quiet=given["json_output"])
        if given["approve"]:
            from askcv_agents.cli.approve import asking_approval

            pipeline = replace(pipeline, ask=asking_approval(watch))
        runs = _for_each(pipeline, settings(given["base_url"], given["state_dir"]))
        return cls(runs, paths, watch, as_json, given["watch"])

    def once(self) -> int:
        """Runs for everybody; the exit code."""
        from askcv_pipelines.report import as_data

        codes, data = [], []
        for run, account in self.runs:
            report = self._submit(run, account)
            kept, self.watch.kept = self.watch.kept, []
            codes.append(exit_code(report.counts))
            data.append({"person": run.only, **as_data(report, kept)} if run.only else as_data(report, kept))
        if self.as_json:
            print_json(data[0] if len(self.runs) == 1 and not self.runs[0][0].only else {"people": data})
        return max(codes)

    def follow(self) -> int:
        """Runs whenever something is to be done, until it is interrupted."""
        from askcv_pipelines.watch import Follower

        follower = Follower(self.paths, time.sleep, time.monotonic)
        among: Container[Reference] | None = None  # at first, and when what waits is due, everything is looked at
        follower.start()
        while True:
            due = self._round(among)
            click.echo("Following the documents; Ctrl-C ends it.", err=True)
            woken = follower.wait(due)
            among = None if woken.due else woken.changed
            click.echo(f"\n{time.strftime('%Y-%m-%d %H:%M:%S')}")

    def _round(self, among: Container[Reference] | None) -> float | None:
        """One run for everybody; seconds until the next is due, where one is. A failure that may pass is said, and
        tried again."""
        from askcv_agents.errors import AskcvError

        due: list[float] = []
        for run, account in self.runs:
            try:
                report = self._submit(replace(run, among=among), account)
            except AskcvError as error:
                if not error.retryable:
                    raise
                self.watch.clear()
                click.secho(f"{error.message}; tried again in {TRY_AGAIN:.0f} s", err=True, fg="red")
                due.append(TRY_AGAIN)
            else:
                due += [report.retry_after] if report.counts["waiting"] and report.retry_after else []
        return min(due, default=None)

    def _submit(self, run: Pipeline, account: Settings) -> RunReport:
        """One person's run."""
        from askcv_agents.cli.show import show_plan, show_run
        from askcv_agents.client import Client

        watch = self.watch
        if run.only and not watch.quiet:
            click.secho(f"\n{run.only}", bold=True, underline=True)
        run = run if watch.quiet else replace(run, ask_names=asking(run.only))
        with Client(account) as service:
            report = drive(service, run.run(self.paths, account, service.retry), watch)
        if not watch.quiet:
            if watch.show_items:
                click.echo()
            show_plan(report) if run.dry_run else show_run(report, follows=self.follows)
        return report


def _for_each(pipeline: Pipeline, common: Settings) -> list[tuple[Pipeline, Settings]]:
    """A run for the one person, or for each of the people."""
    from askcv_pipelines.people import People

    if not isinstance(pipeline.subject, People):
        return [(pipeline, common)]
    return [(replace(pipeline, only=person.name), account) for person, account in _accounts(pipeline.subject, common)]


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
