"""Names of skills: one way of writing each, what the vocabulary knows it as, and by what else it is found."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from askcv_pipelines.extractors.rules.vocabulary import Skill, vocabulary


def ways_of_writing(name: str) -> tuple[str, ...]:
    """The name, what the vocabulary calls it, folded to one word, and its initials where it has several."""
    skill = known_skill(name)
    words = re.findall(r"\w+", name)
    initials = "".join(word[0] for word in words) if len(words) > 2 else ""
    return tuple(dict.fromkeys(way for way in (name, skill.name if skill else "", folded(name), initials) if way))


@lru_cache(maxsize=1 << 14)
def known_skill(name: str) -> Skill | None:
    """The skill of the vocabulary that goes by this name."""
    return _by_alias().get(folded(name))


@cache
def _by_alias() -> dict[str, Skill]:
    by_first, by_name = vocabulary()
    found: dict[str, Skill] = {}
    for aliases in by_first.values():
        for _, skill, _, written in aliases:
            known = found.setdefault(folded(written), skill)
            if skill.own and not known.own:
                found[folded(written)] = skill
    found.update({folded(name): skill for name, skill in by_name.items() if skill.own or folded(name) not in found})
    return found


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> str:
    """A name without what does not matter: case, blanks, hyphens, dots inside ("Next.js"); "C++", "C#" and ".NET" keep
    their signs."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("♯", "#").strip()
    text = re.sub(r"\s*\([^)]*\)\s*$", "", text) or text
    text = re.sub(r"(?<=\d)\.(?=\d)", "\x00", text)
    return re.sub(r"(?<=\w)\.|[^\w+#.\x00]+", "", text).replace("\x00", ".")
