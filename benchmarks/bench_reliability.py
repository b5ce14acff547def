"""How far the confidence of an item is the chance that it is right.

    bench_reliability.py CORPUS_DIR [--exclude FILE] [--more DIR ...]

Arguments are those of ``train_rules.py``. Every item comes from a model that saw no document of the same source. An
item is right where ``score.py`` matches it with a gold item; one in a passage that does not count is left out. Items
are binned by confidence, equally many a bin. The expected calibration error is the mean distance between a bin's mean
confidence and its share of right items; "by chance" is what it would be of a confidence that is exactly right.

The last lines are of a Platt curve over the items, fitted to those of other sources: what there would be to gain by it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from train_rules import FOLDS, Labelled, aligned, folded, load, module, train_skills, train_units

from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.verify import verify_all

BINS = 10
DRAWS = 500

Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Judged:
    """A predicted item: how sure the extractor is, and whether it is right."""

    domain: str
    confidence: float
    right: bool
    fold: int
    own: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--exclude", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    closed = set(args.exclude.read_text("utf-8").split("\n")) if args.exclude else set()
    corpus = [item for item in load(args.corpus, closed) if item.found]
    own = [item for folder in args.more for item in load(folder, set()) if item.found]
    judged = out_of_fold(module(args.corpus.parent / "score.py"), corpus, own)
    right = np.array([one.right for one in judged], float)
    folds = np.array([one.fold for one in judged])
    sure = np.array([one.confidence for one in judged])
    odds = logit(sure)
    curved = np.zeros(len(odds))
    for fold in range(FOLDS):
        slope, shift = curve(odds[folds != fold], right[folds != fold])
        curved[folds == fold] = sigmoid(slope * odds[folds == fold] + shift)
    domains = np.array([one.domain for one in judged])
    mine = np.array([one.own for one in judged])
    for name, mask in (("The corpus", ~mine), ("The documents of --more", mine)):
        if mask.any():
            print(f"\n{name}:")
            show(sure[mask], right[mask], domains[mask])
            print(f"with a curve fitted elsewhere {error(curved[mask], right[mask]):.3f}")
    print("\nCurve for all: slope {:.2f}, shift {:.2f}".format(*curve(odds, right)))


def out_of_fold(score: Any, corpus: list[Labelled], own: list[Labelled]) -> list[Judged]:
    data = [*corpus, *own]
    folded(data)
    for item in data:
        item.targets = aligned(score, item)
    _, units, chances = train_units(data)
    _, skills = train_skills(score, data, chances)
    return [
        one
        for at, item in enumerate(data)
        for one in judge(score, item, RulesExtractor(units[item.fold], skills[item.fold]), own=at >= len(corpus))
    ]


def judge(score: Any, item: Labelled, extractor: RulesExtractor, *, own: bool) -> Iterator[Judged]:
    """The items of a document that survive verification, each right or not."""
    items, _ = verify_all(extractor.extract(item.document), item.document)
    predicted = [
        {"domain": found.domain, "quote": found.evidence[0].quote, "name": getattr(found.payload, "name", None)}
        for found in items
    ]
    right = {at for _, at in score.assign(item.gold["items"], predicted)}
    for at, (found, said) in enumerate(zip(items, predicted, strict=True)):
        if at in right or not score.ignored(said["quote"], item.gold.get("ignore", [])):
            yield Judged(found.domain, found.confidence, at in right, item.fold, own)


def show(sure: Numbers, right: Numbers, domains: Numbers) -> None:
    print(f"{'confidence':24}{'n':>6}{'mean':>8}{'right':>8}")
    for at in binned(sure):
        row(f"{sure[at].min():.2f} to {sure[at].max():.2f}", sure[at], right[at])
    for domain in sorted(set(domains)):
        row(domain, sure[domains == domain], right[domains == domain])
    row("all", sure, right)
    draw = np.random.default_rng(0)
    chance = np.mean([error(sure, draw.random(len(sure)) < sure) for _ in range(DRAWS)])
    print(f"expected calibration error {error(sure, right):.3f}, by chance {chance:.3f}")


def row(name: str, sure: Numbers, right: Numbers) -> None:
    print(f"{name:24}{len(sure):6}{sure.mean():8.3f}{right.mean():8.3f}")


def binned(sure: Numbers) -> list[Numbers]:
    return [part for part in np.array_split(np.argsort(sure, kind="stable"), BINS) if len(part)]


def error(sure: Numbers, right: Numbers) -> float:
    return float(sum(len(at) / len(sure) * abs(sure[at].mean() - right[at].mean()) for at in binned(sure)))


def curve(odds: Numbers, right: Numbers) -> tuple[float, float]:
    """Slope and shift that make log-odds probabilities."""
    sign = np.where(right > 0, 1.0, -1.0)

    def loss(w: Numbers) -> float:
        return float(np.logaddexp(0, -sign * (w[0] * odds + w[1])).sum() + (w[0] - 1) ** 2)

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B").x
    return float(slope), float(shift)


def logit(sure: Numbers) -> Numbers:
    kept = np.clip(sure, 0.001, 0.999)
    return np.log(kept / (1 - kept))


def sigmoid(odds: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-odds))


if __name__ == "__main__":
    main()
