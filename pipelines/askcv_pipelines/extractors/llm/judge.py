"""A proposal → ``Candidate | Rejection``: located, guarded, and written with the source's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from askcv_agents.domains import LONG_TEXT, SHORT_TEXT
from askcv_pipelines.extractors.llm.answers import Proposal
from askcv_pipelines.extractors.llm.chunks import Chunk
from askcv_pipelines.extractors.llm.claims import CENTRAL, WORDED, Passage, breach, plain
from askcv_pipelines.extractors.llm.instructions import Orders
from askcv_pipelines.extractors.llm.locate import Place, locate
from askcv_pipelines.extractors.llm.prompt import EXAMPLE_NAMES
from askcv_pipelines.extractors.llm.schema import fields_of
from askcv_pipelines.extractors.llm.subjects import Subjects
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.guards import WORD
from askcv_pipelines.values import Candidate, Document, Reason, Rejection

CONFIDENCE = 0.7
REPAIRABLE: frozenset[Reason] = frozenset({
    "quote_not_found", "quote_changed", "figure_not_in_quote", "unit_not_in_quote", "name_not_in_source",
    "words_not_in_quote", "negation_dropped", "opposite_of_quote", "invalid_payload",
})  # fmt: skip
"""What a model may put right when it is told."""


@dataclass(frozen=True)
class Judged:
    """What became of a proposal, and where it stands (for order; the end where it stands nowhere)."""

    proposal: Proposal
    result: Candidate | Rejection
    start: int
    end: int


class Judge:
    """Judges the proposals of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._subjects = Subjects(document)
        self._orders = Orders(document)

    @cached_property
    def _echoes(self) -> frozenset[str]:
        """The examples' names that the document does not happen to have."""
        held = self.document.text.lower()
        return frozenset(name for name in EXAMPLE_NAMES if name not in held)

    def judge(self, proposal: Proposal, chunk: Chunk) -> Judged:
        end = len(self.document.text)
        claim = Candidate(proposal.domain or "none", dict(proposal.given), proposal.quote, CONFIDENCE)
        if proposal.problem:
            return self._no(proposal, claim, "invalid_payload", proposal.problem, (end, end))
        said = " ".join((proposal.quote, *proposal.given.values())).lower()
        if name := next((name for name in self._echoes if name in said), None):
            return self._no(proposal, claim, "echoed_example", name, (end, end))
        place = locate(proposal.quote, proposal.sentences, chunk)
        if not isinstance(place, Place):
            return self._no(proposal, claim, place, "", (end, end))
        return self._placed(proposal, claim, place, chunk)

    def _placed(self, proposal: Proposal, claim: Candidate, place: Place, chunk: Chunk) -> Judged:
        at = (place.start, place.end)
        first, last = chunk.lines[place.first], chunk.lines[place.last]
        whole = chunk.view.source(first.at, last.at + len(last.text))
        if self._orders.refuses(proposal.domain, *whole):
            return self._no(proposal, claim, "instruction", "", at)
        if why := self._subjects.others(proposal.domain, *whole):
            return self._no(proposal, claim, "another_persons", why, at)
        if self._subjects.undone(proposal.domain, *whole):
            return self._no(proposal, claim, "not_done", "", at)
        passage = self._passage(place, whole, chunk)
        if (
            (owner := proposal.given.get("owner"))
            and proposal.domain == "coaching_action_items"
            and self._not_mine(owner)
        ):
            return self._no(proposal, claim, "another_persons", f"owner: {owner}", at)
        fields: dict[str, Any] = {}
        given = {name: plain(text)[: SHORT_TEXT * 4] for name, text in proposal.given.items()}
        for name, value in fields_of(proposal.domain, given).items():
            found = breach(proposal.domain, name, value, passage)
            if found is None:
                fields[name] = _opened(value) if (proposal.domain, name) in WORDED else value
            elif name in CENTRAL[proposal.domain]:
                return self._no(proposal, claim, *found, at)
        for name in CENTRAL[proposal.domain]:
            if name not in fields:
                return self._no(proposal, claim, "invalid_payload", f"{name}: it is missing", at)
        fields |= self._own_words(proposal.domain, passage)
        return Judged(proposal, Candidate(proposal.domain, fields, passage.quote, CONFIDENCE), *at)

    def _own_words(self, domain: str, passage: Passage) -> dict[str, Any]:
        """The long fields: never a model's, always the source's slice."""
        words = plain_text(passage.quote)[:LONG_TEXT]
        if domain == "knowledge_entries":
            return {"content": words}
        if domain == "testimonials":
            return {"quote": words}
        if domain == "coaching_action_items":
            return {"description": words, "status": "open"}
        return {}

    def _passage(self, place: Place, whole: tuple[int, int], chunk: Chunk) -> Passage:
        document = self.document
        number = chunk.lines[place.first].block
        block = document.blocks[number]
        beside: Sequence[str] = [
            document.slice(document.blocks[n])
            for n in (number - 1, number, number + 1)
            if 0 <= n < len(document.blocks) and document.blocks[n].section == block.section
        ]
        facts = self._subjects.at(*whole)
        said = tuple(dict.fromkeys(
            who for who in ([f.said_by for f in facts] + [block.speaker]) if who and who != "reviewer"
        ))  # fmt: skip
        return Passage(
            document=document,
            start=place.start,
            end=place.end,
            sentence=document.text[whole[0] : whole[1]],
            headings=" ".join((*block.section, block.header or "")),
            beside=" ".join(beside),
            said=said[:1],
            masks=" ".join(piece_masks(chunk, place)),
        )

    def _not_mine(self, owner: str) -> bool:
        own = {word.lower() for name in self.document.subject.names for word in WORD.findall(name)}
        words = {word.lower() for word in WORD.findall(owner)}
        return bool(own) and words.isdisjoint(own | {"i", "me", "you", "author"})

    def _no(self, proposal: Proposal, claim: Candidate, reason: Reason, detail: str, at: tuple[int, int]) -> Judged:
        return Judged(proposal, Rejection(claim, self.document.id, reason, detail), *at)


def _opened(title: str) -> str:
    """A title begins with a capital letter, unless its first word is written otherwise ("iPhone")."""
    return title[:1].upper() + title[1:] if title.split(" ", 1)[0].islower() else title


def piece_masks(chunk: Chunk, place: Place) -> list[str]:
    """The masks that stand for stretches of the quote."""
    view = chunk.view
    return [
        view.text[piece.at : piece.until]
        for piece in view.pieces
        if piece.mask and piece.start < place.end and place.start < piece.end
    ]
