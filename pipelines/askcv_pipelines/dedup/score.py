"""How surely two compared items are one: a logistic score over agreements and contradictions, and what follows from it.

The weights (``score.json``) are trained by ``benchmarks/train_dedup.py`` with their signs held: no agreement can speak
against the same item, and no contradiction for it. They are frozen: nothing that is known changes a score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from askcv_pipelines.dedup.compare import AGREEMENTS, Comparison

Verdict = Literal["duplicate", "review", "new"]
Family = Literal["prose", "names", "skills"]
DOUBTS = ("wording", "name", "other")
"""Contradictions that are not decisive, by kind: each counts 0, 1/2 or 1 (one, or several)."""


SAID = 0.75
"""A duplicate says nearly all of what the other says, or the other of what it says: this share, at least."""


@dataclass(frozen=True)
class Judgement:
    """``score`` is the probability that both are one item, 0 to 1; a decisive contradiction leaves a tenth of it."""

    verdict: Verdict
    score: float
    comparison: Comparison


def features(comparison: Comparison) -> list[float]:
    """What the weights are for: agreements, then doubts as negative figures."""
    soft = [difference for difference in comparison.differences if not difference.decisive]
    counts = [sum(f.kind == kind for f in soft) for kind in DOUBTS[:2]]
    counts.append(len(soft) - sum(counts))
    return [*comparison.agreement, *(-min(count, 2) / 2 for count in counts)]


FEATURES = (*AGREEMENTS, *(f"-{kind}" for kind in DOUBTS))


def judge(comparison: Comparison, family: Family, models: Mapping[str, Any] | None = None) -> Judgement:
    """A decisive contradiction makes it new, any other at most a review. ``models`` are the shipped ones."""
    model = (models or _models())[family]
    values = features(comparison)
    score = _chance(model["same"], values)
    near = _chance(model["near"], values)
    if comparison.decisive:
        return Judgement("new", round(score / 10, 4), comparison)
    if score >= model["duplicate from"] and not comparison.differences and comparison.most >= SAID:
        return Judgement("duplicate", round(score, 4), comparison)
    if near >= model["review from"] or comparison.same_id:
        return Judgement("review", round(max(score, near / 4), 4), comparison)
    return Judgement("new", round(min(score, near / 4), 4), comparison)


def _chance(weights: Mapping[str, float], values: Sequence[float]) -> float:
    weighed = sum(weights.get(name, 0.0) * value for name, value in zip(FEATURES, values, strict=True))
    return 1 / (1 + math.exp(-weights["bias"] - weighed))


@cache
def _models() -> dict[str, Any]:
    """By family: the weights that tell the ``same`` item and those that tell one ``near`` enough for a person to look,
    by the name of their feature, each with a ``bias``; and from which chance on each verdict is given."""
    models: dict[str, Any] = json.loads((files(__package__) / "score.json").read_text("utf-8"))
    return models


def family_of(domain: str) -> Family:
    """Which weights judge a domain: those for what is told, for named records, or for names of skills."""
    if domain == "skills":
        return "skills"
    return "prose" if domain in ("knowledge_entries", "coaching_action_items", "testimonials") else "names"
