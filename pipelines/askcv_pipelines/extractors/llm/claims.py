"""What a proposed item may claim, given its passage: field by field, against the source's own slice.

A central field that claims more than its passage refuses the item; any other is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from askcv_pipelines.extractors.llm.polarity import UNFINISHED, of_others, twisted
from askcv_pipelines.extractors.llm.quantities import SHARES, unheld
from askcv_pipelines.extractors.llm.stems import backed, content_stems, stem
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.words import BASE, ING
from askcv_pipelines.guards import COUNTS, NAME, WORD
from askcv_pipelines.reading import dates
from askcv_pipelines.values import Document, Reason

CENTRAL = {
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
DATES = frozenset(
    {"occurred_on", "due_on", "start_date", "end_date", "given_on", "awarded_on", "issued_on", "published_on"}
)
PERSONS = frozenset({"author", "requested_by", "owner"})
CHOSEN = frozenset({"category", "kind", "relationship", "status"})
"""Fields that take a word of a list: no claim of their own."""
INFLATED = frozenset(map(stem, """
    lead head manage found own architect spearhead direct win award promote certify hire invent patent pioneer
    author keynote chair supervise oversee expert sole single-handedly entire first
""".split()))  # fmt: skip
"""Words that raise a part in something: said only where the source says them."""
QUANTIFIERS = frozenset(
    "all every each most both many several few only always never entire whole any everyone everybody nobody".split()
)
"""How much of something: another one is another fact."""
INVISIBLE = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
MONTH = re.compile(rf"\b{dates._MONTH}", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SHORT_YEAR = re.compile(r"(?<=\d)[-–/](\d\d)(?!\d)")


@dataclass(frozen=True)
class Passage:
    """What may prove a claim: the ``quote``, the sentences it stands in, the headings above, the blocks ``beside`` it,
    and the people who are ``said`` to speak there. ``masks`` are those that the model saw in
    the quote's place."""

    document: Document = field(repr=False)
    start: int
    end: int
    sentence: str
    headings: str
    beside: str
    said: tuple[str, ...]
    masks: str = ""

    @cached_property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    @cached_property
    def own(self) -> str:
        """What the quote itself says."""
        return plain(f"{self.quote} \n {self.masks}")

    @cached_property
    def own_stems(self) -> frozenset[str]:
        return frozenset(content_stems(self.own, all_words=True))

    @cached_property
    def near(self) -> str:
        """What proves a figure or name: the quote, its headings, the subject's names."""
        return plain(f"{self.quote} \n {self.headings} \n {' '.join(self.document.subject.names)} \n {self.masks}")

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(content_stems(self.near, all_words=True))

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word.lower() for word in WORD.findall(self.near))


def plain(text: str) -> str:
    """Compatibility forms undone, invisible characters dropped, white space folded."""
    return " ".join(INVISIBLE.sub(" ", unicodedata.normalize("NFKC", text)).split())


def breach(domain: str, name: str, value: Any, passage: Passage) -> tuple[Reason, str] | None:
    """What a field claims and its passage does not hold."""
    if not isinstance(value, str) or name in CHOSEN:
        return None
    if name == "level":
        return None if stem(value) in passage.own_stems else ("words_not_in_quote", name)
    if name in DATES:
        return None if _dated(name, value, passage) else ("date_not_in_source", name)
    if name == "url":
        return None if value in passage.document.text[passage.start : passage.end] + passage.beside else (
            "words_not_in_quote", name)  # fmt: skip
    if name in PERSONS:
        return None if _person(value, passage) else ("name_not_in_source", f"{name}: {value}")
    central = name in CENTRAL[domain]
    if amount := unheld(value, passage.near):
        return ("figure_not_in_quote" if amount[0] == "figure" else "unit_not_in_quote"), f"{name}: {amount[1]}"
    if (domain, name) in WORDED:
        return _worded(domain, name, value, passage)
    if name == "metric":
        return None if _folded(value) in _folded(passage.quote) or _amounts_only(value, passage) else (
            "words_not_in_quote", name)  # fmt: skip
    ordered = name in {"organization", "institution", "issuer", "venue", "project"}
    source = passage.near if ordered or domain == "projects" else passage.own
    source = source if central else f"{passage.near} {plain(passage.beside)}"
    if not _phrase(value, source, ordered=ordered):
        return ("name_not_in_source" if NAME.search(value) else "words_not_in_quote"), f"{name}: {value}"
    if central and domain in {"certifications", "awards"} and UNFINISHED.search(passage.sentence):
        return "not_done", name
    if central and domain in DONE | {"skills"} and (twist := twisted(value, plain(passage.sentence), done=True)):
        return twist, name
    return None


def _worded(domain: str, name: str, value: str, passage: Passage) -> tuple[Reason, str] | None:
    for found in NAME.finditer(value):
        words = {word.lower() for word in WORD.findall(found[0])}
        if not words <= passage.words and not (found.start() == 0 and _opens(found[0], passage)):
            return "name_not_in_source", f"{name}: {found[0]}"
    if twist := twisted(value, plain(passage.sentence), done=domain in DONE):
        return twist, name
    if of_others(value, plain(passage.sentence)):
        return "another_persons", name
    said = {word.lower() for word in WORD.findall(value)} & QUANTIFIERS
    if more := said - {word.lower() for word in WORD.findall(passage.own)}:
        return "words_not_in_quote", f"{name}: {min(more)}"
    ours = content_stems(value)
    missing = [one for one in ours if not backed(one, passage.stems) and not _counts(one)]
    if raised := next((one for one in missing if one in INFLATED), None):
        return "words_not_in_quote", f"{name}: {raised}"
    if missing or not ours or mixed_scripts(value):
        return "words_not_in_quote", f"{name}: {missing[0]}" if missing else name
    return None


def _counts(word: str) -> bool:
    """Whether a word is an amount, which is held against the source as such."""
    return word.isdigit() or word in COUNTS or word in SHARES


def _opens(word: str, passage: Passage) -> bool:
    """Whether a title's first word is capitalised by custom: a verb, or one that has a stem of the passage."""
    low = word.lower()
    if word[1:] != low[1:]:
        return False
    return low in BASE or low in ING or is_past(low) or stem(low) in passage.stems or low.endswith(("ed", "ing", "s"))


def _phrase(value: str, source: str, *, ordered: bool) -> bool:
    """Whether the source has the words of the value; ``ordered`` means as one phrase."""
    wanted, held = content_stems(value, all_words=True), content_stems(source, all_words=True)
    symbols = re.findall(r"[+#]+", value)
    if any(symbol not in source for symbol in symbols) or mixed_scripts(value):
        return False
    if not wanted:
        return _folded(value) in _folded(source)
    if ordered or len(wanted) < 3:
        return any(held[n : n + len(wanted)] == wanted for n in range(len(held) - len(wanted) + 1)) or (
            _folded(value) in _folded(source)
        )
    telling = content_stems(value) or wanted
    return set(telling) <= set(held)


def _person(value: str, passage: Passage) -> bool:
    """Whether a person is named there. Where it is known who speaks, it is nobody else."""
    words = {word.lower() for word in WORD.findall(value)}
    for speaker in passage.said:
        return bool(words & {word.lower() for word in WORD.findall(speaker)})
    around = f"{passage.near} {passage.beside}"
    if passage.document.voice == "letter":
        around += " ".join(passage.document.named) + passage.document.text[-400:]
    held = {word.lower() for word in WORD.findall(around)}
    return bool(words) and words <= held


def _dated(name: str, value: str, passage: Passage) -> bool:
    """Whether a date is the passage's own, at the precision that it claims."""
    if not re.fullmatch(r"\d{4}(?:-\d\d(?:-\d\d)?)?", value):
        return False
    anchor = dates.partial(passage.document.date_at(passage.start) or "")
    day = dates.explicit(passage.document.date_at(passage.start) or "")
    text = f"{passage.quote} {passage.headings}"
    if name == "due_on":
        found = {dates.due(passage.sentence, day), dates.due(text, day), dates.cell_date(passage.beside, day)}
        return value in found or any(each and each.startswith(value) for each in found)
    if name in {"occurred_on", "given_on"} and anchor and anchor.startswith(value):
        return True
    year, *rest = value.split("-")
    text = SHORT_YEAR.sub(lambda found: f" 20{found[1]}", text)
    explicit = dates.explicit(text, day)
    if explicit and explicit.isoformat().startswith(value):
        return True
    if year not in YEAR.findall(text):
        return False
    months = {f"{dates.MONTHS[found[0][:3].lower()]:02}" for found in MONTH.finditer(text)}
    months |= {found[1] for found in re.finditer(rf"{year}-(\d\d)", text)}
    return not rest or (len(rest) == 1 and rest[0] in months)


def mixed_scripts(text: str) -> bool:
    """Whether a word mixes Latin letters with those of another script that look like them."""
    for word in WORD.findall(text):
        scripts = {unicodedata.name(c, "?").split()[0] for c in word if c.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}:
            return True
    return False


def _amounts_only(value: str, passage: Passage) -> bool:
    return all(word in passage.words for word in (w.lower() for w in WORD.findall(value)))


def _folded(text: str) -> str:
    return "".join(plain(text).lower().split())
