"""A model's answer, read tolerantly and checked: items, and whether the answer was whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from askcv_agents.domains import DOMAINS
from askcv_pipelines.extractors.llm.schema import TEXTS

LONGEST = 400_000
"""Characters of an answer that are read."""
MOST = 200
"""Items of an answer that are read: more is no reading of a chunk."""
FENCE = re.compile(r"```(?:json|JSON)?\s*\n?")
THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
COMMA = re.compile(r",(\s*[}\]])")
DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Proposal:
    """One item as a model gave it. ``problem`` says what is wrong with its form."""

    domain: str
    sentences: tuple[int, ...]
    quote: str
    given: Mapping[str, str]
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"domain": self.domain, "sentences": list(self.sentences), "quote": self.quote, **self.given}


@dataclass(frozen=True)
class Reply:
    """``whole`` says that the answer was complete and of the form that was asked for."""

    proposals: tuple[Proposal, ...]
    whole: bool
    problem: str = ""


def read_answer(text: str) -> Reply:
    """The items of an answer. Of one that is cut off the items that are complete are read, and it is not whole."""
    text = _thoughtless(text)
    if not text:
        return Reply((), False, "it was empty")
    value, whole = _value(text)
    if value is None:
        return Reply((), False, "it was no JSON")
    items = _items(value)
    if items is None:
        return Reply((), False, "it was JSON of another form")
    proposals = tuple(_proposal(item) for item in items[:MOST])
    return Reply(proposals, whole and len(items) <= MOST, "" if whole else "it was cut off")


def read_verdicts(text: str) -> dict[int, bool]:
    """Verdicts by the number of their pair; what is no plain true or false is none, and a pair that is judged twice
    otherwise has none."""
    text = _thoughtless(text)
    values = (_decoded(text[start:]) for start in _starts(text))
    listed: list[Any] = next(
        (v["verdicts"] for v in values if isinstance(v, dict) and isinstance(v.get("verdicts"), list)), []
    )
    said: dict[int, set[bool]] = {}
    for each in listed[:MOST]:
        if isinstance(each, dict) and type(each.get("pair")) is int and type(each.get("same")) is bool:
            said.setdefault(each["pair"], set()).add(each["same"])
    return {pair: verdict.pop() for pair, verdict in said.items() if len(verdict) == 1}


def _thoughtless(text: str) -> str:
    text = text[:LONGEST]
    return (THOUGHT.sub("", text) if "<think" in text.lower() else text).strip()


def _value(text: str) -> tuple[Any, bool]:
    """The JSON value in a text, and whether it ends as it should. An object of a broken list is not the list."""
    other: Any = None
    for candidate in (text, FENCE.sub("", text).strip()) if "```" in text else (text,):
        for number, start in enumerate(_starts(candidate)):
            value = _decoded(candidate[start:])
            lone = isinstance(value, dict) and "domain" in value
            if _items(value) is not None and not (number and lone):
                return value, True
            other = value if other is None and number == 0 else other
    salvaged = list(_complete(text))
    return (salvaged, False) if salvaged else (other, False)


def _decoded(body: str) -> Any:
    """The value that a text begins with; None where it is broken."""
    for mended in (False, True):
        try:
            return DECODER.raw_decode(COMMA.sub(r"\1", body) if mended else body)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _starts(text: str) -> Iterator[int]:
    """Where an object or a list may begin, the first few."""
    found = [found.start() for found in re.finditer(r"[{\[]", text[:4_000])]
    yield from found[:3]


def _complete(text: str) -> Iterator[Any]:
    """The whole objects of an answer that is cut off or broken."""
    at = text.find("[", text.find('"items"') if '"items"' in text else 0)
    while at >= 0:
        at = text.find("{", at)
        if at < 0:
            return
        try:
            value, length = DECODER.raw_decode(text[at:])
        except (ValueError, RecursionError):
            at += 1
            continue
        if isinstance(value, dict) and "domain" in value:
            yield value
        at += length


def _items(value: Any) -> list[Any] | None:
    if isinstance(value, dict):
        if isinstance(value.get("items"), list):
            return list(value["items"])
        if "domain" in value and "quote" in value:
            return [value]
        inner = [v for v in value.values() if isinstance(v, dict) and isinstance(v.get("items"), list)]
        return list(inner[0]["items"]) if len(inner) == 1 else None
    if isinstance(value, list) and all(isinstance(each, dict) and "domain" in each for each in value):
        return value
    return None


def _proposal(item: Any) -> Proposal:
    if not isinstance(item, dict):
        return Proposal("", (), "", {}, "it is no object")
    domain = item.get("domain")
    quote = item.get("quote")
    cited = item.get("sentences", item.get("sentence", []))
    cited = cited if isinstance(cited, list) else [cited]
    numbers = tuple(n for n in map(_number, cited) if n is not None)[:20]
    inner = item.get("fields")
    nested: dict[str, Any] = inner if isinstance(inner, dict) else {}
    claimed = {**nested, **item}
    given = {name: text for name in TEXTS if name in claimed and (text := _text(claimed[name]))}
    if not isinstance(domain, str) or domain not in DOMAINS:
        return Proposal(str(domain)[:60], numbers, _text(quote), given, "its domain is none of the list")
    if not isinstance(quote, str) or not quote.strip():
        return Proposal(domain, numbers, "", given, "it has no quote")
    return Proposal(domain, numbers, quote[:8_000], given, "" if numbers else "it cites no sentence")


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    digits = re.search(r"\d{1,6}", value) if isinstance(value, str) else None
    return int(digits[0]) if digits else None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()[:2_000] if value.strip().lower() not in {"null", "none", "n/a"} else ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
