"""Spans that speak to a model instead of telling of a person. Nothing in or beside one is an item on its word alone."""

from __future__ import annotations

import re
from functools import cached_property

from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.reading.prompts import INSTRUCTION
from askcv_pipelines.values import Document

_MODEL = r"(?:AI|LLM|GPT|chatbot|(?:AI |language |virtual )?(?:assistant|agent|model|bot|extractor|parser))s?"
_RULES = r"(?:instruction|prompt|rule|guideline|guardrail|check|policy|policie|message)s?"
_BEING = r"(?:you are(?: now)?|if you are|act as|as|pretend to be|behave as)"
_ADD = r"\b(?:add|insert|include|output|return|record|emit|extract|create|report|list|print|append)\b"


def _order(parts: str, *patterns: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """A pattern, and the parts of words of which each match holds one; those in capitals are meant so."""
    return tuple(parts.split(";")), re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE)


ORDERS = (
    _order(
        "ignore;disregard;forget;override;bypass",
        rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{{0,60}}\b(?:{_RULES}|text)\b",
    ),
    _order("AI;LLM;GPT", rf"\b{_BEING}\b[^.\n]{{0,30}}?\b(?:an? )?(?-i:AI|LLM|GPT)\b"),
    _order(
        " ai; llm; gpt; chatbot; assistant; agent; model; bot; extractor; parser; language; virtual",
        rf"\b{_BEING} an? {_MODEL}\b",
        r"\b(?:notes?|messages?|instructions?|attention|important|dear|hey|hello)\b(?: (?:to|for))?"
        rf"(?: (?:the|all|any|every))? {_MODEL}\b",
    ),
    _order(
        "system;assistant;developer;llm",
        r"\b(?:system|assistant|developer) ?(?:prompt|message|note|override|instruction)s?\b",
        r"^\W*(?:system|(?:AI )?assistant|LLM)\s*:",
    ),
    _order(
        "item;json;entry;entries;award;object;record;field",
        rf"{_ADD}[^.\n]{{0,40}}\b(?:the following|this|an?|another|these)\b[^.\n]{{0,30}}\b"
        r"(?:items?|json|entry|entries|award|object|record|field)\b",
    ),
    _order(
        "record;inbox;profile;resume;cv",
        r"\b(?:add|record|store|save|import|stage|submit)\b[^.!?\n]{0,40}"
        r"\b(?:record|inbox|profile|resume|cv)\b,? that\b",
    ),
    _order(
        "propose_items;import_career_data;open_document;read_career_data",
        r"\b(?:propose_items|import_career_data|open_document|read_career_data)\b",
    ),
    _order(
        '"domain";"items";"quote";im_start;im_end;<system;|system;endoftext;[inst];[/inst]',
        r"\"(?:domain|items|quote)\"\s*:|<\|?(?:im_start|im_end|system|endoftext)|\[/?INST\]",
    ),
    _order("mention;extract;report;tell;reveal", r"\b(?:do not|don['’]t) (?:mention|extract|report|tell|reveal)\b"),
    _order(
        "ai model;ai system;ai tool;llm;language",
        r"\b(?:ai|llm|language) (?:models?|systems?|tools?)\b[^.\n]{0,40}\b(?:must|should|shall|need to|are to)\b",
    ),
)
"""How a text speaks to a model."""
FORM = re.compile(
    r"\b(?:the (?:employee|candidate|applicant|reviewee|nominee|person)|your?|for example|e\.g\.|if (?:any|applicable)|"
    r"the following|at least|from \d to \d)\b",
    re.IGNORECASE,
)
"""What a form says of its answers."""
ITALIC = re.compile(r"\s*([*_(\[]).*[*_)\]]\s*\Z", re.DOTALL)


def spans(text: str) -> list[tuple[int, int]]:
    """Where a text speaks to a model, in order."""
    lowered = text.lower()
    return sorted(
        found.span()
        for parts, pattern in ORDERS
        if any(part in (text if part.isupper() else lowered) for part in parts)
        for found in pattern.finditer(text)
    )


def speaks_to_a_model(text: str) -> bool:
    return bool(spans(text))


class Orders:
    """The instruction-like spans of a document, and whether the offline extractor vouches for an item there."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def _given(self) -> list[tuple[int, int]]:
        return spans(self.document.text)

    @cached_property
    def _reach(self) -> list[tuple[int, int]]:
        """The blocks that hold an order, each with the block right behind it; with the list that it introduces."""
        blocks = self.document.blocks
        found = []
        for start, end in self._given:
            at = [n for n, b in enumerate(blocks) if b.start < end and start < b.end]
            if not at:
                continue
            last = min(len(blocks) - 1, at[-1] + 1)
            last = at[-1] if blocks[last].kind == "heading" else last  # a heading ends the reach of an order
            if self.document.slice(blocks[at[-1]]).rstrip().endswith(":"):
                while last + 1 < len(blocks) and blocks[last + 1].kind == "item":
                    last += 1
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
        orders = any(a < end and start < b for a, b in self._given)
        if orders and domain != "coaching_action_items":
            return True
        beside = any(a < end and start < b for a, b in self._reach)
        return (orders or beside or self._is_form(start, end)) and not self._agrees(domain, start, end)

    def _is_form(self, start: int, end: int) -> bool:
        said = self.document.text[start:end]
        return bool(INSTRUCTION.match(said) and (ITALIC.match(said) or FORM.search(said)))

    def _agrees(self, domain: str, start: int, end: int) -> bool:
        return any(d == domain and a < end and start < b for d, a, b in self._vouched)
