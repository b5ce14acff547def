"""``askcv pull``: documents from the services that have them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from askcv_agents.cli.events import Watch
from askcv_agents.cli.options import as_json, print_json
from askcv_agents.cli.show import show_failure

if TYPE_CHECKING:
    from askcv_pipelines.pull.github import Pulled


def _day(_ctx: click.Context, _parameter: click.Parameter, value: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date: write it as 2026-01-31") from None
    if day > dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1):  # it may be tomorrow already where the person is
        raise click.BadParameter(f"{value} lies in the future")
    return day


@click.group()
def pull() -> None:
    """Fetch documents from the services that have them, into files that `askcv extract` and `askcv sync` read."""


@pull.command()
@click.option("--author", metavar="LOGIN", help="Pull requests that LOGIN opened (default: @me, the token's owner).")
@click.option("--reviewed-by", "reviewer", metavar="LOGIN", help="Pull requests that LOGIN reviewed; @me works too.")
@click.option("--since", required=True, metavar="DATE", callback=_day, help="Those with activity since this day.")
@click.option("--repo", "repositories", multiple=True, metavar="OWNER/NAME", help="In this repository; repeatable.")
@click.option(
    "--out",
    default=Path("github-reviews"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; made readable by you alone.",
)
@click.option("--base-url", default="https://api.github.com", show_default=True, metavar="URL", help="The REST API.")
@as_json
@click.pass_context
def github(
    ctx: click.Context,
    /,
    *,
    author: str | None,
    reviewer: str | None,
    since: dt.date,
    repositories: tuple[str, ...],
    out: Path,
    base_url: str,
    json_output: bool,
) -> None:
    """Fetch your pull requests from GitHub, or those you reviewed: description, reviews and comments, a file each.

    The token is taken from GITHUB_TOKEN or GH_TOKEN and stored nowhere. Give --author and --reviewed-by for both kinds.
    Run it again at any time: it goes on where it was stopped, and fetches only what has changed.
    """
    import asyncio

    from askcv_pipelines.pull.folder import Folder
    from askcv_pipelines.pull.github import pull as pull_github
    from askcv_pipelines.pull.github import token_from
    from askcv_pipelines.pull.github_query import ME, Query

    query = Query(since, author or (None if reviewer else ME), reviewer, repositories, base_url)
    token = token_from()
    watch = Watch(keep=json_output)
    done = asyncio.run(pull_github(query, Folder.open(out, query.base_url), token, say=watch.see))
    watch.clear()
    if json_output:
        print_json(_as_data(done, out))
    else:
        _show(done, out)
    ctx.exit(4 if done.resume_at else 3 if done.failures or done.notes else 0)


def _show(done: Pulled, out: Path) -> None:
    for failure in done.failures:
        show_failure(failure)
    for note in done.notes:
        click.echo(note, err=True)
    if done.resume_at:
        when = done.resume_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        click.echo(
            f"GitHub's rate limit is reached. What was fetched is kept: run the same command again after {when}."
        )
    click.echo(f"fetched {done.fetched} · unchanged {done.unchanged} · not read {len(done.failures)} · in {out}")
    if done.fetched or done.unchanged:
        click.echo(f"Next: askcv extract {out} --kind code_review --subject {done.login}")


def _as_data(done: Pulled, out: Path) -> dict[str, object]:
    return {
        "login": done.login,
        "folder": str(out),
        "found": done.found,
        "fetched": done.fetched,
        "unchanged": done.unchanged,
        "failures": [vars(failure) for failure in done.failures],
        "notes": done.notes,
        "resumeAt": done.resume_at.isoformat() if done.resume_at else None,
    }
