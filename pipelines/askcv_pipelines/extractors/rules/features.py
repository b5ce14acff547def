"""Features of a unit as strings: what its place, its voice, its verb, its words and its neighbours say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.verdicts import verdicts
from askcv_pipelines.extractors.rules.words import FIRST, LACK, PLURAL, PRAISE, SECOND, THIRD
from askcv_pipelines.values import Document

URL = re.compile(r"https?://\S+")
NUMBER = re.compile(r"\d")
FIGURE = re.compile(r"\d[\d.,]*\s?(?:%|x\b|k\b|percent|hours?|days|users|times)|[$€£]\s?\d")
MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:19|"
    r"20)\d\d\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\s*[\"“”'‘]")
HEAD_WORD = re.compile(r"[a-z]{3,}")


def features(document: Document, found: Sequence[Facts]) -> list[list[str]]:
    """One list of features for each unit."""
    fired = [list(verdicts(document, fact)) for fact in found]
    own = [_own(document, fact, names) for fact, names in zip(found, fired, strict=True)]
    for row, sibling in zip(own, _siblings(found, fired), strict=True):
        row.extend(sibling)
    brief = [_brief(fact) for fact in found]
    for at, row in enumerate(own):
        place = min(9, 10 * at // max(1, len(own)))
        row.append(f"place={place}")
        for step, name in ((-1, "prev"), (1, "next"), (-2, "prev2")):
            other = at + step
            if 0 <= other < len(own):
                near = "" if found[other].unit.block == found[at].unit.block else "~"
                row.extend(f"{name}{near}:{b}" for b in brief[other])
            else:
                row.append(f"{name}:edge")
    return own


def _brief(fact: Facts) -> list[str]:
    words = fact.unit.words
    return [f"t={fact.tense}", f"w={fact.who}", f"m={fact.meaning}", f"n={fact.named}",
            f"len={_length(len(words))}", f"praise={min(2, _count(words, PRAISE))}",
            f"colon={fact.unit.plain.endswith(':')}", f"first={words[0]}", f"k={fact.block.kind}"]  # fmt: skip


def _siblings(found: Sequence[Facts], fired: Sequence[Sequence[str]]) -> list[list[str]]:
    """What the rules say of the other units of the same list or section: lists are mostly of one kind."""
    lists: dict[tuple[object, ...], list[int]] = {}
    for at, fact in enumerate(found):
        lists.setdefault((fact.block.section, fact.block.kind, fact.block.level, fact.lead, fact.said_by), []).append(
            at
        )
    made: list[list[str]] = [[] for _ in found]
    for members in lists.values():
        for letter in "AKTX":
            speaking = [any(name[0] == letter for name in fired[at]) for at in members]
            total = sum(speaking)
            for at, speaks in zip(members, speaking, strict=True):
                others = len(members) - 1
                share = "none" if not others else str(round(2 * (total - speaks) / others))
                made[at] += [f"sib:{letter}={share}", f"sib:{letter}={share}|{found[at].block.kind}"]
    return made


def _own(document: Document, fact: Facts, fired: Sequence[str]) -> list[str]:
    unit, block, words = fact.unit, fact.block, fact.unit.words
    kind, voice = document.kind, document.voice
    pronoun = _pronoun(words)
    praise, lack = min(3, _count(words, PRAISE)), min(3, _count(words, LACK))
    means = fact.lead_meaning if fact.lead_meaning != "other" else fact.meaning
    row = [
        "bias", f"kind={kind}", f"voice={voice}", f"block={block.kind}", f"zone={block.zone}",
        f"who={fact.who}", f"owner={fact.owner}", f"role={fact.role}",
        f"mean={fact.meaning}", f"lead={fact.lead_meaning}",
        f"tense={fact.tense}", f"named={fact.named}", f"other={fact.other_named}", f"check={block.checked}",
        f"pron={pronoun}", f"praise={praise}", f"lack={lack}", f"len={_length(len(words))}", f"first={unit.first}",
        f"done={fact.done}", f"few={fact.few}",
        f"check|first={block.checked}|{unit.first}", f"level={min(3, block.level)}",
        f"kind|tense={kind}|{fact.tense}", f"kind|role|tense={kind}|{fact.role}|{fact.tense}",
        f"voice|tense|pron={voice}|{fact.tense}|{pronoun}", f"means={means}", f"means|tense={means}|{fact.tense}",
        f"means|block={means}|{block.kind}", f"means|kind={means}|{kind}", f"means|who={means}|{fact.who}",
        f"who|tense={fact.who}|{fact.tense}", f"who|kind={fact.who}|{kind}", f"named|tense={fact.named}|{fact.tense}",
        f"check|mean={block.checked}|{means}", f"voice|praise={voice}|{praise}", f"role|praise={fact.role}|{praise}",
        f"role|lack={fact.role}|{lack}", f"pron|praise={pronoun}|{praise}", f"voice|pron={voice}|{pronoun}",
        f"named|other={fact.named}|{fact.other_named}|{kind}", f"kind|pron={kind}|{pronoun}",
        f"mean|voice|block={means}|{voice}|{block.kind}", f"block|tense={block.kind}|{fact.tense}|{kind}",
    ]  # fmt: skip
    row += [f"!{name}" for name in fired]
    row += [f"!{name}|{kind}|{voice}" for name in fired]
    row.append("!" + "".join(sorted({name[0] for name in fired})))
    row += [
        f"said={bool(fact.said_by)}",
        f"quoted={fact.quoted}",
        f"said|pron={bool(fact.said_by)}|{pronoun}",
        f"quoted|praise={fact.quoted}|{praise}",
    ]
    row += _shape(fact)
    row += [f"head:{w}" for heading in block.section[-2:] for w in HEAD_WORD.findall(heading.lower())]
    row += [f"intro:{w}" for w in HEAD_WORD.findall(fact.lead.lower())[:12]]
    row += [f"col:{w}" for w in HEAD_WORD.findall(fact.header)]
    row += _lexical(words)
    return row


def _shape(fact: Facts) -> list[str]:
    plain, words = fact.unit.plain, fact.unit.words
    row = []
    for name, holds in (
        ("url", URL.search(plain)), ("number", NUMBER.search(plain)), ("figure", FIGURE.search(plain)),
        ("date", MONTH.search(plain)), ("quoted", QUOTED.match(plain)), ("ends:", plain.endswith(":")),
        ("ends!", plain.endswith("!")), ("ends?", plain.endswith("?")), ("ends.", plain.endswith(".")),
        ("lower", plain[:1].islower()), ("mention", "@" in words[:1]), ("paren", "(" in plain),
        ("ellipsis", "..." in plain),
        ("capitals", sum(w[:1].isupper() for w in plain.split()) > 0.6 * len(plain.split())),
        ("and", " and " in plain), ("urlonly", URL.fullmatch(plain)), ("lead-in", bool(fact.lead)),
    ):  # fmt: skip
        if holds:
            row.append(f"shape:{name}")
    return row


def _lexical(words: tuple[str, ...]) -> list[str]:
    short = words[:40]
    row = [f"w:{w}" for w in dict.fromkeys(short) if not w.isdigit()]
    row += [f"2:{a} {b}" for a, b in pairwise(short)]
    row.append("s:" + words[0])
    row.append("s2:" + " ".join(words[:2]))
    row.append("s3:" + " ".join(words[:3]))
    row.append("e:" + words[-1])
    return row


def _pronoun(words: tuple[str, ...]) -> str:
    """The persons a sentence speaks of, the first one first."""
    seen = []
    for word in words[:40]:
        for name, forms in (("I", FIRST), ("we", PLURAL), ("you", SECOND), ("they", THIRD)):
            if word in forms and name not in seen:
                seen.append(name)
    return "+".join(seen[:2])


def _count(words: tuple[str, ...], listed: frozenset[str]) -> int:
    return sum(word in listed for word in words)


def _length(words: int) -> int:
    return next((at for at, limit in enumerate((2, 4, 7, 11, 17, 26, 40)) if words <= limit), 7)
