"""The subject guard: an item is of the person whose record it is, and of nobody else who is named beside them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, cached_property

from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.decide import vetoed
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.vocabulary import vocabulary
from askcv_pipelines.extractors.rules.words import AMBIGUOUS, BASE, FIRST, ING, PLURAL, SECOND, THIRD
from askcv_pipelines.names import name_pattern
from askcv_pipelines.values import Document

LEADS = re.compile(
    r"[\s>*_\"“(-]*(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|[A-Z]\.|de|van|der|von)){0,2})"
    r"(?:,[^,]{2,60},)? (?:also |then |and I )?(?P<verb>[a-z]+)\b"
)
OTHERS = re.compile(
    r"(?i:(?:\w+ of )?(?:my|our|his|her|their|the|a))\s+(?:[a-z]+ )?(?:students?|pupils?|trainees?|patients?|clients?|"
    r"manager|colleague|co-?worker|teammate|boss|lead|mentor|mentee|"
    r"intern|partner|predecessor|successor|director|peer)s?(?:,? [A-Z][\w’'-]+){0,2},? "
    r"(?:also |then )?(?P<verb>[a-z]+)\b"
)
BODY = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|team|group|lane|university|college|school|hospital|council|bank|labs?|project)\b",
    re.IGNORECASE,
)

LABEL = re.compile(r"\W*[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}:\s")
DEEDS = frozenset({
    "knowledge_entries", "work_experience", "education", "certifications", "awards", "publications", "skills",
})  # fmt: skip
"""Domains that say what was done or is known."""


class Subjects:
    """Whose each passage of a document is."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._subject = name_pattern(document.subject)

    @cached_property
    def _facts(self) -> Sequence[Facts]:
        return sorted(facts(self.document), key=lambda fact: fact.unit.start)

    @cached_property
    def _starts(self) -> list[int]:
        return [fact.unit.start for fact in self._facts]

    def at(self, start: int, end: int) -> list[Facts]:
        """What is known of the units that a passage touches; they are in order, and one may end behind the next."""
        last = bisect_left(self._starts, end)
        first = max(0, bisect_left(self._starts, start) - 2)
        return [fact for fact in self._facts[first:last] if start < fact.unit.end]

    def others(self, domain: str, start: int, end: int) -> str:
        """Why a passage is another person's; empty where it may be the subject's. ``start`` and ``end`` are those of
        whole sentences."""
        for fact in self.at(start, end):
            if why := self._why(domain, fact):
                return why
        return ""

    def undone(self, domain: str, start: int, end: int) -> bool:
        """Whether what is to be done, wished or learned there is claimed as done or known."""
        return domain in DEEDS and any(self._undone(fact) for fact in self.at(start, end))

    def _undone(self, fact: Facts) -> bool:
        means = {fact.meaning, fact.lead_meaning}
        if fact.done or fact.tense == "past":
            return False
        if means & {"goals", "actions", "growth"} or fact.block.checked is False:
            return True
        if fact.tense not in {"imperative", "will", "to", "duty", "question"}:
            return False
        return not means & {"done", "experience", "strengths"} and AMBIGUOUS.isdisjoint(fact.unit.words[:3])

    def _why(self, domain: str, fact: Facts) -> str:
        words = fact.unit.words
        mine = not FIRST.isdisjoint(words)
        if LABEL.match(fact.unit.plain) and fact.few and fact.owner == "other":
            if domain == "coaching_action_items" and "you" in words[1:4] and not mine:
                return ""  # "Mirela: you could …", of two who meet
            if domain == "testimonials":
                return ""
        if vetoed(domain, fact):
            return "it has another owner"
        if domain == "coaching_action_items":
            if fact.role == "other" and mine and not fact.named and self.document.kind != "code_review":
                return "its speaker speaks of themselves"
            return self._leads(fact) if fact.who not in {"subject", "both"} and SECOND.isdisjoint(words) else ""
        if domain == "testimonials":
            if fact.named or not SECOND.isdisjoint(words) or not THIRD.isdisjoint(words):
                return ""
            return self._leads(fact) or ("another person is praised" if fact.other_named else "")
        if fact.who == "other" and not fact.named and not (domain == "skills" and fact.role != "other"):
            return "it is said of another person"
        if fact.role == "other" and mine and not fact.named:
            return "its speaker speaks of themselves"
        if fact.other_named == "start" and not fact.named and not mine:
            return "it begins with another person"
        return self._leads(fact)

    def _somebody(self, name: str, fact: Facts) -> bool:
        """Whether a lone word that begins a sentence is a name: in the subject's own text, a word that is nowhere
        written small, and no technology."""
        low = name.lower()
        if self.document.voice != "first_person" or low.endswith("s") or not PLURAL.isdisjoint(fact.unit.words):
            return False
        small = re.search(rf"\b{re.escape(low)}\b", self.document.text)
        return small is None and low not in _technologies()

    def _leads(self, fact: Facts) -> str:
        """Whether the sentence begins with what somebody else did."""
        said = fact.unit.plain
        if fact.named == "start" or {"i", "we"} & set(fact.unit.words[:3]):
            return ""
        if (found := OTHERS.match(said)) and _verb(found["verb"]) and "me" not in fact.unit.words:
            return "it begins with another person"
        found = LEADS.match(said)
        if found is None or not _verb(found["verb"]):
            return ""
        name = found["name"]
        first = name.split()[0].lower()
        if (
            first in BASE
            or first in ING
            or is_past(first)
            or first in THIRD
            or (self._subject and self._subject.search(name))
        ):
            return ""
        if len(name.split()) < 2 and self._somebody(name, fact):
            return "it begins with another person"
        if len(name.split()) < 2 or BODY.search(name):
            return "it begins with another person" if fact.other_named == "start" else ""
        called = rf"(?:\bat|\bfor|\bjoined|\bthe|\bproject|\bof) {re.escape(name)}"
        return "" if re.search(called, self.document.text) else "it begins with another person"


def _verb(word: str) -> bool:
    low = word.lower()
    return (
        is_past(low)
        or low in {"will", "is", "was", "has", "had", "shall", "should", "runs", "leads", "wants", "needs"}
        or (low.endswith("s") and low[:-1] in BASE)
    )


@cache
def _technologies() -> frozenset[str]:
    """The first words of known skills, in lower case."""
    return frozenset(vocabulary()[0])
