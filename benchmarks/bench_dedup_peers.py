"""Duplicate decisions beside other libraries, on labelled cases: ``python benchmarks/bench_dedup_peers.py DEV.json``.

DEV.json is what ``train_dedup.py`` trains on: ``existing`` items, and ``new`` ones labelled. Ours is shown
cross-validated by group ("held out") and as fitted. A peer gives a similarity; what is a duplicate is a threshold, set
here on the very cases it is measured on, which flatters it:

best        most right merges less wrong ones (ties: the lower threshold)
our share   the highest threshold at which it merges as many duplicates as ours, cross-validated
no wrong    the lowest threshold at which it merges nothing wrongly

Below it, a peer's review begins where as many unrelated items come to review as with ours. "In a fact": wrong merges
of which ``compare.py`` says that they differ in a figure, unit, period, version, date, negation or person; ours cannot
make those by construction. Peers see all fields of a record, else the text that ours finds candidates by (with all
fields they do worse there), and only items of the same domain. splink compares records field by field and is measured
on the domains of records alone; it learns from the very labels it is measured on.

Peers that are not installed are named and left out: ``pip install '.[bench]'``.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import train_dedup
from hashing import HashingEncoder

from askcv_agents.domains import DOMAINS
from askcv_pipelines.dedup.compare import compare
from askcv_pipelines.dedup.facts import PLANS, Fact

IN_A_FACT = frozenset(("figure", "unit", "per", "number", "version", "date", "negation", "person"))
RECORDS = ("work_experience", "education", "certifications", "awards", "publications")
Found = dict[str, tuple[float, str]]
"""By new item: the similarity of the nearest known one, 0 to 1, and which it is."""


@dataclass(frozen=True)
class Cases:
    """Labelled cases, or those of some domains."""

    new: Sequence[dict[str, Any]]
    existing: Sequence[dict[str, Any]]

    def of(self, domains: Sequence[str]) -> Cases:
        new, existing = ([item for item in part if item["domain"] in domains] for part in (self.new, self.existing))
        return Cases(new, existing)

    def by_domain(self) -> Iterator[tuple[list[str], list[str], list[str], list[str]]]:
        """For each domain: ids and texts of the new items, ids and texts of the known ones."""
        for domain in sorted({item["domain"] for item in self.new}):
            part = self.of((domain,))
            if part.existing:
                yield (
                    [item["id"] for item in part.new],
                    [said(item) for item in part.new],
                    [item["id"] for item in part.existing],
                    [said(item) for item in part.existing],
                )


def said(item: dict[str, Any]) -> str:
    """What an item says, in lower case: of a record all its fields."""
    if item["domain"] in RECORDS:
        return " ".join(str(value) for value in item["payload"].values()).casefold()
    return Fact(item["domain"], item["payload"]).index_text.casefold()


# -- peers -------------------------------------------------------------------------------------------------------------


def by_rapidfuzz(scorer: str) -> Callable[[Cases], Found]:
    def search(cases: Cases) -> Found:
        from rapidfuzz import fuzz, process, utils

        found: Found = {}
        for ids, texts, known, known_texts in cases.by_domain():
            for item, text in zip(ids, texts, strict=True):
                _, mark, at = process.extractOne(
                    text, known_texts, scorer=getattr(fuzz, scorer), processor=utils.default_process
                )
                found[item] = mark / 100, known[at]
        return found

    return search


def by_tfidf(cases: Cases) -> Found:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    found: Found = {}
    for ids, texts, known, known_texts in cases.by_domain():
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3)).fit([*known_texts, *texts])
        held = vectorizer.transform(known_texts).T.tocsr()
        nearest = sp_matmul_topn(vectorizer.transform(texts), held, 1, sort=True, n_threads=1)
        for row, item in enumerate(ids):
            if len(marks := nearest.data[nearest.indptr[row] : nearest.indptr[row + 1]]):
                found[item] = min(1.0, float(marks[0])), known[nearest.indices[nearest.indptr[row]]]
    return found


def by_minhash(cases: Cases) -> Found:
    """Shingles of four characters, 256 permutations."""
    from datasketch import MinHash

    def sketch(text: str) -> Any:
        made = MinHash(num_perm=256, seed=1)
        made.update_batch([text[at : at + 4].encode() for at in range(max(1, len(text) - 3))])
        return made

    found: Found = {}
    for ids, texts, known, known_texts in cases.by_domain():
        sketches = [sketch(text) for text in known_texts]
        for item, text in zip(ids, texts, strict=True):
            mine = sketch(text)
            mark, at = max((mine.jaccard(other), -at) for at, other in enumerate(sketches))
            found[item] = mark, known[-at]
    return found


def by_semhash(cases: Cases) -> Found:
    """With an encoder of hashed character n-grams: no model can be fetched here. A trained one may do better."""
    from semhash import SemHash

    found: Found = {}
    for ids, texts, known, known_texts in cases.by_domain():
        first = {text: item for item, text in reversed(list(zip(known, known_texts, strict=True)))}
        record = SemHash.from_records(known_texts, model=HashingEncoder())
        for item, text in zip(ids, texts, strict=True):  # one by one: a run's own doubles are no matter here
            for near in record.deduplicate([text], threshold=0.05).filtered:
                found[item] = max(0.0, min(1.0, near.score)), first[near.duplicate_of]
    return found


def by_splink(cases: Cases) -> Found:
    """Fellegi–Sunter over the fields of records, linked within a domain; its chances learned from these very labels."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=[
            cl.JaroWinklerAtThresholds("label", [0.95, 0.88, 0.75]),
            cl.JaroWinklerAtThresholds("organization", [0.95, 0.88, 0.75]),
            cl.JaroWinklerAtThresholds("text", [0.9, 0.75]),
            cl.LevenshteinAtThresholds("starts", [2]),
            cl.LevenshteinAtThresholds("ends", [2]),
        ],
        blocking_rules_to_generate_predictions=[block_on("domain")],
    )
    database = DuckDBAPI()
    tables = [
        database.register(_rows(part, own), dataset_display_name=name)
        for part, own, name in ((cases.existing, False, "existing"), (cases.new, True, "new"))
    ]
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("domain", "label")], recall=0.4)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=1)
    linker.training.estimate_m_from_label_column("same")
    found: Found = {}
    for row in linker.inference.predict().as_record_list():
        sides = {row["source_dataset_l"]: row["id_l"], row["source_dataset_r"]: row["id_r"]}
        mark = float(row["match_probability"]), sides["existing"]
        found[sides["new"]] = max(mark, found.get(sides["new"], mark))
    return found


def _rows(items: Sequence[dict[str, Any]], new: bool) -> Any:
    """Records with the same columns in every domain; ``same`` names what a record is about, where that is labelled."""
    import pyarrow

    rows = []
    for item in items:
        payload, plan = item["payload"], PLANS[item["domain"]]
        dates = [payload.get(rule.field) for rule in plan.rules if rule.role == "date"]
        others = [payload.get(rule.field) for rule in plan.rules if rule.role in ("organization", "title", "degree")]
        rows.append(
            {
                "id": item["id"],
                "domain": item["domain"],
                "label": str(payload.get(DOMAINS[item["domain"]].label) or "").casefold() or None,
                "organization": next((value.casefold() for value in others if value), None),
                "text": " ".join(str(payload[f]) for f in plan.text if payload.get(f)).casefold() or None,
                "starts": dates[0] if dates else None,
                "ends": dates[1] if len(dates) > 1 else None,
                "same": item.get("of") if new else item["id"],
            }
        )
    return pyarrow.Table.from_pylist(rows)


Peers = dict[str, tuple[str, Callable[[Cases], Found]]]
"""By name: what is to be installed, and what finds the nearest."""
PEERS: Peers = {
    "rapidfuzz token_set_ratio": ("rapidfuzz", by_rapidfuzz("token_set_ratio")),
    "rapidfuzz WRatio": ("rapidfuzz", by_rapidfuzz("WRatio")),
    "TF-IDF, sparse_dot_topn": ("scikit-learn sparse_dot_topn", by_tfidf),
    "MinHash (datasketch)": ("datasketch", by_minhash),
    "semhash, hashing encoder": ("semhash", by_semhash),
}


# -- figures -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """What ``score_dedup.py`` beside the labels prints of decisions, and wrong merges in a fact. Shares of 1."""

    merged: float
    wrong: int
    in_a_fact: int
    found: float
    unrelated: float
    hard: float
    precision: float

    def __str__(self) -> str:
        shares = (self.merged, self.found, self.unrelated, self.hard)
        merged, found, unrelated, hard = (f"{100 * share:.0f} %" for share in shares)
        return (
            f"{merged:>6} {self.wrong:6} {self.in_a_fact:9} {found:>7} {unrelated:>10} {hard:>6} {self.precision:6.3f}"
        )


HEADING = f"{'':26} {'':10} {'from':>5} merged  wrong in a fact   found  unrelated   hard     AP"


def figures(cases: Cases, decisions: dict[str, dict[str, Any]]) -> Figures:
    """Measures decisions; an item without one is new."""
    none = {"decision": "new", "of": None, "score": 0.0}
    made = {item["id"]: decisions.get(item["id"], none) for item in cases.new}
    known = {item["id"]: item for item in cases.existing}
    same = [item for item in cases.new if item["label"] == "duplicate"]
    merged = [item for item in cases.new if made[item["id"]]["decision"] == "duplicate"]
    right = {item["id"] for item in same if made[item["id"]]["of"] == item["of"]}
    wrong = [item for item in merged if item["id"] not in right]

    def reviewed(hardness: str) -> float:
        mine = [made[item["id"]]["decision"] == "review" for item in cases.new if item["hardness"] == hardness]
        return sum(mine) / len(mine) if mine else 0.0

    return Figures(
        merged=sum(item["id"] in right for item in merged) / len(same),
        wrong=len(wrong),
        in_a_fact=sum(differs(item, known[made[item["id"]]["of"]]) for item in wrong),
        found=len(right) / len(same),
        unrelated=reviewed("unrelated"),
        hard=reviewed("hard_negative"),
        precision=average_precision(cases, made),
    )


def differs(item: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two items differ in a fact."""
    comparison = compare(Fact(item["domain"], item["payload"]), Fact(other["domain"], other["payload"]))
    return any(difference.kind in IN_A_FACT for difference in comparison.differences)


def average_precision(cases: Cases, made: dict[str, dict[str, Any]]) -> float:
    """Over the scores, equal ones in one step. A duplicate that names another item than its own is a false alarm."""
    steps: dict[float, list[bool]] = defaultdict(list)
    for item in cases.new:
        decision = made[item["id"]]
        hit = item["label"] == "duplicate" and decision["of"] in (None, item["of"])
        steps[decision["score"]].append(hit)
    seen = hits = 0
    total = 0.0
    for score in sorted(steps, reverse=True):
        seen += len(steps[score])
        hits += sum(steps[score])
        total += hits / seen * sum(steps[score])
    return total / sum(item["label"] == "duplicate" for item in cases.new)


def decided(cases: Cases, found: Found, merge: float, unrelated: float) -> dict[str, dict[str, Any]]:
    """A peer's decisions from a threshold; its review from where it holds that share of the unrelated items."""
    apart = [item["id"] for item in cases.new if item["hardness"] == "unrelated"]
    below = sorted((found[i][0] for i in apart if i in found and found[i][0] < merge), reverse=True)
    allowed = round(unrelated * len(apart))
    review = below[allowed] if len(below) > allowed else 0.0  # what is nearer than this is reviewed
    made = {}
    for item, (score, of) in found.items():
        verdict = "duplicate" if score >= merge else "review" if score > review else "new"
        made[item] = {"decision": verdict, "of": None if verdict == "new" else of, "score": score}
    return made


def chosen(cases: Cases, found: Found, ours: Figures) -> dict[str, float | None]:
    """The thresholds that are shown, by name; None for one that does not exist."""
    own = {item["id"]: item.get("of") for item in cases.new}
    count = sum(of is not None for of in own.values())
    counts = {}
    for merge in sorted({score for score, _ in found.values()}, reverse=True):
        merged = [own[item] == of for item, (score, of) in found.items() if score >= merge]
        counts[merge] = sum(merged), len(merged) - sum(merged)
    return {
        "best": max(counts, key=lambda merge: (counts[merge][0] - counts[merge][1], -merge)),
        "our share": next((merge for merge, (right, _) in counts.items() if right >= ours.merged * count), None),
        "no wrong": min((merge for merge, (_, wrong) in counts.items() if not wrong), default=None),
    }


# -- the table ---------------------------------------------------------------------------------------------------------


def show(cases: Cases, ours: dict[str, dict[str, Any]], peers: Peers) -> None:
    """The table over some cases."""
    print(HEADING)
    told = {name: figures(cases, decisions) for name, decisions in ours.items()}
    for name, row in told.items():
        print(f"{'ours':26} {name:10} {'':>5} {row}")
    bar = told["held out"]
    for name, (packages, search) in peers.items():
        try:
            found = search(cases)
        except ImportError:
            print(f"{name:26} not installed: pip install {packages}")
            continue
        for which, merge in chosen(cases, found, bar).items():
            if merge is None:
                print(f"{name:26} {which:10} there is no such threshold")
                continue
            row = figures(cases, decided(cases, found, merge, bar.unrelated))
            print(f"{name:26} {which:10} {merge:5.2f} {row}")


def our_decisions(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Cross-validated by group, and with weights fitted to all of it."""
    found = train_dedup.pairs(data)
    held_out, fitted = train_dedup.cross_validated(found), train_dedup.decided(found, train_dedup.model_of(found))
    return {"held out": held_out, "fitted": fitted}


def main() -> None:
    if len(sys.argv) != 2:
        print("no labelled cases given: nothing measured")
        return
    data = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    cases, ours = Cases(data["new"], data["existing"]), our_decisions(data)
    same = sum(item["label"] == "duplicate" for item in cases.new)
    print(f"all domains: {len(cases.new)} new items, {same} of them duplicates")
    show(cases, ours, PEERS)
    records = cases.of(RECORDS)
    same = sum(item["label"] == "duplicate" for item in records.new)
    print(f"\nrecords ({', '.join(RECORDS)}): {len(records.new)} new items, {same} of them duplicates")
    show(records, ours, PEERS | {"splink": ("splink pyarrow", by_splink)})


if __name__ == "__main__":
    main()
