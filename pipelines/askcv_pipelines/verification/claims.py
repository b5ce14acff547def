"""What an item may claim, given its passage: field by field, against the document's own text.

A *worded* title may say what the passage says in other words; what names something has the passage's words; prose is
about what the passage says. Nothing has an amount, a name or a date of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from askcv_pipelines.dedup.skill_names import known_skill
from askcv_pipelines.extractors.rules.fields import REVIEWER
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.extractors.rules.vocabulary import mentions
from askcv_pipelines.extractors.rules.words import BASE, ING
from askcv_pipelines.guards import COUNTS, NAME, NO_AMOUNT
from askcv_pipelines.values import Reason
from askcv_pipelines.verification import dates
from askcv_pipelines.verification.passage import Passage
from askcv_pipelines.verification.polarity import UNFINISHED, denied, of_others, twisted, unsaid
from askcv_pipelines.verification.quantities import SHARES, unheld
from askcv_pipelines.verification.words import (
    backed,
    content_stems,
    folded,
    mixed_scripts,
    plain,
    rated,
    stem,
    words_of,
)

CENTRAL: Mapping[str, tuple[str, ...]] = {
    "knowledge_entries": ("title",),
    "work_experience": ("organization", "title"),
    "projects": ("name",),
    "skills": ("name",),
    "education": ("institution",),
    "certifications": ("name",),
    "awards": ("title",),
    "publications": ("title",),
    "testimonials": (),
    "coaching_action_items": ("title",),
}
"""The fields without which an item is none, or says something else."""
WORDED = frozenset({("knowledge_entries", "title"), ("coaching_action_items", "title")})
"""Titles that a model words itself; every other central field is what the source calls it."""
DONE = frozenset(CENTRAL) - {"coaching_action_items", "skills", "testimonials", "projects"}
DATES = NO_AMOUNT - {"url"}
PERSONS = frozenset({"author", "requested_by", "owner"})
CHOSEN = frozenset({"category", "kind", "relationship", "status", "priority"})
"""Fields that take a word of a list: no claim of their own."""
PROSE = frozenset({"content", "description", "summary", "highlights", "context", "tags"})
ORDERED = frozenset({"organization", "institution", "issuer", "venue", "project", "author_role", "location"})
"""Names that stand there as one phrase."""
LEGAL = re.compile(r"[\s,]+(?:inc|ltd|llc|gmbh|ag|plc|co|corp|company)\.?\Z", re.IGNORECASE)
"""Words that people add to the name of an organisation."""
HELD = 0.5
"""Share of the telling words of prose that its section has."""
QUANTIFIERS = frozenset(
    "all every each most both many several few only always never entire whole any everyone everybody nobody".split()
)
"""How much of something: another one is another fact."""
SHARE_STEMS = frozenset(map(stem, SHARES))
SYMBOLS = re.compile(r"[+#]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
JOINED = re.compile(r"(?<=[.!?;])\s+")
PIECE = re.compile(r"[,;/()]|\b(?:and|but|or)\b")
CAUSE = re.compile(
    r"\b(?:by|through|via|thanks to|due to|because of|after|with|as a result of|resulting in|leading to)\b|"
    r",(?= \w+ing\b)"
)
LESSER = re.compile(
    r"\b(?:(?:deputy|assistant|associate|acting|interim|vice|junior|trainee|apprentice)|"
    r"(?:report(?:s|ed|ing)? to|assist(?:s|ed|ing)?|support(?:s|ed|ing)?|work(?:s|ed|ing) (?:for|under)|on behalf of|"
    r"assistant to|deputy to)(?: the| our| a| an)?)[ -]\Z",
    re.IGNORECASE,
)
SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)

Found = tuple[Reason, str] | None


def breach(domain: str, name: str, fields: Mapping[str, Any], passage: Passage) -> Found:
    """What a field claims and its passage does not hold: the reason, and the word or figure."""
    value = fields[name]
    if name == "level" and isinstance(value, str):
        held = _level(value, str(fields.get("name", "")), passage.own)
        return None if held else ("words_not_in_quote", value)
    if isinstance(value, list | tuple):
        return next((found for each in value if (found := _breach(domain, name, each, passage))), None)
    return _breach(domain, name, value, passage)


def _breach(domain: str, name: str, value: Any, passage: Passage) -> Found:
    if name in CHOSEN or value is None:
        return None
    if isinstance(value, bool):
        return (
            ("date_not_in_source", "it ended")
            if value and name == "current" and dates.ended(passage.sentence)
            else None
        )
    if isinstance(value, int | float):
        text = f"{value:g} years" if name == "years_of_experience" else f"{value:g}"
        return _amount(text, passage.near)
    text = plain(str(value))
    if name in DATES:
        around = (passage.sentence, passage.row, plain(passage.headings))
        held = any(dates.holds(name, text, part, passage.anchor) for part in around)
        return None if held else ("date_not_in_source", text)
    if name == "url":
        return None if _linked(text, passage) else ("words_not_in_quote", text[:60])
    if name == "owner" and passage.subject and passage.subject.search(text):
        return None
    if name in PERSONS:
        return None if _person(text, passage) else ("name_not_in_source", text[:60])
    if name == "quote":
        return None if folded(text) in folded(plain_text(passage.quote)) else ("words_not_in_quote", "its own words")
    if name in PROSE:
        return _prose(text, passage)
    if found := _amount(text, passage.near):
        return found
    if (domain, name) in WORDED:
        return _worded(domain, text, passage)
    if name == "metric":
        held = folded(text) in folded(passage.quote) or words_of(text) <= passage.words
        return None if held else ("words_not_in_quote", text[:60])
    return _named(domain, name, text, passage)


def _amount(text: str, source: str) -> Found:
    found = unheld(text, source)
    return (("figure_not_in_quote" if found[0] == "figure" else "unit_not_in_quote"), found[1]) if found else None


def _worded(domain: str, title: str, passage: Passage) -> Found:
    for found in NAME.finditer(title):
        if not words_of(found[0]) <= passage.words and not (found.start() == 0 and _opens(found[0], passage)):
            return "name_not_in_source", found[0]
    if twist := twisted(title, passage.sentence, done=domain in DONE):
        return twist, title[:60]
    if domain in DONE and (twist := unsaid(title, passage.sentence)):
        return twist, title[:60]
    if of_others(title, passage.sentence, passage.subject):
        return "another_persons", title[:60]
    if more := (words_of(rated(title)) & QUANTIFIERS) - words_of(passage.own):
        return "words_not_in_quote", min(more)
    ours = content_stems(title)
    missing = [one for one in ours if not backed(one, passage.stems) and not _counts(one)]
    if _joins(title, passage):
        return "words_not_in_quote", "it joins what is told apart"
    if missing or not ours or mixed_scripts(title):
        return "words_not_in_quote", missing[0] if missing else title[:60]
    return None


def _named(domain: str, name: str, text: str, passage: Passage) -> Found:
    """What names something has the words of its source: of the quote where it is central, else also of its section."""
    central, ordered = name in CENTRAL[domain], name in ORDERED
    source = passage.section if not central else passage.near if ordered or domain == "projects" else passage.own
    if not _phrase(text, source, ordered=ordered) and not (name in {"name", "technologies"} and _alias(text, source)):
        return ("name_not_in_source" if NAME.search(text) else "words_not_in_quote"), text[:60]
    if not central:
        return ("negation_dropped", text[:60]) if denied(text, passage.sentence) else None
    if domain == "work_experience" and name == "title" and _is_lesser(text, passage.sentence):
        return "words_not_in_quote", f"not {text[:60]} itself"
    if domain in {"certifications", "awards"} and UNFINISHED.search(passage.sentence):
        return "not_done", text[:60]
    if domain in DONE | {"skills"} and (twist := twisted(text, passage.sentence, done=True)):
        return twist, text[:60]
    return None


def _prose(text: str, passage: Passage) -> Found:
    if found := _amount(text, passage.told):
        return found
    held = words_of(passage.section)
    for said in SENTENCE.split(text):
        for name in NAME.finditer(said):
            if name.start() and not words_of(name[0]) <= held:
                return "name_not_in_source", name[0]
        if (twist := twisted(said, passage.sentence, done=False)) and twist != "negation_added":
            return twist, said[:60]
    telling = set(content_stems(text))
    if sum(backed(one, passage.section_stems) for one in telling) < HELD * len(telling):
        return "words_not_in_quote", "use the words of the passage"
    return None


def _level(level: str, name: str, own: str) -> bool:
    """Whether the level stands beside the name, among several that are listed."""
    stems = [set(content_stems(piece, all_words=True)) for piece in PIECE.split(own)]
    named = set(content_stems(name))
    return any(stem(level) in piece and (not named or named & piece) for piece in stems)


def _joins(title: str, passage: Passage) -> bool:
    """Whether a title says that what one sentence tells was done by what another one tells."""
    found = CAUSE.search(title) if folded(title) not in folded(passage.quote) else None
    told = [frozenset(content_stems(said)) for said in JOINED.split(plain(passage.quote))] if found else []
    if found is None or len(told) < 2:
        return False
    best = [
        max(range(len(told)), key=lambda n: len(told[n] & set(content_stems(part))))
        for part in (title[: found.start()], PIECE.split(title[found.end() :])[0])
    ]
    return best[0] != best[1]


def _is_lesser(position: str, sentence: str) -> bool:
    """Whether a position is part of a lesser one, or that of whom one works for ("deputy head", "reporting to the
    head")."""
    at = [found.start() for found in re.finditer(rf"\b{re.escape(position)}\b", sentence, re.IGNORECASE)]
    return bool(at) and all(LESSER.search(sentence[max(0, n - 60) : n]) for n in at)


def _counts(word: str) -> bool:
    """Whether a word is an amount, which is held against the source as such."""
    return word.isdigit() or word in COUNTS or word in SHARE_STEMS


def _opens(word: str, passage: Passage) -> bool:
    """Whether a title's first word is capitalised by custom: a verb, or one that has a stem of the passage."""
    low = word.lower()
    if word[1:] != low[1:]:
        return False
    verb = low in BASE or low in ING or is_past(low)
    return verb or low in QUANTIFIERS or stem(low) in passage.stems or low.endswith(("ed", "ing", "s"))


def _phrase(value: str, source: str, *, ordered: bool) -> bool:
    """Whether the source has the words of the value; ``ordered`` means as one phrase."""
    if ordered:
        value = LEGAL.sub("", value) or value
    wanted, held = content_stems(value, all_words=True), content_stems(source, all_words=True)
    if mixed_scripts(value) or any(symbol not in source for symbol in SYMBOLS.findall(value)):
        return False
    if not wanted:
        return folded(value) in folded(source)
    if ordered or len(wanted) < 3:
        size = len(wanted)
        return any(held[n : n + size] == wanted for n in range(len(held) - size + 1)) or folded(value) in folded(source)
    telling = content_stems(value) or wanted
    return set(telling) <= set(held)


def _alias(name: str, source: str) -> bool:
    """Whether the source names a skill otherwise ("Postgres"), or says what shows a human one."""
    skill = known_skill(name)
    return skill is not None and any(found.skill == skill for found in mentions(source))


def _person(value: str, passage: Passage) -> bool:
    """Whether a person is named there. Where it is known who speaks, it is nobody else."""
    words = words_of(value)
    if passage.said:
        return bool(words & words_of(passage.said))
    document = passage.document
    around = words_of(passage.beside)
    if words & around and any(words <= words_of(name) for name in document.named):
        return True  # a given name there, whose full one the document lists
    signed = (*document.named, document.text[-400:]) if document.voice == "letter" else ()
    return bool(words) and words <= around | words_of(" ".join((*REVIEWER.findall(document.text), *signed)))


def _linked(url: str, passage: Passage) -> bool:
    bare = SCHEME.sub("", url).rstrip("/").lower()
    start, end = passage.whole
    return bool(bare) and bare in f"{passage.document.text[start:end]} {passage.section}".lower()
