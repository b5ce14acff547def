"""Duplicate decisions against a growing record: CPU of 1,000 new items against 1,000, 10,000 and 100,000 known ones,
beside TF-IDF with sparse_dot_topn and semhash on the same texts; and of adding pages to a small and to a large record.

Every measurement is a process of its own on one thread, and counts the CPU of that whole process. Ratios are the
figures; a time asserts nothing. One new item in five is a near copy. The peers only find what is near, ours decides
too, and compares the new items with each other; semhash is given its vectors ready: its encoder's cost is left out.
``ASKCV_KNOWN`` lists other sizes. Peers that are not installed are left out: ``pip install '.[bench]'``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

NEW, COPIES, PAGE, PAGES, TOP = 1000, 200, 100, 100, 8
SIZES = [int(size) for size in os.environ.get("ASKCV_KNOWN", "1000,10000,100000").split(",")]
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)


def texts(size: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Known and new payloads; of the new ones the last ``COPIES`` are near copies."""
    from dedup_texts import entries, near_copies

    known = entries(size, 1)
    return known, entries(NEW - COPIES, 2) + near_copies(known, COPIES, 3)


def said(payload: dict[str, str]) -> str:
    """What the peers compare: the same text that ours finds candidates by."""
    from askcv_pipelines.dedup.facts import Fact

    return Fact("knowledge_entries", payload).index_text


def measured(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the whole process, and what came of it."""
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def ours(size: int) -> dict[str, Any]:
    """``KnownItems.add`` and ``KnownItems.judge_all``."""
    from askcv_pipelines.dedup.facts import Fact
    from askcv_pipelines.dedup.known import KnownItems
    from askcv_pipelines.values import Known

    known, new = texts(size)
    items = [Known(str(n), "knowledge_entries", payload, "approved") for n, payload in enumerate(known)]
    build, record = measured(lambda: KnownItems(items))
    query, judged = measured(lambda: record.judge_all([Fact("knowledge_entries", payload) for payload in new]))
    found = {verdict: sum(j.verdict == verdict for j in judged) for verdict in ("duplicate", "review", "new")}
    other = sum(j.verdict == "review" for j in judged[:-COPIES]) / (NEW - COPIES)
    return {"build": build, "query": query, **found, "other": other}


def pages(size: int) -> dict[str, Any]:
    """Pages added one by one to ``size`` known items."""
    from askcv_pipelines.dedup.known import KnownItems
    from askcv_pipelines.values import Known

    known, _ = texts(size)
    from dedup_texts import entries

    more = [Known(f"m{n}", "knowledge_entries", p, "approved") for n, p in enumerate(entries(PAGE * PAGES, 3))]
    record = KnownItems([Known(str(n), "knowledge_entries", payload, "approved") for n, payload in enumerate(known)])

    def append() -> None:
        for start in range(0, len(more), PAGE):
            record.add(more[start : start + PAGE])

    return {"build": measured(append)[0]}


def tfidf(size: int) -> dict[str, Any]:
    """Character 3-grams weighted by scikit-learn, the nearest by sparse_dot_topn. Turning the matrix is building."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    known, new = ([said(payload) for payload in part] for part in texts(size))
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), dtype="float32")

    def build() -> Any:
        return vectorizer.fit_transform(known).T.tocsr()

    building, held = measured(build)
    query, _ = measured(lambda: sp_matmul_topn(vectorizer.transform(new), held, TOP, sort=True, n_threads=1))
    return {"build": building, "query": query}


def semhash(size: int) -> dict[str, Any]:
    """``SemHash.from_records`` and ``deduplicate``, with vectors made before."""
    from hashing import HashingEncoder
    from semhash import SemHash

    known, new = ([said(payload) for payload in part] for part in texts(size))
    encoder = HashingEncoder(256)
    vectors = dict(zip([*known, *new], encoder.encode([*known, *new]), strict=True))

    class Ready:
        def encode(self, inputs: list[str], **_: Any) -> Any:
            import numpy

            return numpy.stack([vectors[text] for text in inputs])

    build, record = measured(lambda: SemHash.from_records(known, model=Ready()))
    query, result = measured(lambda: record.deduplicate(new, threshold=0.8))
    return {"build": build, "query": query, "duplicate": len(result.filtered)}


MEASURES = {"ours": ours, "pages": pages, "tfidf": tfidf, "semhash": semhash}


def in_process(name: str, size: int) -> dict[str, Any]:
    """One measurement in a process of its own; empty where a library is missing."""
    command = [sys.executable, __file__, "--measure", name, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1] if done.stderr else "?"
        print(f"{name} at {size:,}: not measured ({last}); pip install '.[bench]'")
        return {}
    return json.loads(done.stdout)


def measure(name: str, size: int) -> None:
    result = MEASURES[name](size)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(result | {"peak": usage.ru_maxrss / 1024, "whole": usage.ru_utime + usage.ru_stime}))


def main() -> None:
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], int(sys.argv[3]))
        return
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    print(f"{NEW:,} new against       build s  query s  process s  peak MB  decided")
    for size in SIZES:
        for name in ("ours", "tfidf", "semhash"):
            if row := in_process(name, size):
                rows[name, size] = row
                times = f"{row['build']:8.2f} {row['query']:8.2f} {row['whole']:10.2f} {row['peak']:8.0f}"
                print(f"{size:9,} {name:8}     {times}  {decisions(row)}")
    ratios(rows)
    appended()


def decisions(row: dict[str, Any]) -> str:
    told = ", ".join(f"{row[v]} {v}" for v in ("duplicate", "review", "new") if v in row)
    return told + (f"; to review of those that are no copies: {row['other']:.0%}" if "other" in row else "")


def ratios(rows: dict[tuple[str, int], dict[str, Any]]) -> None:
    """What the times say of each other."""
    for few, many in pairwise(SIZES):
        ratio = rows["ours", many]["query"] / rows["ours", few]["query"]
        print(f"query at {many:,} / at {few:,}: {ratio:.2f}  (in proportion: {many / few:g})")
    most = SIZES[-1]
    mine = rows["ours", most]
    if other := rows.get(("tfidf", most)):
        print(f"query at {most:,}, ours / TF-IDF: {mine['query'] / other['query']:.2f}  (goal: at most 2)")
    if other := rows.get(("semhash", most)):
        ratio = (mine["build"] + mine["query"]) / (other["build"] + other["query"])
        print(f"build and query at {most:,}, ours / semhash: {ratio:.2f}  (goal: at most 0.7)")


def appended() -> None:
    few, many = (in_process("pages", size)["build"] for size in (SIZES[0], SIZES[-1]))
    print(
        f"a page of {PAGE} added to {SIZES[-1]:,} / to {SIZES[0]:,}: {many / few:.2f}  "
        f"({1000 * many / PAGES:.1f} and {1000 * few / PAGES:.1f} ms of CPU, over {PAGES} pages)"
    )


if __name__ == "__main__":
    main()
