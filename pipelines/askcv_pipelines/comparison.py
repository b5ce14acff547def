"""Extractors side by side on a labelled corpus: what each finds, what it costs, and where they disagree.

The count is this program's own and plain: a prediction is right where a gold item of its domain shares most of its
words (a skill: its name). The corpus's own scoring program is what figures elsewhere are of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askcv_agents.errors import SourceError
from askcv_pipelines.evaluation import labelled, prediction_of
from askcv_pipelines.extracted import Gap, Usage
from askcv_pipelines.extractors import Extractor, candidates
from askcv_pipelines.verify import verify_all

SHARED = 0.5
"""The part of two passages' words that both must have to be one item."""
WORD = re.compile(r"\w+")


@dataclass
class Score:
    """One extractor's counts."""

    right: int = 0
    predicted: int = 0
    gold: int = 0
    partial: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.predicted + self.gold) if self.predicted + self.gold else 0.0


@dataclass
class Comparison:
    """``only`` counts the items that one extractor alone finds, by extractor and whether gold has them."""

    scores: dict[str, Score]
    only: dict[str, Counter[str]]
    unread: dict[str, str]


def compared(extractors: Sequence[Extractor], folders: Iterable[Path]) -> Comparison:
    """Every extractor over every document."""
    result = Comparison({e.name: Score() for e in extractors}, {e.name: Counter() for e in extractors}, {})
    for folder in folders:
        try:
            document, gold = labelled(folder)
        except SourceError as error:
            result.unread[f"{folder.parent.name}/{folder.name}"] = error.message
            continue
        found: dict[str, list[dict[str, Any]]] = {}
        for extractor in extractors:
            given = list(extractor.extract(document))
            items, _ = verify_all(candidates(given), document)
            found[extractor.name] = [prediction_of(item) for item in items]
            score = result.scores[extractor.name]
            score.usage = sum((each for each in given if isinstance(each, Usage)), score.usage)
            score.partial += any(isinstance(each, Gap) for each in given)
        _count(result, found, gold)
    return result


def _count(result: Comparison, found: dict[str, list[dict[str, Any]]], gold: dict[str, Any]) -> None:
    wanted = gold["items"]
    passed_over = [_words(passage) for passage in gold.get("ignore", ())]
    for name, predictions in found.items():
        counted = [p for p in predictions if _matches(p, wanted) or not _passed_over(p, passed_over)]
        right = _right(counted, wanted)
        score = result.scores[name]
        score.right, score.predicted, score.gold = (
            score.right + len(right), score.predicted + len(counted), score.gold + len(wanted),
        )  # fmt: skip
        others = [p for other, theirs in found.items() if other != name for p in theirs]
        for number, prediction in enumerate(counted):
            if not _matches(prediction, others):
                result.only[name]["right" if number in right else "wrong"] += 1


def _right(predictions: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]]) -> set[int]:
    """The predictions that stand for a gold item, each for one."""
    left = list(gold)
    right = set()
    for number, prediction in enumerate(predictions):
        if same := next((item for item in left if _same(prediction, item)), None):
            left.remove(same)
            right.add(number)
    return right


def _matches(prediction: dict[str, Any], items: Iterable[dict[str, Any]]) -> bool:
    return any(_same(prediction, item) for item in items)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["domain"] != other["domain"]:
        return False
    if one["domain"] == "skills" and one.get("name") and other.get("name"):
        return bool(_words(one["name"]) == _words(other["name"]))
    a, b = _words(one["quote"]), _words(other["quote"])
    return bool(a and b) and len(a & b) >= SHARED * len(a | b)


def _passed_over(prediction: dict[str, Any], passages: Sequence[frozenset[str]]) -> bool:
    words = _words(prediction["quote"])
    return any(len(words & passage) >= SHARED * len(words | passage) for passage in passages if words)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in WORD.findall(text))


def as_rows(result: Comparison) -> list[dict[str, Any]]:
    """The comparison as data: one row an extractor."""
    return [
        {
            "extractor": name,
            "f1": round(score.f1, 3),
            "precision": round(score.right / score.predicted, 3) if score.predicted else 0.0,
            "recall": round(score.right / score.gold, 3) if score.gold else 0.0,
            "items": score.predicted,
            "aloneRight": result.only[name]["right"],
            "aloneWrong": result.only[name]["wrong"],
            "partial": score.partial,
            "tokens": score.usage.tokens,
            "cost": score.usage.money,
        }
        for name, score in result.scores.items()
    ]
