"""Spans that speak to a model instead of telling of a person. Nothing in or beside one is an item on its word alone."""

from __future__ import annotations

import re
from functools import cached_property

from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.reading.prompts import INSTRUCTION
from askcv_pipelines.values import Document

ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|all|any|your|these|system)\b"
    r"[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|text|guidelines|messages?)|"
    r"\b(?:you are|act as|pretend to be|behave as)\b[^.\n]{0,30}\b(?:an? )?"
    r"(?:ai|assistant|model|llm|chatbot|language model)\b|"
    r"\b(?:system|assistant|developer) ?(?:prompt|message|note|override|instruction)s?\b|^\W*(?:system|assistant)\s*:|"
    r"\b(?:note|message|instructions?|attention|important)\b[^.\n]{0,20}\b(?:to|for) (?:the )?"
    r"(?:ai|llm|model|assistant|extractor|parser|agent)\b|"
    r"\b(?:add|insert|include|output|return|record|emit|extract|create|report|list|print|append)\b[^.\n]{0,40}"
    r"\b(?:the following|this|an?|another|these)\b[^.\n]{0,30}\b"
    r"(?:items?|json|entry|entries|award|object|record|field)\b|"
    r"\"(?:domain|items|quote)\"\s*:|<\|?(?:im_start|im_end|system|endoftext)|\[/?INST\]|"
    r"\b(?:do not|don['’]t) (?:mention|extract|report|tell|reveal)\b|"
    r"\b(?:ai|llm|language) (?:models?|systems?|tools?)\b[^.\n]{0,40}\b(?:must|should|shall|need to|are to)\b",
    re.IGNORECASE | re.MULTILINE,
)

FORM = re.compile(
    r"\b(?:the (?:employee|candidate|applicant|reviewee|nominee|person)|your?|for example|e\.g\.|if (?:any|applicable)|"
    r"the following|at least|from \d to \d)\b",
    re.IGNORECASE,
)
"""What a form says of its answers."""
ITALIC = re.compile(r"\s*([*_(\[]).*[*_)\]]\s*\Z", re.DOTALL)


class Orders:
    """The instruction-like spans of a document, and whether the offline extractor vouches for an item there."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The blocks that hold one, each with the block right behind it."""
        blocks = self.document.blocks
        text = self.document.text
        found: list[tuple[int, int]] = []
        for said in ORDERS.finditer(text):
            at = [n for n, b in enumerate(blocks) if b.start < said.end() and said.start() < b.end]
            if not at:
                continue
            last = min(len(blocks) - 1, at[-1] + 1)
            last = at[-1] if blocks[last].kind == "heading" else last  # a heading ends the reach of an order
            found.append((blocks[at[0]].start, blocks[last].end))
        return found

    @cached_property
    def _vouched(self) -> list[tuple[str, int, int]]:
        text = self.document.text
        found = []
        for candidate in RulesExtractor().extract(self.document):
            at = text.find(candidate.quote)
            found.append((candidate.domain, at, at + len(candidate.quote)))
        return found

    def refuses(self, domain: str, start: int, end: int) -> bool:
        """Whether the sentences from ``start`` to ``end`` order something, or stand beside such an order, and the
        offline extractor finds no such item there. What orders an item itself is at most a request to the person."""
        said = self.document.text[start:end]
        orders = bool(ORDERS.search(said))
        if orders and domain != "coaching_action_items":
            return True
        form = bool(INSTRUCTION.match(said) and (ITALIC.match(said) or FORM.search(said)))
        beside = any(a < end and start < b for a, b in self.spans)
        return (orders or beside or form) and not self._agrees(domain, start, end)

    def _agrees(self, domain: str, start: int, end: int) -> bool:
        return any(d == domain and a < end and start < b for d, a, b in self._vouched)
