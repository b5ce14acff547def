"""The subject guard: an item is of the person whose record it is, and of nobody else who is named beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.decide import vetoed
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.words import BASE, FIRST, ING, SECOND, THIRD
from askcv_pipelines.names import name_pattern
from askcv_pipelines.values import Document

LEADS = re.compile(
    r"[\s>*_\"“(-]*(?P<name>[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|[A-Z]\.|de|van|der|von)){0,2})"
    r"(?:,[^,]{2,60},)? (?:also |then |and I )?(?P<verb>[a-z]+)\b"
)
OTHERS = re.compile(
    r"(?i:my|our|his|her|their|the|a)\s+(?:[a-z]+ )?(?:manager|colleague|co-?worker|teammate|boss|lead|mentor|mentee|"
    r"intern|partner|predecessor|successor|director|peer)s?(?:,? [A-Z][\w’'-]+){0,2},? "
    r"(?:also |then )?(?P<verb>[a-z]+)\b"
)
BODY = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|team|group|lane|university|college|school|hospital|council|bank|labs?|project)\b",
    re.IGNORECASE,
)


class Subjects:
    """Whose each passage of a document is."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._subject = name_pattern(document.subject)

    @cached_property
    def _facts(self) -> Sequence[Facts]:
        return list(facts(self.document))

    def at(self, start: int, end: int) -> list[Facts]:
        """What is known of the units that a passage touches."""
        return [fact for fact in self._facts if fact.unit.start < end and start < fact.unit.end]

    def others(self, domain: str, start: int, end: int) -> str:
        """Why a passage is another person's; empty where it may be the subject's. ``start`` and ``end`` are those of
        whole sentences."""
        for fact in self.at(start, end):
            if why := self._why(domain, fact):
                return why
        return ""

    def _why(self, domain: str, fact: Facts) -> str:
        words = fact.unit.words
        mine = not FIRST.isdisjoint(words)
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
