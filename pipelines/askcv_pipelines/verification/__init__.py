"""What a model claims of a document, held against it: one way for extraction with a model and for agents' proposals.

The offline extractor takes its fields from the passage; a model writes them. So beyond what ``verify`` asks of every
item: the passage is the subject's, told by the document, and no order to a reader; and each field says what the passage
says (``claims``), with its amounts, dates, names and denials.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from askcv_pipelines.values import Document, Reason
from askcv_pipelines.verification.claims import CENTRAL, WORDED, breach
from askcv_pipelines.verification.orders import Orders
from askcv_pipelines.verification.passage import Passage
from askcv_pipelines.verification.whose import Whose
from askcv_pipelines.verification.words import plain

__all__ = ["CENTRAL", "WORDED", "Breach", "Verifier", "plain"]


@dataclass(frozen=True)
class Breach:
    """Why a claim does not hold. ``field`` names the one that claims too much; it is empty where the passage proves
    nothing of the kind."""

    reason: Reason
    detail: str = ""
    field: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.detail}" if self.field else self.detail


class Verifier:
    """Holds claims against one document. What is the same for all of them is found once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._whose = Whose(document)
        self._orders = Orders(document)

    def breaches(
        self, domain: str, fields: Mapping[str, Any], start: int, end: int, *, masks: str = ""
    ) -> Iterator[Breach]:
        """What the fields, by their Python names, claim and ``document.text[start:end]`` does not prove; first what
        refuses the passage as a whole. ``masks`` are those that a model saw in the place of stretches of it."""
        passage = Passage(self.document, start, end, subject=self._whose.subject, masks=masks)
        units = self._whose.at(*passage.whole)
        if why := self._whose.untold(passage, units):
            yield Breach("not_told", why)
        if self._orders.refuses(domain, *passage.whole):
            yield Breach("instruction", "the text tells whoever reads it what to record")
        if found := self._whose.refuses(domain, fields, passage, units):
            yield Breach(*found)
        passage = passage.spoken(units)
        for name in fields:
            if found := breach(domain, name, fields, passage):
                yield Breach(*found, name)
