"""How many lines the readers put in the zone a person put them in: ``bench_zones.py CORPUS_DIR [--confusions]``.

The directory holds ``<kind>/<id>/document.*`` with a ``gold.json`` that names the subject; ``zones/README.md`` says how
the lines were labelled. A line that a reader leaves out of the text counts as furniture.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from askcv_pipelines.reading import read
from askcv_pipelines.values import Document, Subject

LABELS = Path(__file__).parent / "zones" / "labels.json"
ZONES = ("body", "quote", "code", "diff", "signature", "template", "furniture")
NAMES = {zone[0]: zone for zone in ZONES}

Pair = tuple[str, str, int]
"""The labelled zone, the zone found, and the line's number in the text (0: left out of it)."""


def digest(line: str) -> str:
    return hashlib.sha256(line.strip().encode()).hexdigest()[:12]


def zones_of_lines(document: Document) -> Iterator[tuple[int, str, str]]:
    """Number, digest and zone of each line that is not blank: the zone of the blocks that cover most of it."""
    start = 0
    for number, line in enumerate(document.text.split("\n"), 1):
        end = start + len(line)
        if line.strip():
            covered: Counter[str] = Counter()
            for block in document.blocks:
                covered[block.zone] += max(0, min(end, block.end) - max(start, block.start))
            zone, length = covered.most_common(1)[0] if covered else ("furniture", 0)
            yield number, digest(line), zone if length else "furniture"
        start = end + 1


def compared(document: Document, labels: list[list[str]]) -> list[Pair]:
    """Each labelled line beside what the reader found, matched in order."""
    found = list(zones_of_lines(document))
    matcher = SequenceMatcher(None, [line[0] for line in labels], [line[1] for line in found], autojunk=False)
    partner = {a + k: b + k for a, b, size in matcher.get_matching_blocks() for k in range(size)}
    pairs = []
    for index, (_, letter) in enumerate(labels):
        number, zone = (found[partner[index]][0], found[partner[index]][2]) if index in partner else (0, "furniture")
        pairs.append((NAMES[letter], zone, number))
    return pairs


def load(directory: Path, kind: str, sha256: str) -> Document:
    path = next(directory.glob("document.*"))
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{path} is not the document that was labelled")
    subject = json.loads((directory / "gold.json").read_text(encoding="utf-8"))["subject"]
    return read(path, Subject(subject["name"], tuple(subject["aliases"])), kind=kind)


def share(part: int, whole: int) -> str:
    return f"{part:5}/{whole:<5} {part / whole:6.1%}" if whole else f"{part:5}/{whole:<5}      –"


def report(pairs: list[Pair]) -> None:
    for zone in ZONES:
        right = sum(label == found == zone for label, found, _ in pairs)
        labelled = sum(label == zone for label, _, _ in pairs)
        given = sum(found == zone for _, found, _ in pairs)
        print(f"{zone:10} recall {share(right, labelled)}   precision {share(right, given)}")
    aside = [(label, found) for label, found, _ in pairs if label != "body"]
    print(f"zones recognised        {share(sum(label == found for label, found in aside), len(aside))}")
    print(f"told from body          {share(sum(found != 'body' for _, found in aside), len(aside))}")
    print(f"all lines               {share(sum(label == found for label, found, _ in pairs), len(pairs))}")


def confusions(results: dict[str, list[Pair]]) -> None:
    counts = Counter((label, found) for pairs in results.values() for label, found, _ in pairs if label != found)
    for (label, found), count in counts.most_common():
        print(f"\n{label} taken for {found}: {count}")
        for name, pairs in results.items():
            numbers = [number for one, other, number in pairs if (one, other) == (label, found)]
            if numbers:
                print(f"  {name}: {' '.join(map(str, numbers))}")


def main(arguments: list[str]) -> None:
    if not arguments:
        print("left out: it needs the directory of the corpus")
        return
    results = {}
    for name, labelled in json.loads(LABELS.read_text(encoding="utf-8")).items():
        kind = name.split("/")[0]
        results[name] = compared(load(Path(arguments[0]) / name, kind, labelled["sha256"]), labelled["lines"])
    for name, pairs in results.items():
        aside = [label == found for label, found, _ in pairs if label != "body"]
        body = [label == found for label, found, _ in pairs if label == "body"]
        print(f"{name:52} zones {share(sum(aside), len(aside))}   body {share(sum(body), len(body))}")
    print()
    report([pair for pairs in results.values() for pair in pairs])
    if "--confusions" in arguments:
        confusions(results)


if __name__ == "__main__":
    main(sys.argv[1:])
