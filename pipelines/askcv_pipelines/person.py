"""One entry of ``people.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from askcv_pipelines.values import Subject


@dataclass(frozen=True)
class Person:
    """Whose notes lie in which folders, the names they go by, and the variable that holds their token."""

    name: str
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    token_variable: str | None = None

    @property
    def subject(self) -> Subject:
        return Subject(self.name, (*self.aliases, *(f"@{handle.removeprefix('@')}" for handle in self.handles)))
