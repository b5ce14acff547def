"""A proposal → ``Candidate | Rejection``: located, guarded, and written with the source's own words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from askcv_agents.domains import LONG_TEXT, SHORT_TEXT
from askcv_pipelines.extractors.llm.answers import Proposal
from askcv_pipelines.extractors.llm.chunks import Chunk
from askcv_pipelines.extractors.llm.locate import Place, locate
from askcv_pipelines.extractors.llm.prompt import EXAMPLE_NAMES
from askcv_pipelines.extractors.llm.schema import fields_of
from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.values import Candidate, Document, Reason, Rejection
from askcv_pipelines.verification import CENTRAL, WORDED, Verifier, plain

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
        self._verifier = Verifier(document)

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
        domain = proposal.domain
        given = {name: plain(text)[: SHORT_TEXT * 4] for name, text in proposal.given.items()}
        claimed = fields_of(domain, given)
        fields = dict(claimed)
        masks = " ".join(piece_masks(chunk, place))
        for breach in self._verifier.breaches(domain, claimed, *at, masks=masks):
            if not breach.field or breach.field in CENTRAL[domain]:
                return self._no(proposal, claim, breach.reason, str(breach), at)
            del fields[breach.field]
        for name in CENTRAL[domain]:
            if name not in fields:
                return self._no(proposal, claim, "invalid_payload", f"{name}: it is missing", at)
        if (domain, "title") in WORDED:
            fields["title"] = _opened(fields["title"])
        quote = self.document.text[place.start : place.end]
        return Judged(proposal, Candidate(domain, {**fields, **_own_words(domain, quote)}, quote, CONFIDENCE), *at)

    def _no(self, proposal: Proposal, claim: Candidate, reason: Reason, detail: str, at: tuple[int, int]) -> Judged:
        return Judged(proposal, Rejection(claim, self.document.id, reason, detail), *at)


def _own_words(domain: str, quote: str) -> dict[str, str]:
    """The long fields: never a model's, always the source's slice."""
    words = plain_text(quote)[:LONG_TEXT]
    if domain == "knowledge_entries":
        return {"content": words}
    if domain == "testimonials":
        return {"quote": words}
    return {"description": words, "status": "open"} if domain == "coaching_action_items" else {}


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
