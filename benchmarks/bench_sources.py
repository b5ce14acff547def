"""What loading costs, format by format: CPU milliseconds a document and a 1,000 words, from bytes to ``Document``.

HTML beside trafilatura on the same pages, where that is installed (it also does less: it keeps no offsets and leaves
out what it takes for boilerplate). Documents are those of the tests; with a folder as argument, those in it as well.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from askcv_agents.errors import SourceError
from askcv_pipelines import sources
from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Subject
from tests.property.test_sources import DOCUMENTS

ROUNDS = 5
SUBJECT = Subject("Maya Lindqvist")


def milliseconds(call: object, *arguments: object) -> float:
    started = time.process_time()
    for _ in range(ROUNDS):
        call(*arguments)  # type: ignore[operator]
    return (time.process_time() - started) * 1000 / ROUNDS


def documents() -> dict[str, bytes]:
    found = dict(DOCUMENTS)
    for folder in map(Path, sys.argv[1:]):
        for path in sorted(folder.rglob("document.*")):
            found[f"{path.parent.name}{path.suffix}"] = path.read_bytes()
    return found


def load(raw: bytes, name: str) -> int:
    return len(read_bytes(raw, name, SUBJECT).text.split())


def main() -> None:
    costs: dict[str, list[tuple[float, int]]] = defaultdict(list)
    pages = []
    for name, raw in documents().items():
        try:
            words = load(raw, name)
        except SourceError as error:
            print(f"not read: {error.message}")
            continue
        costs[sources.choose(name, raw).name].append((milliseconds(load, raw, name), words))
        if name.endswith(".html"):
            pages.append((raw, name))
    for format_name, measured in sorted(costs.items()):
        each = statistics.median(cost for cost, _ in measured)
        a_thousand = 1000 * sum(cost for cost, _ in measured) / max(1, sum(words for _, words in measured))
        print(f"{format_name:12} {len(measured):3} documents: {each:7.2f} ms each, {a_thousand:6.2f} ms a 1,000 words")
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed: no comparison for HTML")
        return
    ours = sum(milliseconds(load, raw, name) for raw, name in pages)
    theirs = sum(milliseconds(trafilatura.extract, raw.decode("utf-8", "replace")) for raw, _ in pages)
    print(
        f"html / trafilatura on {len(pages)} pages: {ours / theirs:.2f} times ({ours:.1f} ms against {theirs:.1f} ms)"
    )


if __name__ == "__main__":
    main()
