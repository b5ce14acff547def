"""``askcv sync --schedule``: the command line as it was given, for a scheduler."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click

LEFT_OUT = {"schedule", "approve", "watch", "dry_run", "json_output", "show_items"}
"""Options that mean something to a person who looks on, or that are this one."""


def scheduled(ctx: click.Context, kind: str) -> str:
    """The text for the scheduler ``kind``."""
    from askcv_pipelines import schedule

    command, environment = _command(ctx), schedule.carried(os.environ)
    return schedule.cron(command, environment) if kind == "cron" else schedule.systemd(command, environment)


def _command(ctx: click.Context) -> list[str]:
    """The command with every option that was given; paths are absolute, for a scheduler stands elsewhere."""
    found = shutil.which("askcv")
    words = [found] if found else [sys.executable, "-m", "askcv_agents.cli"]
    words.append(ctx.command.name or "sync")
    paths: list[str] = []
    for parameter in ctx.command.params:
        name = parameter.name or ""
        given = ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if not given or name in LEFT_OUT:
            continue
        value = ctx.params[name]
        if isinstance(parameter, click.Argument):
            paths = [_word(one) for one in value]
        elif isinstance(parameter, click.Option) and parameter.is_flag:
            words += [parameter.opts[0]] if parameter.flag_value in (True, value) else []
        else:
            for one in value if parameter.multiple else (value,):
                words += [parameter.opts[0], _word(one)]
    return [*words, *paths]


def _word(value: Any) -> str:
    return str(value.absolute()) if isinstance(value, Path) else str(value)
