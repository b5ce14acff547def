"""Whose a passage is: an item is of the person whose record it is, of nobody else named beside them, and of no form."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from askcv_pipelines.dedup.words import stem, weight
from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.decide import vetoed
from askcv_pipelines.extractors.rules.people import People
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.extractors.rules.vocabulary import vocabulary
from askcv_pipelines.extractors.rules.words import AMBIGUOUS, BASE, FIRST, ING, PLURAL, SECOND, THIRD
from askcv_pipelines.names import name_pattern
from askcv_pipelines.reading.prompts import is_prompt
from askcv_pipelines.values import Block, Document, Reason
from askcv_pipelines.verification.passage import Passage
from askcv_pipelines.verification.polarity import DENIES
from askcv_pipelines.verification.words import words_of

NOT_TOLD = frozenset(("template", "furniture"))
"""Zones that say nothing of anybody: what a form prints, navigation."""
_WHO = r"[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|[A-Z]\.|de|van|der|von|da)){0,3}"
LEADS = re.compile(
    rf"[\s>*_\"“(-]*(?P<name>{_WHO})(?:,[^,]{{2,60}},)? (?:also |then |later |and I )?(?P<verb>[a-z]+)\b"
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
CREDITED = re.compile(
    rf"\b[Ii]t (?:was|is) ({_WHO}) (?:who|that)\b|\b(?:came|comes) from ({_WHO})|"
    rf"\b(?:written|built|led|made|done|designed|created|implemented|fixed|organi[sz]ed|won) by ({_WHO})"
)
ADDRESSED = re.compile(rf"[\W_]*(?:@([A-Za-z][\w.-]{{1,38}})\s*[:,–—-]|({_WHO})\s*(?:->|→|=>))")
CLAUSE = re.compile(r"(?<=[.;!?])\s+|\n+|,? (?:and|while|but) ")
STRUCK = re.compile(r"~~(?=\S)[^~\n]+~~|<(del|s)>.*?</\1>", re.DOTALL)
POSSESSIVE = re.compile(r"\W*([A-Z][\w-]+)(?: [A-Z][\w-]+)?['’]s?\s+\w+")
NOT_ACHIEVED = re.compile(
    r"\bnot\b(?! only)|n['’]t\b|\bnever\b|\b(?:unfinished|incomplete|missed|failed|abandoned|cancell?ed|rejected|"
    r"postponed)\b",
    re.IGNORECASE,
)
"""A heading over what was not done."""
REQUEST = re.compile(r"\b(?:like|want|need|ask|asked|expect|wish) you to\b|\b(?:can|could|would) you\b", re.IGNORECASE)
MAY = re.compile(r"\b(?:In|in|of|[Ss]ince|[Uu]ntil|,|\d) May\b|\bMay \d")
SHOUTED = re.compile(r"[A-Z]{2,}\b")
NOUN = re.compile(r"\w+: ")
DEEDS = frozenset({
    "knowledge_entries", "work_experience", "education", "certifications", "awards", "publications", "skills",
})  # fmt: skip
"""Domains that say what was done or is known."""
OBTAINED = frozenset(("certifications", "awards", "publications"))
PLANNED = frozenset(("will", "to"))
TOLD_BY_OTHERS = frozenset(("testimonials", "coaching_action_items", "skills"))
"""What others say *to* or *of* the subject: whose words they are tells nothing."""
SAYS = frozenset("will is was has had shall should runs leads wants needs".split())

Found = tuple[Reason, str] | None
ELSE = "it begins with another person"


class Whose:
    """Whose each passage of a document is."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.subject = name_pattern(document.subject)

    @cached_property
    def _people(self) -> People:
        return People(self.document)

    @cached_property
    def _facts(self) -> Sequence[Facts]:
        return sorted(facts(self.document, self._people), key=lambda fact: fact.unit.start)

    @cached_property
    def _starts(self) -> list[int]:
        return [fact.unit.start for fact in self._facts]

    def at(self, start: int, end: int) -> tuple[Facts, ...]:
        """What is known of the units that a passage touches; they are in order, and one may end behind the next."""
        last = bisect_left(self._starts, end)
        first = max(0, bisect_left(self._starts, start) - 2)
        return tuple(fact for fact in self._facts[first:last] if start < fact.unit.end)

    def untold(self, passage: Passage, units: Sequence[Facts]) -> str:
        """Why nobody tells a passage, if so: what is no sentence, a heading or a comment in a page, tells nothing."""
        zones = {self._zone(block) for block in passage.blocks}
        if zones <= NOT_TOLD or not units:
            return f"{', '.join(sorted(zones & NOT_TOLD)) or 'no sentence'} of the document"
        return "it is struck out" if any(a < passage.end and passage.start < b for a, b in self._struck) else ""

    def refuses(self, domain: str, fields: Mapping[str, Any], passage: Passage, units: Sequence[Facts]) -> Found:
        """Why a passage proves nothing of the subject: it is another's, or still to be done."""
        owner = fields.get("owner")
        if isinstance(owner, str) and self._is_not_mine(owner):
            return "another_persons", f"owner: {owner[:60]}"
        if why := next((why for fact in units if (why := self._of_others(domain, fact))), ""):
            return "another_persons", why
        if any(block.row in self._rows_of_others for block in passage.blocks):
            return "another_persons", "the row is another person's"
        if domain == "coaching_action_items" and self._excepted and self._excepted.search(passage.sentence):
            return "another_persons", "the subject is excepted"
        if domain not in TOLD_BY_OTHERS and self._is_anothers_part(passage.quote, fields):
            return "another_persons", "who is named does it"
        label = str(fields.get("title") or fields.get("name") or "")
        if domain in DEEDS and any(_undone(fact, label if domain in OBTAINED else "") for fact in units):
            return "not_done", "to be done, wished or learned"
        if domain in OBTAINED and units and all(fact.tense in PLANNED for fact in units):
            return "not_done", "planned, not obtained"
        if domain in DEEDS - {"skills"} and not DENIES.search(label) and any(map(self._is_denied, passage.blocks)):
            return "not_done", "its heading says so"
        return None

    def _is_denied(self, block: Block) -> bool:
        """Whether it stands under a heading over what was not done; a review's headings speak of code."""
        heading = block.section[-1] if block.section and self.document.kind != "code_review" else ""
        return len(heading.split()) <= 6 and bool(NOT_ACHIEVED.search(heading))

    @cached_property
    def _struck(self) -> list[tuple[int, int]]:
        return [found.span() for found in STRUCK.finditer(self.document.text)]

    @cached_property
    def _excepted(self) -> re.Pattern[str] | None:
        """The subject's name behind an "except"."""
        names = self.subject.pattern if self.subject else ""
        return (
            re.compile(rf"\b(?:except|excluding|but not|other than|apart from)(?: for)? {names}", re.I)
            if names
            else None
        )

    @cached_property
    def _rows_of_others(self) -> frozenset[int]:
        """The table rows that have another name in the column in which the subject's stands."""
        subject = self.subject
        if subject is None:
            return frozenset()
        cells = [
            (b, plain_text(self.document.slice(b))) for b in self.document.blocks if b.row is not None and b.header
        ]
        columns = {(b.section, b.header) for b, said in cells if subject.fullmatch(said)}
        theirs = [b.row for b, said in cells if (b.section, b.header) in columns and said and not subject.search(said)]
        return frozenset(row for row in theirs if row is not None)

    def _zone(self, block: Block) -> str:
        """The block's zone; a heading that asks is the form's."""
        asks = block.kind == "heading" and is_prompt(self.document.slice(block))
        return "template" if asks else block.zone

    def _is_not_mine(self, owner: str) -> bool:
        own = frozenset(word for name in self.document.subject.names for word in words_of(name))
        return bool(own) and words_of(owner).isdisjoint(own | {"i", "me", "you", "author"})

    def _of_others(self, domain: str, fact: Facts) -> str:
        """Why a unit is another person's; empty where it may be the subject's."""
        words = fact.unit.words
        mine = not FIRST.isdisjoint(words)
        if self._is_addressed_to_another(fact):
            return "who is addressed"
        if LABEL.match(fact.unit.plain) and fact.few and fact.owner == "other":
            if domain == "coaching_action_items" and "you" in words[1:4] and not mine:
                return ""  # "Mirela: you could …", of two who meet
            if domain == "testimonials":
                return ""
        if vetoed(domain, fact):
            return "it has another owner"
        if domain == "coaching_action_items":
            asked = REQUEST.search(fact.unit.plain)
            if fact.role == "other" and mine and not asked and not fact.named and self.document.kind != "code_review":
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
            return ELSE
        if not mine and not fact.named and self._is_headed_by_another(fact.block):
            return "its heading names another person"
        return self._leads(fact)

    def _is_headed_by_another(self, block: Block) -> bool:
        """Whether the heading says whose it is ("Marek's results"): by a word that is no word but a name."""
        found = POSSESSIVE.match(block.section[-1]) if block.section else None
        if found is None or self._people.is_subject(found[1]):
            return False
        low = found[1].lower()
        return low in self._people.others or (weight(stem(low)) == 1 and not self._is_written_small(low))

    def _is_written_small(self, low: str) -> bool:
        return re.search(rf"\b{re.escape(low)}\b", self.document.text) is not None

    def _leads(self, fact: Facts) -> str:
        """Whether the sentence begins with what somebody else did."""
        said = fact.unit.plain
        if fact.named == "start" or {"i", "we"} & set(fact.unit.words[:3]):
            return ""
        if (found := OTHERS.match(said)) and _verb(found["verb"]) and "me" not in fact.unit.words:
            return ELSE
        return ELSE if self._begins_with_another(said, fact) else ""

    def _begins_with_another(self, said: str, fact: Facts | None = None) -> bool:
        """Whether somebody else is the first word, and does something: by a name that the document lists, or a full
        one; or whether it is said to be theirs ("it was Pia who …")."""
        for credit in CREDITED.finditer(said):
            name = next(filter(None, credit.groups()))
            if not self._people.is_subject(name) and not self._people.is_subject(name.split()[0]):
                return True
        found = LEADS.match(said)
        if found is None or not _verb(found["verb"]):
            return False
        name, words = found["name"], found["name"].lower().split()
        first = words[0]
        if first in BASE or first in ING or is_past(first) or first in THIRD or first == "i":
            return False
        if self.subject and self.subject.search(name):
            return False
        if first in self._people.others | self._people.surnames:
            return True
        if len(words) < 2:
            common = not is_past(found["verb"]) and weight(stem(first)) < 1  # "Repeat calls dropped"
            return fact is not None and not common and self._is_somebody(name, fact)
        called = rf"(?:\bat|\bfor|\bjoined|\bthe|\bproject|\bof) {re.escape(name)}"
        return not BODY.search(name) and not re.search(called, self.document.text)

    def _is_somebody(self, name: str, fact: Facts) -> bool:
        """Whether a lone word that begins a sentence is a name: in the subject's own text, a word that is nowhere
        written small, and no technology."""
        low = name.lower()
        if (
            self.document.voice != "first_person"
            or name.isupper()
            or low.endswith("s")
            or not PLURAL.isdisjoint(fact.unit.words)
        ):
            return False
        return not self._is_written_small(low) and low not in _technologies()

    def _is_anothers_part(self, quote: str, fields: Mapping[str, Any]) -> bool:
        """Whether the title is made of that clause of the quote in which somebody else does something."""
        title = words_of(str(fields.get("title") or fields.get("name") or ""))
        split: dict[bool, list[int]] = {True: [], False: [0]}
        for clause in CLAUSE.split(quote):
            split[self._begins_with_another(clause)].append(len(title & words_of(clause)))
        return any(shared > max(split[False]) for shared in split[True])

    def _is_addressed_to_another(self, fact: Facts) -> bool:
        """Whether the unit begins with another person's handle ("@pia.holm: …"), or a name with an arrow behind it."""
        found = ADDRESSED.match(self.document.text, fact.unit.start, fact.unit.end)
        if found is None:
            return False
        name = found[1] or found[2]
        return not self._people.is_subject(name) and not self._people.is_subject(f"@{name}")


def _undone(fact: Facts, named: str) -> bool:
    """Whether a unit is of what is to be done, wished or learned. ``named`` is what names something in it: its first
    word, or one before a colon, is then no verb ("Talk: …")."""
    means = {fact.meaning, fact.lead_meaning}
    month = fact.tense == "duty" and MAY.search(fact.unit.plain)
    noun = named and (
        fact.unit.plain[:1] in '"“' or fact.unit.words[0] in words_of(named) or NOUN.match(fact.unit.plain)
    )
    acronym = fact.tense == "imperative" and (noun or SHOUTED.match(fact.unit.plain))
    if fact.done or fact.tense == "past" or month or acronym:
        return False
    if means & {"goals", "actions", "growth"} or fact.block.checked is False:
        return True
    if fact.tense not in {"imperative", "will", "to", "duty", "question"}:
        return False
    return not means & {"done", "experience", "strengths"} and AMBIGUOUS.isdisjoint(fact.unit.words[:3])


def _verb(word: str) -> bool:
    low = word.lower()
    return is_past(low) or low in SAYS or (low.endswith("s") and low[:-1] in BASE)


@cache
def _technologies() -> frozenset[str]:
    """The first words of known skills, in lower case."""
    return frozenset(vocabulary()[0])
