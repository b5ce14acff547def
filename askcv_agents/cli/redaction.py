"""What a person says of masking: ``--names``, ``--redact-terms``, and the question of the first run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from askcv_pipelines.redact import Names, Redactor

F = TypeVar("F", bound=Callable[..., Any])

QUESTION = """\
Names of colleagues, managers and clients stand in what is submitted{whose}: testimonials carry the name of whoever gave
them, actions that of whoever asked, and evidence the words of the document. Those that a document gives as its
speakers, authors or attendees can be masked; a name that stands in a sentence alone is not recognised. The answer holds
for this record, and --names changes it."""


def redaction_options(command: F) -> F:
    """What is masked beside addresses, numbers, secrets and code."""
    for option in (
        click.option(
            "--names",
            type=click.Choice(["keep", "mask"]),
            help="Names of third parties, where the document gives them (sync asks once for a record).",
        ),
        click.option(
            "--redact-terms",
            "terms_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A file of terms to mask, one a line: customers, hosts, code names.",
        ),
    ):
        command = option(command)
    return command


def redactor(terms_file: Path | None) -> Redactor:
    """The redactor with the terms of a file.

    Raises:
        ConfigError: the file cannot be read, or a line of it is no term; the message names the file and the line.
    """
    from askcv_agents.errors import ConfigError
    from askcv_pipelines.redact import Redactor

    if terms_file is None:
        return Redactor()
    from askcv_pipelines.redact.terms import parsed_terms

    raw = b""
    try:
        raw = terms_file.read_bytes()
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{terms_file}, line {line}: not UTF-8 text", "Save the file as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{terms_file} cannot be read: {error.strerror}") from error
    return Redactor(parsed_terms(text, str(terms_file)))


def asking(person: str | None) -> Callable[[], Names | None] | None:
    """The question about names, where somebody is there to answer it."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask() -> Names | None:
        click.echo(QUESTION.format(whose=f" for {person}" if person else ""), err=True)
        names: Names = click.prompt("Names of third parties", type=click.Choice(["keep", "mask"]), err=True)
        return names

    return ask


def counted(masked: Mapping[str, int]) -> str:
    """``e-mail address 2, name 5``."""
    return ", ".join(f"{kind} {count}" for kind, count in sorted(masked.items()))
