"""How a run is shown at the terminal."""

from __future__ import annotations

import textwrap

import click

from askcv_agents.cli.redaction import counted
from askcv_agents.cli.table import row
from askcv_pipelines.events import Decided, Failure, RunReport
from askcv_pipelines.extracted import Usage
from askcv_pipelines.values import Decision, Duplicate, Review

WIDTH = 96


def show_document(decided: Decided) -> None:
    """A document's items with their evidence and decision, and what was rejected."""
    document = decided.result.document
    who = document.subject.name or "the author"
    click.secho(f"\n{document.id}", bold=True, nl=False)
    click.echo(f"  ({document.kind.replace('_', ' ')}, for {who})")
    for decision in decided.decisions:
        _show_item(decision)
    for rejection in decided.result.rejections:
        what = rejection.reason.replace("_", " ") + (f" ({rejection.detail})" if rejection.detail else "")
        click.secho(f"  ✗ {rejection.candidate.domain}: {what}", fg="red")
    show_held(decided)


def show_held(decided: Decided, *, named: bool = False) -> None:
    """What the cap holds back of a document, which is ``named`` where nothing else is shown of it."""
    if decided.held:
        of = f" of {decided.result.document.id}" if named else ""
        click.secho(f"  held back{of}, not submitted:", fg="yellow")
    for decision in decided.held:
        _show_item(decision)


def _show_item(decision: Decision) -> None:
    item = decision.item
    click.secho(f"  {item.domain:22} ", fg="cyan", nl=False)
    click.echo(_short(item.label, WIDTH - 25))
    for proof in item.evidence:
        click.secho(f"  {'':22} “{_short(proof.quote, WIDTH - 27)}” — {proof.locator}", dim=True)
    if isinstance(decision, Duplicate):
        click.secho(f"  {'':22} known: {decision.why}", fg="yellow")
    elif isinstance(decision, Review):
        click.secho(f"  {'':22} review: {decision.why}", fg="yellow")
        click.secho(f"  {'':22} {decision.near.state}: “{_short(decision.near.said, WIDTH - 37)}”", dim=True)


PLAN = ("new", "known", "review", "refused", "rejected", "masked")
NOT_WANTED = {"declined", "refused", "dropped"}
"""States of known items that the person or the service has turned down."""


def show_plan_heads() -> None:
    click.secho(f"{'  '.join(PLAN)}  document", bold=True)


def show_gaps(decided: Decided) -> None:
    """What of a document was not read. Run again, only that is asked for."""
    for gap in decided.result.gaps:
        click.secho(f"partial: {decided.result.document.id}, {gap.where}: {gap.reason}", fg="red", err=True)


def show_usage(report: RunReport) -> None:
    """What a model service was asked, and how many documents are partial."""
    if report.usage != Usage():
        click.echo(f"model: {report.usage}")
    if report.counts["partial"]:
        click.echo(f"{report.counts['partial']} documents are partial: run again, only what is missing is asked for")


def show_document_plan(decided: Decided) -> None:
    """A document's line of a plan, and what would be masked in what leaves of it."""
    kinds = [type(decision).__name__ for decision in decided.decisions]
    refused = sum(isinstance(d, Duplicate) and d.of.state in NOT_WANTED for d in decided.decisions)
    masked = sum(decided.result.masked.values())
    known = kinds.count("Duplicate") - refused
    figures = (kinds.count("New"), known, kinds.count("Review"), refused, len(decided.result.rejections), masked)
    click.echo(row(figures, PLAN, decided.result.document.id))
    if decided.result.masked:
        click.echo(f"  masked: {counted(decided.result.masked)}")
    for decision in decided.decisions:
        if isinstance(decision, Duplicate) and decision.by:
            click.echo(f"  one fact, says {decision.by}: “{_short(decision.item.label, 40)}”", nl=False)
            click.secho(f" = {decision.of.state}: “{_short(decision.of.said, 40)}”", dim=True)
    show_held(decided)


def show_plan(report: RunReport) -> None:
    """What a run would do, and what it would mask."""
    for note in report.notes:
        click.echo(note)
    show_rolled(report)
    if report.masked:
        click.echo(f"would mask {counted(report.masked)}")
    show_usage(report)
    counts = dict(report.counts)
    counts["would"] = counts["new"] + counts["review"] - counts["grouped"] + counts["groups"] - counts["held"]
    click.echo("would submit {would} · known {known} · review {review} · rejected {rejected}".format(**counts))
    if counts["waiting"]:
        click.echo(f"{counts['waiting']} items wait in the journal from earlier runs")


def show_rolled(report: RunReport) -> None:
    """What became of many small items, where the run groups them."""
    counts = report.counts
    if counts["groups"]:
        click.echo(f"grouped: {counts['grouped']} items into {counts['groups']}")
    if counts["held"]:
        click.echo(f"held back: {counts['held']}, listed above; a higher --cap submits them")


def show_failure(failure: Failure) -> None:
    click.secho(f"not read: {failure.message}", fg="red", err=True)
    if failure.hint:
        click.echo(f"  {failure.hint}", err=True)


def show_run(report: RunReport, *, follows: bool = False) -> None:
    """Receipts, what is left to do, and the line of counts. ``follows``: it goes on by itself."""
    from askcv_pipelines.pace import waiting_line

    counts = report.counts
    for note in report.notes:
        click.echo(note)
    if report.masked:
        click.echo(f"masked before anything left: {counted(report.masked)}")
    show_usage(report)
    for receipt in report.receipts:
        staged = f"{receipt.accepted} items wait in the review inbox"
        click.echo(f"receipt {receipt.batch_id}: {staged}" if receipt.batch_id else "receipt: every item was refused")
        for refused in receipt.refused:
            for issue in refused.issues:
                click.secho(
                    f"  refused: item {refused.index} ({refused.domain}), {issue.path}: {issue.message}", fg="red"
                )
    show_rolled(report)
    if counts["waiting"]:
        then = "" if follows or not report.retry_after else "; run the same command again then"
        click.echo(f"{waiting_line(counts['waiting'], report.retry_after)}{then}")
    if counts["unknown"]:
        click.echo(f"{counts['unknown']} items left and were never answered: look in the inbox, then `askcv outbox`")
    click.echo("submitted {submitted} · known {known} · review {review} · rejected {rejected}".format(**counts))


def _short(text: str, width: int) -> str:
    return textwrap.shorten(" ".join(text.split()), width, placeholder=" …")
