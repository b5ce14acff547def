"""How well documents are cut: the share of gold quotes (skills left out) that lie inside one sentence, bullet or cell,
or inside two neighbouring ones, of the zone ``body``; by format.

    bench_quotes.py CORPUS_SPLIT [LIST_OF_DOCUMENTS_TO_LEAVE_OUT]

Without a corpus there is nothing to measure, and it says so. Words are compared folded, as the corpus's own scoring
does.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from askcv_pipelines.evaluation import chosen
from askcv_pipelines.reading import read
from askcv_pipelines.values import Document, Subject

WORD = re.compile(r"[^\W_]+(?:['’.+#][^\W_]+)*[+#]*")


def folded(text: str) -> str:
    return " ".join(word.lower().replace("’", "'") for word in WORD.findall(text))


def places(document: Document) -> list[str]:
    """Every sentence of the body, and every two neighbours."""
    body = [s for s in document.sentences if document.blocks[s.block].zone == "body"]
    alone = [folded(document.slice(sentence)) for sentence in body]
    return alone + [f"{a} {b}" for a, b in pairwise(alone)]


def main() -> None:
    if len(sys.argv) < 2:
        print("no corpus given: nothing measured")
        return
    without = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    inside: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for folder in chosen(Path(sys.argv[1]), without=without):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        path = next(iter(sorted(folder.glob("document.*"))))
        about = gold["subject"]
        document = read(path, Subject(about["name"], tuple(about["aliases"])), kind=gold["kind"])
        found = places(document)
        for item in gold["items"]:
            if item["domain"] != "skills":
                quote = folded(item["quote"])
                total[path.suffix] += 1
                inside[path.suffix] += any(quote in place for place in found)
    for suffix in sorted(total):
        print(f"{suffix:6} {inside[suffix]:4} of {total[suffix]:4}")
    print(f"all    {inside.total():4} of {total.total():4} = {inside.total() / total.total():.1%}")


if __name__ == "__main__":
    main()
