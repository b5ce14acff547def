"""The skills vocabulary and the search for its names: one pass over the words, longest name first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TOKEN = re.compile(r"[A-Za-z0-9]+(?:\+\+|#)?")
GAP = re.compile(r"[ .\-/&_]{0,2}\Z|\s\Z")
ENDINGS = {
    "py": "Python", "js": "JavaScript", "ts": "TypeScript", "tsx": "TypeScript", "c": "C", "h": "C", "cc": "C++",
    "cpp": "C++", "rs": "Rust", "go": "Go", "java": "Java", "rb": "Ruby", "php": "PHP", "vue": "Vue.js", "sh": "Bash",
    "sql": "SQL", "css": "CSS", "scss": "Sass", "html": "HTML", "kt": "Kotlin", "swift": "Swift", "cs": "C#",
    "scala": "Scala", "pl": "Perl", "lua": "Lua", "tf": "Terraform", "dts": "Devicetree", "proto": "Protocol Buffers",
}  # fmt: skip
TECHNICAL = frozenset(("language", "framework", "tool", "platform"))
SEASON = re.compile(r"Spring,? (?:of )?(?:\d{4}|semester|term|break|quarter)")
FILE = re.compile(r"[\w-]{2,}\.(" + "|".join(sorted(ENDINGS, key=len, reverse=True)) + r")\b(?![.\w])")


@dataclass(frozen=True, slots=True)
class Skill:
    """``own`` marks what was added by hand, beside the public lists."""

    name: str
    category: str
    own: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """``text[start:end]`` names ``skill``. ``everyday`` names are also common words; ``exact`` is as written in the
    vocabulary, capitals and all; ``ending`` was told by a file name."""

    skill: Skill
    start: int
    end: int
    everyday: bool
    exact: bool
    ending: bool = False


_Alias = tuple[tuple[str, ...], Skill, bool, str]


@cache
def vocabulary() -> tuple[dict[str, tuple[_Alias, ...]], dict[str, Skill]]:
    """Aliases by their first word, the longest first; and skills by name."""
    by_first: dict[str, list[_Alias]] = {}
    by_name: dict[str, Skill] = {}
    for line in (files(__package__) / "skills.tsv").read_text("utf-8").splitlines():
        name, category, origin, aliases = line.split("\t")
        skill = by_name.setdefault(name, Skill(name, category, origin == "own"))
        for alias in aliases.split("|"):
            everyday = alias.startswith("~")
            written = alias.lstrip("~")
            words = tuple(word.lower() for word in TOKEN.findall(written))
            by_first.setdefault(words[0], []).append((words, skill, everyday, written))
    for found in by_first.values():
        found.sort(key=lambda alias: -len(alias[0]))
    return {first: tuple(found) for first, found in by_first.items()}, by_name


def mentions(text: str) -> Iterator[Mention]:
    """Every name of a skill in the text, none inside another."""
    by_first, by_name = vocabulary()
    tokens = [(found[0].lower(), found.start(), found.end()) for found in TOKEN.finditer(text)]
    at = 0
    while at < len(tokens):
        word, start, _ = tokens[at]
        step = 1
        for words, skill, everyday, written in by_first.get(word, ()):
            size = len(words)
            if size > 1 and not _follows(text, tokens, at, words):
                continue
            end = tokens[at + size - 1][2]
            exact = text[start:end] == written
            if (everyday or len(written) <= 2) and size == 1 and not _stands_alone(text, start, end):
                continue
            if everyday and size == 1 and skill.category in TECHNICAL and not (exact and (start > 3 or len(text) < 30)):
                continue
            if SEASON.match(text, start):
                continue
            yield Mention(skill, start, end, everyday or len(written) <= 2, exact)
            step = size
            break
        at += step
    for found in FILE.finditer(text):
        yield Mention(by_name[ENDINGS[found[1]]], found.start(), found.end(), False, False, ending=True)


def _follows(text: str, tokens: list[tuple[str, int, int]], at: int, words: tuple[str, ...]) -> bool:
    if at + len(words) > len(tokens):
        return False
    for step, word in enumerate(words):
        token, start, _ = tokens[at + step]
        if token != word or (step and not GAP.match(text[tokens[at + step - 1][2] : start])):
            return False
    return True


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Not part of a path, a handle or an identifier."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before in {"@", "_", ".", "/", "-", "$", "'", "’"} and before) and not (
        after in {"_", "(", "/", "-", "'", "’"} and after
    )
