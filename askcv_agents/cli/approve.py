"""``askcv sync --approve``: the question about each item, at the terminal."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from askcv_agents.cli.events import Watch
    from askcv_pipelines.approval import Answer, Ask, Asked

WIDTH = 80
ANSWERS: dict[str, Answer] = {"y": "yes", "n": "no", "a": "all", "q": "quit"}
HELP = "y: it may leave · n: never, and do not ask again · a: all of this document may · q: no more questions now"


def asking_approval(watch: Watch) -> Ask:
    """Asks at the terminal, on the way of error messages, so that output can be redirected.

    Raises:
        ConfigError: there is no terminal.
    """
    from askcv_agents.errors import ConfigError

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(
            "--approve asks about each item, and there is no terminal to ask at",
            "Run it at a terminal; or look at the plan with --dry-run and run without --approve.",
        )
    shown: list[str] = []

    def ask(asked: Asked) -> Answer:
        watch.clear()
        if asked.document not in shown[-1:]:
            shown.append(asked.document)
            click.secho(f"\n{asked.document or '(no document)'}", bold=True, err=True)
            if len(shown) == 1:
                click.secho(HELP, dim=True, err=True)
        _show(asked)
        while True:
            typed = click.prompt("  submit? [y/n/a/q]", prompt_suffix=" ", show_default=False, err=True)
            if (answer := ANSWERS.get(typed.strip().lower()[:1])) is not None:
                return answer
            click.echo(f"  {HELP}", err=True)

    return ask


def _show(asked: Asked) -> None:
    """The item in at most a few lines: what it is, what proves it, what it is near."""
    click.secho(f"\n  {asked.domain}: ", fg="cyan", nl=False, err=True)
    click.echo(textwrap.shorten(asked.label, WIDTH - len(asked.domain) - 4, placeholder=" …"), err=True)
    quote = textwrap.shorten(asked.quote, 3 * WIDTH, placeholder=" …")
    where = f" — {asked.locator}" if asked.locator else ""
    click.secho(_indented(f"“{quote}”{where}"), dim=True, err=True)
    if asked.why:
        click.secho(_indented(asked.why), fg="yellow", err=True)


def _indented(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
