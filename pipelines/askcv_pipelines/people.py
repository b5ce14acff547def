"""``people.toml``: whose record a tree of notes speaks for, so that notes of many people never mix.

    [[person]]
    name = "Maya Lindqvist"
    aliases = ["Maya", "ML"]            # optional: other names they go by
    handles = ["maya-l"]                # optional: account names, with or without @
    folders = ["coaching/maya"]         # optional: beside people.toml; what lies there is theirs
    token_variable = "ASKCV_TOKEN_MAYA" # optional: the environment variable that holds their token

A document belongs to the person whose folder it lies in; else to the one person whom its file name, title or first
heading names. Where that is nobody, or more than one, the document goes nowhere and the question is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from askcv_agents.errors import ConfigError, SourceError
from askcv_pipelines.names import name_pattern
from askcv_pipelines.person import Person
from askcv_pipelines.values import Subject

FILE = "people.toml"


@dataclass(frozen=True)
class People:
    """The persons of a ``people.toml`` and the folder it lies in.

    Raises:
        ConfigError: two persons share a name, alias, handle or folder; nothing could tell them apart.
    """

    persons: tuple[Person, ...]
    root: Path = field(default_factory=Path)

    def __post_init__(self) -> None:
        taken: dict[str, str] = {}
        for person in self.persons:
            names = {name.casefold() for name in person.subject.names}
            folders = {f"folder {_folder(folder)}" for folder in person.folders}
            for key in sorted(names | folders):
                if key in taken:
                    raise ConfigError(
                        f"{FILE}: {taken[key]} and {person.name} share {key!r}", "Leave it to one of them, or to none."
                    )
                taken[key] = person.name

    @classmethod
    def load(cls, path: Path) -> People:
        """The persons that a file lists.

        Raises:
            ConfigError: it cannot be read, or an entry is wrong; the message names the entry.
        """
        from askcv_pipelines.people_file import persons_in  # noqa: PLC0415 - few have such a file

        return cls(persons_in(path), path.parent.absolute())

    def of_folder(self, path: Path) -> Person | None:
        """The person in whose folder a file lies; the innermost folder decides."""
        try:
            inside = PurePosixPath(path.absolute().relative_to(self.root).as_posix())
        except ValueError:
            return None
        owned = [
            (len(PurePosixPath(folder).parts), person)
            for person in self.persons
            for folder in map(_folder, person.folders)
            if inside.is_relative_to(folder)
        ]
        return max(owned, key=lambda pair: pair[0])[1] if owned else None

    def named_in(self, texts: Sequence[str]) -> tuple[Person, ...]:
        """The persons whom the first text that names any of them names."""
        for text in texts:
            found = tuple(
                person
                for person in self.persons
                if (pattern := name_pattern(person.subject)) is not None and pattern.search(text)
            )
            if found:
                return found
        return ()

    def subject(self, path: Path, name: str, headlines: Sequence[str]) -> Subject:
        """Whose document it is. ``headlines`` are its title and first headings.

        Raises:
            SourceError: nobody, or more than one person, is meant.
        """
        if (owner := self.of_folder(path)) is not None:
            return owner.subject
        stem = PurePosixPath(name).stem.replace("_", " ").replace("-", " ")
        found = self.named_in([stem, *headlines])
        if len(found) == 1:
            return found[0].subject
        who = " and ".join(person.name for person in found) or f"nobody in {FILE}"
        raise SourceError(
            f"{name}: whose record is this? Its folder is nobody's, and its name and headings name {who}",
            f"Move it to a person's folder, or give that person a folder in {FILE}.",
        )


def _folder(text: str) -> str:
    return PurePosixPath(text.replace("\\", "/")).as_posix().removeprefix("./").rstrip("/")
