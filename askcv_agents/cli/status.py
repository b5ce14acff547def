"""``askcv status``: what became of what was submitted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askcv_agents.cli.events import Watch, drive
from askcv_agents.cli.options import as_json, client, print_json, service_options
from askcv_agents.cli.table import row

if TYPE_CHECKING:
    from askcv_pipelines.follow_up import FollowUp
    from askcv_pipelines.outbox import OpenBatch

STATES = {
    "approved": "approved",
    "declined": "rejected",
    "pending": "pending",
    "queued": "waiting",
    "refused": "refused",
    "unknown": "unknown",
    "dropped": "dropped",
}
"""The journal's words for states of items, and a person's."""
COLUMNS = ("approved", "declined", "pending", "queued", "refused", "unknown")
WIDE = 200


@click.command()
@service_options
@click.option("--items", "show_items", is_flag=True, help="List the items of each open batch.")
@as_json
def status(base_url: str | None, state_dir: Path | None, show_items: bool, json_output: bool) -> None:
    """Ask what became of every open batch of this machine's journal, and show it.

    Asked is within the service's limits; what was not asked for is shown as it was known last. Approved and rejected is
    what the person decided in the inbox, pending waits there, waiting waits here, and unknown left without an answer.
    """
    from askcv_pipelines.follow_up import refresh

    with client(base_url, state_dir) as service:
        found = drive(service, refresh(service.settings, service.retry), Watch(quiet=json_output))
    if json_output:
        print_json(_as_data(found))
    else:
        _show(found, show_items=show_items)


def _as_data(found: FollowUp) -> dict[str, Any]:
    batches = [
        {
            "key": batch.key,
            "state": batch.state,
            "batchId": batch.batch_id,
            "detail": batch.detail,
            "createdAt": _moment(batch.created_at).astimezone(dt.UTC).isoformat(timespec="seconds"),
            "items": batch.items,
            "contents": found.items.get(batch.key, []),
        }
        for batch in found.batches
    ]
    done = [{"label": a.label, "document": a.document, "submitted": a.submitted} for a in found.done]
    return {
        "items": found.counts,
        "openBatches": batches,
        "refreshed": found.refreshed,
        "documents": found.documents,
        "doneActions": done,
        "note": found.note,
    }


def _show(found: FollowUp, *, show_items: bool) -> None:
    heads = [STATES[state] for state in COLUMNS]
    loose = found.counts.get("queued", 0) - sum(batch.items.get("queued", 0) for batch in found.batches)
    if found.batches or loose:
        click.secho(f"{'  '.join(heads)}  batch", bold=True)
    for batch in found.batches:
        click.echo(row([batch.items.get(state, 0) for state in COLUMNS], heads, _named(batch), width=WIDE))
        if batch.detail:
            click.echo(f"    {batch.state}: {batch.detail}")
        if show_items:
            _list(found.items.get(batch.key, []))
    if loose:
        click.echo(row([loose if state == "queued" else 0 for state in COLUMNS], heads, "(to be sent)"))
    for action in found.done:
        told = "; submitted as done" if action.submitted else ""
        click.echo(f"done: {action.label} (says {action.document or 'a later note'}{told})")
    if found.note:
        click.echo(found.note)
    states = " · ".join(f"{STATES.get(state, state)} {count}" for state, count in found.counts.items())
    read = f"{found.documents} documents read; items: " if found.documents else ""
    click.echo(f"{read}{states or 'nothing was submitted from this machine yet'}")


def _list(items: list[dict[str, Any]]) -> None:
    for item in items:
        click.echo(f"    {STATES.get(item['state'], item['state']):8}  {item['domain']:22}  {item['label']}")
        for issue in item["issues"]:
            click.echo(f"{'':14}{issue['path']}: {issue['message']}")


def _named(batch: OpenBatch) -> str:
    return f"{_moment(batch.created_at):%m-%d} {batch.batch_id or batch.key[:12]}"


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds).astimezone()
