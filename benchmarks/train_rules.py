"""Trains the linear models of the ``rules`` extractor and prints its cross-validated figures.

    train_rules.py CORPUS_DIR [--exclude FILE] [--more DIR ...] [--predictions DIR] [--write]

CORPUS_DIR is a labelled split (``<kind>/<id>/document.*`` and ``gold.json``) with ``score.py`` beside it, which is the
measure; FILE lists documents, ``<kind>/<id>`` a line, that take no part; DIR holds more labelled documents that train
but are not measured (``labelled.py`` writes the project's own). Folds are made of groups of documents with the
same source, so that no source stands on both sides; scores, calibration and thresholds are all out of fold. The same
input gives the same weights. Needs scikit-learn's dependencies (numpy, scipy), at training only.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rules_priors import PRIORS, RARE, RULED
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from askcv_agents.domains import parse_payload
from askcv_agents.errors import SourceError
from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.features import features
from askcv_pipelines.extractors.rules.model import Model, bucket
from askcv_pipelines.extractors.rules.skills import found_skills
from askcv_pipelines.reading import read
from askcv_pipelines.values import Document, Subject

TARGET = Path(__file__).parent.parent / "pipelines/askcv_pipelines/extractors/rules"
LABELS = tuple(label for label in PRIORS if label != "skills")
FOLDS = 8
STRENGTH = 0.05
"""Variance of the prior: how far the documents may move a weight."""
RULE_SCALE, WORD_SCALE = 2.0, 1.0
WORDS = re.compile(r"(?:w|2|s|e|s2|s3|head|intro|col|(?:prev|next|prev2)~?):")
MIN_GROUPS = 4
"""A feature that fewer sources show says more of them than of documents."""
LOWEST = 0.3
"""Nothing is said that is more than twice as likely wrong as right."""
CAREFUL = 0.98
"""A false item costs more than a missing one: the threshold is the highest that keeps this part of the best F1."""


@dataclass
class Labelled:
    """A document with its gold labels; ``targets`` has a row a unit: 1, 0, or -1 for "does not count"."""

    key: str
    gold: dict[str, Any]
    document: Document
    found: list[Facts]
    rows: list[list[str]]
    targets: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(0))
    fold: int = 0
    group: str = ""

    @property
    def invented(self) -> bool:
        """The project's own documents teach, but how often which kind of item occurs, real ones must say."""
        return bool(self.gold["source"]["origin"].endswith("/own"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--exclude", type=Path)
    parser.add_argument("--more", type=Path, nargs="*", default=[])
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    args = parser.parse_args()
    score = module(args.corpus.parent / "score.py")
    closed = set(args.exclude.read_text("utf-8").split("\n")) if args.exclude else set()
    more = (item for folder in args.more for item in load(folder, set()))
    data = [item for item in [*load(args.corpus, closed), *more] if item.found]
    folded(data)
    for item in data:
        item.targets = aligned(score, item)
    units, by_fold, chances = train_units(data)
    skills, skills_by_fold = train_skills(score, data, chances)
    with tempfile.TemporaryDirectory() as folder:
        target = args.predictions or Path(folder)
        for item in data:
            predict(item, RulesExtractor(by_fold[item.fold], skills_by_fold[item.fold]), target)
        print("\nCross-validated by source:")
        measure(args, target, data)
    with tempfile.TemporaryDirectory() as folder:
        for item in data:
            predict(item, RulesExtractor(units, skills), Path(folder))
        print("\nFitted:")
        measure(args, Path(folder), data)
    if args.write:
        for name, model in (("units", units), ("skills", skills)):
            raw = json.dumps(model.to_json(), separators=(",", ":")).encode()
            (TARGET / f"{name}.json.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
            cuts = dict(zip(model.labels, model.thresholds, strict=True))
            print(f"{name}: {len(model.weights)} weights, thresholds {cuts}")


def module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no score.py at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load(corpus: Path, closed: set[str]) -> Iterable[Labelled]:
    for path in sorted(corpus.glob("*/*/gold.json")):
        folder = path.parent
        key = f"{folder.parent.name}/{folder.name}"
        if key in closed:
            continue
        gold = json.loads(path.read_text("utf-8"))
        subject = Subject(gold["subject"]["name"], tuple(gold["subject"]["aliases"]))
        try:
            document = read(next(folder.glob("document.*")), subject, kind=gold["kind"])
        except SourceError as error:
            print(f"skipped {key}: {error}", file=sys.stderr)
            continue
        found = list(facts(document))
        yield Labelled(key, gold, document, found, features(document, found))


def folded(data: list[Labelled]) -> None:
    """Documents of one repository, list or series get one fold; folds are about equally long."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            name = parent[name]
        return name

    for item in data:
        origin = item.gold["source"]["origin"]
        owner = (
            re.search(r"github\.com/([^/]+)/", origin) or re.match(r"([\w.-]+)/", origin) or re.match(r"(\S+)", origin)
        )
        series = item.key.split("/")[0] + "/" + item.key.split("/")[1].split("-")[0]
        parent[root("d:" + item.key)] = root("o:" + (owner[1].lower() if owner else ""))
        parent[root("d:" + item.key)] = root("s:" + series)
    sizes: Counter[str] = Counter()
    for item in data:
        item.group = root("d:" + item.key)
        sizes[item.group] += len(item.found)
    load, fold_of = [0] * FOLDS, {}
    for group, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        fold_of[group] = load.index(min(load))
        load[fold_of[group]] += size
    for item in data:
        item.fold = fold_of[item.group]


def aligned(score: Any, item: Labelled) -> np.ndarray[Any, Any]:
    """Each gold item is given to the unit that covers it best; other units near it, and ignored ones, do not count."""
    targets = np.zeros((len(item.found), len(LABELS)), int)
    texts = [item.document.text[f.unit.start : f.unit.end] for f in item.found]
    words = [score.words(text) for text in texts]
    for gold in item.gold["items"]:
        if gold["domain"] not in LABELS:
            continue
        label, wanted = LABELS.index(gold["domain"]), score.words(gold["quote"])
        best, near = (-1.0, -1), []
        for at, have in enumerate(words):
            if not set(have) & set(wanted) or not score.quotes_match(gold["quote"], texts[at]):
                continue
            near.append(at)
            cover = score.longest_run(wanted, have) / max(len(wanted), len(have)) - 0.3 * (targets[at, label] == 1)
            best = max(best, (cover, -at))
        for at in near:
            if targets[at, label] != 1:
                targets[at, label] = 1 if at == -best[1] else -1
    for at, text in enumerate(texts):
        if score.ignored(text, item.gold.get("ignore", [])):
            targets[at][targets[at] == 0] = -1
    return targets


def scale(feature: str) -> float:
    return RULE_SCALE if feature[0] == "!" else WORD_SCALE if WORDS.match(feature) else 1.0


def kept(rows: Sequence[Iterable[str]], groups: Sequence[str], always: Callable[[str], bool]) -> list[str]:
    seen: dict[str, set[str]] = {}
    for row, group in zip(rows, groups, strict=True):
        for name in row:
            seen.setdefault(name, set()).add(group)
    return sorted(name for name, found in seen.items() if len(found) >= MIN_GROUPS or always(name))


def matrix(rows: Sequence[Iterable[str]], names: list[str]) -> Any:
    at = {name: place for place, name in enumerate(names)}
    scales = np.array([scale(name) for name in names])
    columns: list[int] = []
    ends = [0]
    for row in rows:
        columns.extend(sorted({at[name] for name in row if name in at}))
        ends.append(len(columns))
    return csr_matrix((scales[columns], columns, ends), shape=(len(rows), len(names)))


def prior(label: str, names: list[str]) -> np.ndarray[Any, Any]:
    weights = PRIORS[label]
    return np.array([weights.get(name.removeprefix("!"), 0.0) / scale(name) for name in names])


def fitted(x: Any, y: np.ndarray[Any, Any], mean: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Logistic regression with a Gaussian prior around ``mean``; the last weight is the intercept."""
    sign = np.where(y > 0, 1.0, -1.0)

    def loss(w: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        margin = sign * (x @ w[:-1] + w[-1])
        pull = (w[:-1] - mean) / STRENGTH
        slope = -sign / (1 + np.exp(np.clip(margin, -30, 30)))
        value = np.logaddexp(0, -margin).sum() + 0.5 * (pull * (w[:-1] - mean)).sum()
        return float(value), np.concatenate([x.T @ slope + pull, [slope.sum()]])

    return minimize(loss, np.concatenate([mean, [-3.0]]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x


def platt(scores: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Slope and intercept that make out-of-fold scores probabilities."""
    if y.sum() < 3:
        return 1.0, 0.0
    sign = np.where(y > 0, 1.0, -1.0)

    def loss(w: np.ndarray[Any, Any]) -> float:
        return float(np.logaddexp(0, -sign * (w[0] * scores + w[1])).sum() + (w[0] - 1) ** 2)

    a, b = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B").x
    return round(float(a), 4), round(float(b), 4)


def threshold(chances: np.ndarray[Any, Any], y: np.ndarray[Any, Any], total: int) -> float:
    """The highest that keeps ``CAREFUL`` of the best F1."""
    order = np.argsort(-chances, kind="stable")
    right = np.cumsum(y[order] > 0)
    precision, recall = right / np.arange(1, len(y) + 1), right / max(1, total)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    if right[int(f1.argmax())] < 3:
        return 0.5
    cut = float(chances[order][int((f1 >= CAREFUL * f1.max()).argmax())])
    return round(min(0.9, max(LOWEST, cut - 1e-4)), 4)


def quantized(
    names: list[str],
    weights: dict[str, np.ndarray[Any, Any]],
    calibration: dict[str, tuple[float, float]],
    cuts: dict[str, float],
) -> Model:
    """One whole number a label and hash value, at most ±127; the intercept goes into the calibration."""
    labels = tuple(weights)
    scales = {
        label: float(max(np.abs(w[:-1] * [scale(n) for n in names]).max(), 1e-6)) / 127 for label, w in weights.items()
    }
    cells: dict[int, list[int]] = {}
    for at, name in enumerate(names):
        numbers = [round(float(weights[label][at]) * scale(name) / scales[label]) for label in labels]
        if any(numbers):
            have = cells.setdefault(bucket(name), [0] * len(labels))
            cells[bucket(name)] = [a + b for a, b in zip(have, numbers, strict=True)]
    curves = []
    for label in labels:
        a, b = calibration[label]
        curves.append((a, round(a * float(weights[label][-1]) + b, 5)))
    return Model(
        labels=labels, weights=cells, scale=tuple(round(scales[label], 7) for label in labels),
        platt=tuple(curves), thresholds=tuple(cuts[label] for label in labels),
    )  # fmt: skip


def gold_count(data: list[Labelled], label: str) -> int:
    return sum(g["domain"] == label for item in data if not item.invented for g in item.gold["items"])


def train_units(data: list[Labelled]) -> tuple[Model, list[Model], list[list[dict[str, float]]]]:
    """The model on all documents, one for each fold on the others, and every unit's out-of-fold probabilities."""
    rows = [row for item in data for row in item.rows]
    groups = [item.group for item in data for _ in item.rows]
    folds = np.array([item.fold for item in data for _ in item.rows])
    targets = np.concatenate([item.targets for item in data])
    real = np.array([not item.invented for item in data for _ in item.rows])
    names = kept(rows, groups, lambda name: name[0] == "!")
    x = matrix(rows, names)
    whole, parts = {}, [{} for _ in range(FOLDS)]  # type: ignore[var-annotated]
    calibration, cuts = {}, {}
    chances = np.zeros(targets.shape)
    for column, label in enumerate(LABELS):
        y, mean = targets[:, column], prior(label, names)
        raw = np.zeros(len(y))
        if label in RULED:
            for part in (whole, *parts):
                part[label] = np.concatenate([mean, [RARE]])
            calibration[label], cuts[label] = (1.0, 0.0), 0.5
            chances[:, column] = 1 / (1 + np.exp(-(x @ mean + RARE)))
            continue
        for fold in range(FOLDS):
            train, test = (folds != fold) & (y >= 0), folds == fold
            parts[fold][label] = fitted(x[train], y[train], mean)
            raw[test] = x[test] @ parts[fold][label][:-1] + parts[fold][label][-1]
        counts = y >= 0
        whole[label] = fitted(x[counts], y[counts], mean)
        shown = counts & real
        calibration[label] = platt(raw[shown], y[shown])
        a, b = calibration[label]
        chances[:, column] = 1 / (1 + np.exp(-(a * raw + b)))
        cuts[label] = threshold(chances[shown, column], y[shown], gold_count(data, label))
    split: list[list[dict[str, float]]] = []
    at = 0
    for item in data:
        split.append([dict(zip(LABELS, map(float, row), strict=True)) for row in chances[at : at + len(item.rows)]])
        at += len(item.rows)
    return (
        quantized(names, whole, calibration, cuts),
        [quantized(names, part, calibration, cuts) for part in parts],
        split,
    )


def train_skills(score: Any, data: list[Labelled], chances: list[list[dict[str, float]]]) -> tuple[Model, list[Model]]:
    rows, groups, folds, targets, real = [], [], [], [], []
    for item, scores in zip(data, chances, strict=True):
        wanted = {
            score.folded(name)
            for g in item.gold["items"]
            if g["domain"] == "skills"
            for name in (g["name"], *g.get("aka", []))
        }
        for skill in found_skills(item.document, item.found, scores):
            rows.append(sorted(skill.features))
            groups.append(item.group)
            folds.append(item.fold)
            real.append(not item.invented)
            quote = item.found[skill.best].unit.plain
            right = score.folded(skill.skill.name) in wanted
            targets.append(1 if right else -1 if score.ignored(quote, item.gold.get("ignore", [])) else 0)
    names = kept(rows, groups, lambda name: name in PRIORS["skills"])
    x, y, fold_at, mean = matrix(rows, names), np.array(targets), np.array(folds), prior("skills", names)
    raw, parts = np.zeros(len(y)), []
    for fold in range(FOLDS):
        train = (fold_at != fold) & (y >= 0)
        weights = fitted(x[train], y[train], mean)
        parts.append(weights)
        raw[fold_at == fold] = x[fold_at == fold] @ weights[:-1] + weights[-1]
    counts = y >= 0
    shown = counts & np.array(real)
    curve = platt(raw[shown], y[shown])
    chance = 1 / (1 + np.exp(-(curve[0] * raw + curve[1])))
    total = gold_count(data, "skills")
    cut = threshold(chance[shown], y[shown], total)
    print(f"skills: {len(y)} candidates, {int((y > 0).sum())} right of {total}")

    def made(weights: np.ndarray[Any, Any]) -> Model:
        return quantized(names, {"skills": weights}, {"skills": curve}, {"skills": cut})

    return made(fitted(x[counts], y[counts], mean)), [made(part) for part in parts]


def predict(item: Labelled, extractor: RulesExtractor, folder: Path) -> None:
    """Writes the candidates whose payload is valid, as ``score.py`` reads them."""
    items = []
    for candidate in extractor.extract(item.document):
        if isinstance(parse_payload(candidate.domain, candidate.fields), tuple):
            print(f"invalid {candidate}", file=sys.stderr)
            continue
        fields = dict(candidate.fields)
        made = {
            "due": fields.get("due_on"),
            "owner": fields.get("owner"),
            "metric": fields.get("metric"),
            "title": fields.get("title"),
        }
        items.append({"domain": candidate.domain, "quote": candidate.quote, "name": fields.get("name"), "fields": made})
    path = folder / f"{item.key}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"items": items}, ensure_ascii=False, indent=1), "utf-8")


def measure(args: argparse.Namespace, predictions: Path, data: list[Labelled]) -> None:
    """On the documents that could be read."""
    listing = predictions / "measured.txt"
    listing.write_text("\n".join(item.key for item in data), "utf-8")
    command = [
        sys.executable,
        str(args.corpus.parent / "score.py"),
        str(args.corpus),
        str(predictions),
        "--only",
        str(listing),
    ]
    print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
