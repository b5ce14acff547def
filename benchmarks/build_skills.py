"""Builds the skills vocabulary of the ``rules`` extractor from public lists and the curated additions beside it.

    build_skills.py VOCABULARY_DIR

VOCABULARY_DIR holds ``github_explore_topics.json`` and ``onet_hot_technologies.tsv``, ``linguist_languages.yml`` and
``esco12_digitalSkills_en.csv``. Names and aliases are taken and nothing else. Left out: aliases that fold versions
together, topics that are no skill, phrases of more than four words. A name or alias that is an everyday English word
(``skills/everyday.txt``) is marked with ``~``: it counts only where the context says that the skill is meant.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "pipelines/askcv_pipelines/extractors/rules/skills.tsv"
VERSION = re.compile(r"\d+(?:[.-]\d+)*\Z|-v?\d")
NO_SKILL = re.compile(
    r"\b(?:games?|hacktoberfest|awesome|bots?|emoji|fonts?|movies?|music|news|covid.*|nintendo.*|minecraft|pok[eé]mon|"
    r"homebrew|wallpapers?|anime|memes?|dotfiles|list|challenge|icons?|themes?|twitter|discord|youtube|google|facebook|"
    r"apple|amazon|microsoft|mozilla|hackathon|season|conference|university|course)\b",
    re.IGNORECASE,
)
LANGUAGE_TYPES = {"programming", "markup"}
TOKEN = re.compile(r"[a-z0-9]+[+#]*")

Entry = tuple[str, str, list[str]]


def main() -> None:
    source = Path(sys.argv[1])
    everyday = set((HERE / "skills/everyday.txt").read_text("utf-8").split("\n"))
    taken: dict[str, str] = {}
    lines = []
    for origin, entries in (
        ("curated", curated()), ("languages", languages(source)), ("products", products(source)),
        ("topics", topics(source)), ("esco", esco(source)),
    ):  # fmt: skip
        for name, category, aliases in entries:
            own = []
            for alias in dict.fromkeys([name, *aliases]):
                key = " ".join(TOKEN.findall(alias.lower()))
                if not key or key in taken:
                    continue
                taken[key] = name
                own.append(("~" if alias.lower() in everyday else "") + alias)
            public_word = origin in {"topics", "esco"} and own and all(alias.startswith("~") for alias in own)
            if own and not public_word:
                lines.append("\t".join((name, category, "own" if origin == "curated" else "public", "|".join(own))))
    TARGET.write_text("\n".join(sorted(lines, key=str.lower)) + "\n", "utf-8")
    print(f"{len(lines)} skills, {sum(line.count('|') + 1 for line in lines)} names and aliases")


def curated() -> Iterator[Entry]:
    for line in (HERE / "skills/curated.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, category, aliases = line.replace("C#|", "C\0|").split("|")
            yield name.replace("\0", "#"), category, [alias.strip() for alias in aliases.split(",") if alias.strip()]


def languages(source: Path) -> Iterator[Entry]:
    """Names only: half of the listed aliases are file endings and everyday words."""
    name = kind = ""
    for line in (source / "linguist_languages.yml").read_text("utf-8").splitlines():
        if line and not line.startswith((" ", "#", "-")):
            name = line.rstrip(":").strip('"')
        elif line.startswith("  type:"):
            kind = line.split(":")[1].strip()
            if kind in LANGUAGE_TYPES and len(name) > 1:
                yield name, "language", []


def products(source: Path) -> Iterator[Entry]:
    """Product names; "Amazon Web Services AWS software" is a name, its abbreviation and a word to drop."""
    with (source / "onet_hot_technologies.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            name = re.sub(r"\s+software\Z", "", row["name"])
            if (
                (name != row["name"] and name.islower())
                or len(name.split()) > 4
                or not re.search(r"[A-Z]{2}|[A-Z]", name[1:] + name[:1])
            ):
                continue
            words = name.split()
            aliases = (
                [" ".join(words[1:])]
                if len(words) > 2 and words[0] in {"Apache", "Adobe", "Microsoft", "Apple", "IBM", "Google"}
                else []
            )
            yield name, "tool", aliases


def topics(source: Path) -> Iterator[Entry]:
    for topic in json.loads((source / "github_explore_topics.json").read_text("utf-8")):
        name = topic["name"] or topic["topic"] or ""
        if NO_SKILL.search(name) or len(name.split()) > 3 or len(name) < 3:
            continue
        aliases = [a.replace("-", " ") for a in topic["aliases"] if not VERSION.search(a) and len(a) > 3]
        yield name, "tool", [a for a in aliases if len(a.split()) <= 3 and not NO_SKILL.search(a)]


def esco(source: Path) -> Iterator[Entry]:
    with (source / "esco12_digitalSkills_en.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = row["preferredLabel"]
            if row["skillType"] != "knowledge" or len(name.split()) > 3 or len(name) < 4:
                continue
            yield re.sub(r"\s*\([^)]*\)\Z", "", name), "domain", []


if __name__ == "__main__":
    main()
