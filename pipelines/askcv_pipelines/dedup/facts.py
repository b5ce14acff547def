"""An item as it is compared: its words, figures and moments, and the fields that must not contradict."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from askcv_agents.domains import DOMAINS
from askcv_pipelines.dedup.alignment import Said
from askcv_pipelines.dedup.fields import plain, spelled_out
from askcv_pipelines.dedup.figures import Figure, figures_of, ranges_of, rates_of
from askcv_pipelines.dedup.periods import Moment, moments
from askcv_pipelines.dedup.skill_names import ways_of_writing
from askcv_pipelines.dedup.words import NEGATORS, Word, stem, words_of

_FROM_TO = re.compile(r"\bfrom (?:the |a |an )?(\w[\w+#-]*) (?:in)?to (?:the |a |an )?(\w[\w+#-]*)", re.IGNORECASE)
_PLANNED = re.compile(r"\b(?:will|shall|going to|plan(?:s|ned|ning)? to|intends? to|about to)\b", re.IGNORECASE)
_ID = re.compile(r"(?<![\d.,])\d{5,}(?![\d.,]*\d)")
Role = Literal["date", "person", "organization", "id", "degree", "title"]


@dataclass(frozen=True)
class Rule:
    """A field in which two items of a domain may contradict. A ``decisive`` contradiction makes them two items; any
    other is for a person to judge."""

    field: str
    role: Role
    decisive: bool = True


@dataclass(frozen=True)
class Plan:
    """What of a domain's payload is compared, by wire names. ``text`` is what the item says beside its label; a name's
    words (``names``) say what it is, so another word in the same place is another thing. The label can be an
    ``organization``, which has ways of writing of its own."""

    text: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    names: bool = False
    organization: bool = False

    @property
    def indexed(self) -> tuple[str, ...]:
        return tuple(rule.field for rule in self.rules if rule.role in ("organization", "title", "degree"))


PLANS: Mapping[str, Plan] = {
    "knowledge_entries": Plan(
        ("content", "metric"),
        (Rule("occurredOn", "date"), Rule("organization", "organization"), Rule("project", "title", decisive=False)),
    ),
    "coaching_action_items": Plan(("description",), (Rule("owner", "person"), Rule("dueOn", "date", decisive=False))),
    "testimonials": Plan((), (Rule("author", "person"), Rule("givenOn", "date", decisive=False))),
    "work_experience": Plan(
        ("summary",),
        (Rule("startDate", "date"), Rule("endDate", "date"), Rule("organization", "organization")),
        names=True,
    ),
    "projects": Plan(
        ("description",),
        (
            Rule("startDate", "date", decisive=False),
            Rule("organization", "organization", decisive=False),
            Rule("url", "id", decisive=False),
        ),
        names=True,
    ),
    "education": Plan(
        ("fieldOfStudy",),
        (Rule("degree", "degree"), Rule("startDate", "date"), Rule("endDate", "date")),
        names=True,
        organization=True,
    ),
    "certifications": Plan(
        (),
        (
            Rule("issuedOn", "date"),
            Rule("expiresOn", "date"),
            Rule("credentialId", "id"),
            Rule("issuer", "organization"),
        ),
        names=True,
    ),
    "awards": Plan(
        ("description",), (Rule("awardedOn", "date"), Rule("issuer", "organization", decisive=False)), names=True
    ),
    "publications": Plan(("description",), (Rule("publishedOn", "date"), Rule("venue", "title")), names=True),
    "skills": Plan((), (), names=True),
}


@dataclass(frozen=True)
class Fact:
    """One item, ready for comparison. What is derived is made once."""

    domain: str
    payload: Mapping[str, Any]

    @property
    def plan(self) -> Plan:
        return PLANS[self.domain]

    def field(self, name: str) -> str:
        value = self.payload.get(name)
        return value if isinstance(value, str) else ""

    @cached_property
    def label(self) -> str:
        label = self.field(DOMAINS[self.domain].label)
        return spelled_out(label) if self.domain == "work_experience" else label

    @cached_property
    def text(self) -> str:
        """What the item says: its text, and the label where the text does not hold it."""
        said = " . ".join(dict.fromkeys(self.field(name) for name in self.plan.text if self.field(name)))
        if self.plan.organization:
            return said
        return said if self.label and self.label in said else f"{self.label} . {said}" if said else self.label

    @cached_property
    def index_text(self) -> str:
        """What candidates are found by: all that is said, and whose or where it was."""
        if self.domain == "skills":
            return " ".join(ways_of_writing(self.label))
        return " ".join((self.label, *(self.field(name) for name in (*self.plan.text, *self.plan.indexed))))

    @cached_property
    def label_said(self) -> Said:
        return Said(words_of(self.label))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the text. Who does it or says it stands in a field of its own, and tells nothing here."""
        people = {word for rule in self.plan.rules if rule.role == "person" for word in plain(self.field(rule.field))}
        words = words_of(self.text)
        if not people:
            return words
        return tuple(replace(w, weight=0.0) if w.proper and w.written.casefold() in people else w for w in words)

    @cached_property
    def said(self) -> Said:
        return Said(self.words)

    @cached_property
    def telling(self) -> tuple[Word, ...]:
        """The words that tell something, each stem once."""
        return tuple(self.said.by_stem.values())

    @cached_property
    def phrases(self) -> frozenset[frozenset[str]]:
        """Pairs of telling words that stand together in a clause, in either order."""
        return frozenset(
            frozenset((one.stem, other.stem))
            for one, other in pairwise(self.said.telling)
            if one.clause == other.clause and one.stem != other.stem
        )

    @cached_property
    def ids(self) -> frozenset[str]:
        """Long numbers of any field: of a preprint, a ticket, a certificate."""
        return frozenset(found for value in self.payload.values() for found in _ID.findall(str(value)))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures_of(self.text)

    @cached_property
    def ranges(self) -> frozenset[tuple[str, str]]:
        return ranges_of(self.text)

    @cached_property
    def rates(self) -> frozenset[str]:
        return rates_of(self.text)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        return moments(self.text)

    @cached_property
    def denies(self) -> bool:
        """Whether it denies anything."""
        return any(word.written.lower() in NEGATORS for word in self.words if not word.code)

    @cached_property
    def transfers(self) -> frozenset[tuple[str, str]]:
        """What went from where to where, in words ("from Jira to Linear")."""
        return frozenset((stem(a.lower()), stem(b.lower())) for a, b in _FROM_TO.findall(self.text))

    @cached_property
    def planned(self) -> bool:
        """Whether it tells what is to come."""
        return bool(_PLANNED.search(self.text))

    @cached_property
    def negated(self) -> frozenset[str]:
        """Stems that are denied: what stands behind a negator in its clause, a thing or what is done."""
        denied: set[str] = set()
        for at, word in enumerate(self.words):
            if (reach := NEGATORS.get(word.written.lower(), 0)) and not word.code:
                behind = [w for w in self.words[at + 1 :] if w.weight and w.clause == word.clause]
                denied.update(w.stem for w in behind[:reach])
        return frozenset(denied)
