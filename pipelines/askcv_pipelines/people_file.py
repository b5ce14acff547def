"""``people.toml`` as it is written: every entry is checked, and what is wrong names the entry."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from askcv_agents.domains import field_issues
from askcv_agents.errors import ConfigError
from askcv_pipelines.person import Person

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    aliases: tuple[Name, ...] = ()
    handles: tuple[Name, ...] = ()
    folders: tuple[str, ...] = ()
    token_variable: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None


def persons_in(path: Path) -> tuple[Person, ...]:
    """The persons that a file lists.

    Raises:
        ConfigError: it cannot be read, or an entry is wrong.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    entries = content.pop("person", [])
    if content or not isinstance(entries, list) or not entries:
        raise ConfigError(
            f"{path}: expected [[person]] tables and nothing else", "See the documentation of people.toml."
        )
    return tuple(_person(path, number, entry) for number, entry in enumerate(entries, 1))


def _person(path: Path, number: int, entry: Any) -> Person:
    try:
        return Person(**_Entry.model_validate(entry).model_dump())
    except ValidationError as error:
        issue = field_issues(error)[0]
        raise ConfigError(f"{path}: person {number}: {issue.path}: {issue.message}") from error
