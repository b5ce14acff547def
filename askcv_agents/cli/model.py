"""What a person says of a model: ``--model`` and its bounds; the estimate, and the question of the first run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from askcv_pipelines.extracted import Usage
    from askcv_pipelines.extractors import Extractor, SendingExtractor
    from askcv_pipelines.extractors.llm import Service
    from askcv_pipelines.extractors.llm.adjudicating import ModelAdjudicator
    from askcv_pipelines.pipeline import Pipeline
    from askcv_pipelines.sources.discovery import Reference

F = TypeVar("F", bound=Callable[..., Any])

NAMES = ("model", "allow_hosts", "in_flight", "budget_tokens", "budget_money", "price_in", "price_out")


def model_options(command: F) -> F:
    """For ``--extractor llm`` and ``hybrid``: which model, and how much of it. Its key is never an option."""
    for option in (
        click.option(
            "--model", metavar="NAME", help="The model, at $OPENAI_BASE_URL (for --extractor llm and hybrid)."
        ),
        click.option(
            "--allow-host", "allow_hosts", multiple=True, metavar="HOST", help="Send text to this host without asking."
        ),
        click.option("--in-flight", type=click.IntRange(1), help="Requests to the model at a time (default: 4)."),
        click.option("--budget-tokens", type=click.IntRange(1), help="Tokens that a run may take."),
        click.option("--budget-money", type=click.FloatRange(0), help="Money that a run may take; needs the prices."),
        click.option("--price-in", type=click.FloatRange(0), help="Price of a million tokens that are sent."),
        click.option("--price-out", type=click.FloatRange(0), help="Price of a million tokens that are answered."),
    ):
        command = option(command)
    return command


def chosen(name: str, given: Mapping[str, Any], state_dir: Any = None) -> Extractor:
    """The extractor of that name, with the options given for a model; those may be for ``--adjudicate`` alone."""
    from askcv_pipelines.extractors import asks_model, extractor

    if given.get("adjudicate") and not asks_model(name):
        return extractor(name)
    return extractor(name, _options(given, state_dir))


def adjudicator(given: Mapping[str, Any], made: Extractor | str, state_dir: Any = None) -> ModelAdjudicator | None:
    """Who judges pairs for review, where that is asked for: at the extractor's own service, where it has one, so that
    both share its budget and bounds."""
    if not given["adjudicate"]:
        return None
    from askcv_pipelines.extractors.llm import LlmExtractor, LlmSettings, Service
    from askcv_pipelines.extractors.llm.adjudicating import ModelAdjudicator

    shared = made.service if isinstance(made, LlmExtractor) else Service(LlmSettings.load(_options(given, state_dir)))
    return ModelAdjudicator(shared)


def _options(given: Mapping[str, Any], state_dir: Any) -> dict[str, Any]:
    return {key: given.get(key) for key in NAMES} | {"state_dir": state_dir}


def consented(pipeline: Pipeline, paths: Sequence[Reference], *, quiet: bool) -> None:
    """Says what a run will take and where text goes; asks for a host that nobody has allowed yet.

    Raises:
        ConfigError: nobody allowed it, and nobody is there to ask.
    """
    if not paths:
        return
    from askcv_pipelines.extractors import SendingExtractor

    sending = pipeline.extractor
    if isinstance(sending, SendingExtractor):
        if not quiet:
            click.echo(f"{sending.version.split()[-1]} at {sending.host}: about {estimated(pipeline, paths)}", err=True)
        _allowed(sending)
    if judge := cast("ModelAdjudicator | None", pipeline.adjudicator):
        if not quiet:
            click.echo(f"{judge.name} at {judge.service.host}: pairs for review are put to it", err=True)
        _allowed(judge.service)


def estimated(pipeline: Pipeline, paths: Sequence[Reference]) -> Usage:
    """What a run over these documents will take, about. Nothing is sent."""
    from askcv_agents.cli.events import Watch, drive_offline
    from askcv_pipelines.extractors import SendingExtractor

    assert isinstance(pipeline.extractor, SendingExtractor)  # noqa: S101 - asked for nothing else
    dry = replace(pipeline, extractor=pipeline.extractor.estimating(), keep_text=False)
    return drive_offline(dry.extract(paths), Watch(quiet=True)).usage


def _allowed(sending: SendingExtractor | Service) -> None:
    from askcv_agents.errors import ConfigError

    if sending.allowed:
        return
    question = f"Text of these documents, masked, is sent to {sending.host}. Allow this host from now on?"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError(
            f"text of documents would be sent to {sending.host}, which nobody has allowed",
            f"Allow it with --allow-host {sending.host}, or with ASKCV_LLM_ALLOW_HOSTS.",
        )
    if not click.confirm(question, err=True):
        raise click.Abort
    sending.allow()
