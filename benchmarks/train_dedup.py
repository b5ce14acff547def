"""``python benchmarks/train_dedup.py DEV.json [DECISIONS] [--write]`` trains the weights of duplicate decisions.

DEV.json holds ``existing`` and ``new`` items, the new ones labelled ``duplicate`` (``of``) or ``new`` (``near``).
Pairs: each new item with its own, and with its nearest five of the same domain (mined neighbours, labelled apart).
Decisive contradictions need no weights, so pairs that have one are left out. Logistic regression by projected
gradient, every weight at least 0, with L2; the same input gives the same weights. Prints what cross-validation by group
gives (ten folds; items that share an existing item are one group; written to DECISIONS) and what the fitted weights
give. Thresholds are set here by hand: a duplicate from 0.8, a review from what leaves few unrelated items in the band.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from askcv_pipelines.dedup import score
from askcv_pipelines.dedup.compare import Comparison, compare
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.index import TextIndex
from askcv_pipelines.dedup.skills import compare_skills

TARGET = Path(__file__).parent.parent / "pipelines/askcv_pipelines/dedup/score.json"
BANDS = {"prose": (0.8, 0.2), "names": (0.8, 0.14), "skills": (0.5, 0.4)}
FOLDS, NEIGHBOURS, L2 = 10, 5, 0.02
AGREEING = np.array([not name.startswith("-") for name in score.FEATURES], dtype=float)


@dataclass(frozen=True)
class Pair:
    """A new item and a candidate; ``group`` is what must not be split between folds."""

    group: str
    new: str
    known: str
    family: score.Family
    same: bool
    own: bool
    comparison: Comparison


def pairs(data: dict[str, Any]) -> list[Pair]:
    """Every new item with its candidates."""
    facts = {item["id"]: Fact(item["domain"], item["payload"]) for item in (*data["existing"], *data["new"])}
    by_domain: dict[str, list[str]] = defaultdict(list)
    for item in data["existing"]:
        by_domain[item["domain"]].append(item["id"])
    indexes = {}
    for domain, ids in by_domain.items():
        indexes[domain] = TextIndex()
        indexes[domain].add([facts[i].index_text for i in ids])
    found = []
    for item in data["new"]:
        domain, own = item["domain"], item.get("of") or item.get("near")
        near = [by_domain[domain][n] for n, _ in indexes[domain].nearest(facts[item["id"]].index_text, NEIGHBOURS)]
        for other in dict.fromkeys((own, *near) if own else near):
            how = compare_skills if domain == "skills" else compare
            comparison = how(facts[item["id"]], facts[other])
            same = item["label"] == "duplicate" and other == item["of"]
            found.append(
                Pair(own or item["id"], item["id"], other, score.family_of(domain), same, other == own, comparison)
            )
    return found


def fit(rows: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights (≥ 0) and bias. Both classes weigh alike."""
    weights, bias = np.full(rows.shape[1], 0.5), -1.0
    balance = np.where(labels, 0.5 / max(labels.sum(), 1), 0.5 / max((~labels).sum(), 1))
    for step in range(6000):
        chance = 1 / (1 + np.exp(-rows @ weights - bias))
        error = balance * (chance - labels)
        rate = 4.0 / (1 + step / 2000)
        weights = np.maximum(0, weights - rate * (rows.T @ error + L2 * 0.05 * weights))
        bias -= rate * error.sum()
    return weights, float(bias)


def model_of(found: list[Pair]) -> dict[str, Any]:
    """What tells the same item from all others; and what tells one's own (the same, or one that must not be merged with
    it) from neighbours that are merely the nearest."""
    models: dict[str, Any] = {}
    for family, (duplicate, review) in BANDS.items():
        mine = [entry for entry in found if entry.family == family and not entry.comparison.decisive]
        rows = np.array([score.features(entry.comparison) for entry in mine])
        same = np.array([entry.same for entry in mine])
        own = np.array([entry.own for entry in mine])
        models[family] = {
            "same": named(*fit(rows, same)),
            "near": named(*fit(rows * AGREEING, own)),
            "duplicate from": duplicate,
            "review from": review,
        }
    return models


def named(weights: np.ndarray, bias: float) -> dict[str, float]:
    told = {name: round(float(w), 3) for name, w in zip(score.FEATURES, weights, strict=True) if w >= 0.001}
    return told | {"bias": round(bias, 3)}


def decided(found: list[Pair], models: dict[str, Any]) -> dict[str, Any]:
    """The decision of each new item by its best candidate, as ``known`` decides."""
    best: dict[str, Any] = {}
    for entry in found:
        judgement = score.judge(entry.comparison, entry.family, models)
        rank = (("new", "review", "duplicate").index(judgement.verdict), judgement.score)
        if entry.new not in best or rank > best[entry.new][0]:
            best[entry.new] = rank, judgement, entry.known
    return {
        new: {"decision": j.verdict, "of": None if j.verdict == "new" else of, "score": j.score}
        for new, (_, j, of) in best.items()
    }


def cross_validated(found: list[Pair]) -> dict[str, Any]:
    """The decision of each new item by weights that were trained without its group."""
    fold_of = {e.group: int(hashlib.sha256(e.group.encode()).hexdigest(), 16) % FOLDS for e in found}
    held_out: dict[str, Any] = {}
    for fold in range(FOLDS):
        models = model_of([e for e in found if fold_of[e.group] != fold])
        held_out |= decided([e for e in found if fold_of[e.group] == fold], models)
    return held_out


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    data = json.loads(Path(arguments[0]).read_text("utf-8"))
    found = pairs(data)
    held_out = cross_validated(found)
    models = model_of(found)
    if len(arguments) == 2:
        Path(arguments[1]).write_text(json.dumps(held_out), "utf-8")
    if "--write" in sys.argv:
        TARGET.write_text(json.dumps(models, indent=1) + "\n", "utf-8")
    for name, decisions in (("cross-validated", held_out), ("fitted", decided(found, models))):
        print(name, summary(data, decisions))


def summary(data: dict[str, Any], decisions: dict[str, Any]) -> str:
    """The figures that matter; ``score_dedup.py`` beside the labels prints all of them."""
    of = {item["id"]: item for item in data["new"]}
    same = [i for i, item in of.items() if item["label"] == "duplicate"]
    made = {i: decisions.get(i, {"decision": "new", "of": None}) for i in of}
    right = {i for i in same if made[i]["of"] == of[i]["of"]}
    merged = {i for i in of if made[i]["decision"] == "duplicate"}
    reviewed = {i for i in of if made[i]["decision"] == "review"}
    parts = {"wrong merges": len(merged - right), "duplicates merged": len(merged & right) / len(same),
             "found with review": len(right) / len(same)}  # fmt: skip
    for hardness in ("unrelated", "hard_negative"):
        mine = [i for i in of if of[i]["hardness"] == hardness]
        parts[f"{hardness} to review"] = len(reviewed & set(mine)) / len(mine)
    return "  ".join(f"{name} {value:.3g}" for name, value in parts.items())


if __name__ == "__main__":
    main()
