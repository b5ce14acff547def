"""Whose action it is: on meeting notes of a corpus, what the reader makes of speakers, owners, aliases and pronouns.

    bench_subjects.py CORPUS_SPLIT [LIST_OF_DOCUMENTS_TO_LEAVE_OUT]

(a) of the gold action items of the subject, those whose unit resolves to the subject: its owner or speaker is the
subject, or the subject among others; or it states nobody and nobody else is meant by the rules of the reader (no
heading, list or speaker of another person stands over it). (b) of the labelled lines of other people (``subjects/``),
those that do not resolve to the subject, and those of which no item is made. Without a corpus nothing is measured.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from askcv_pipelines.evaluation import chosen
from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.reading import read
from askcv_pipelines.values import Document, Subject

LABELS = json.loads((Path(__file__).parent / "subjects" / "labels.json").read_text("utf-8"))
WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def documents() -> Iterator[tuple[str, dict[str, Any], Document]]:
    without = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    for folder in chosen(Path(sys.argv[1]), without=without):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        if gold["kind"] == "meeting_notes":
            about = gold["subject"]
            subject = Subject(about["name"], tuple(about["aliases"]))
            path = next(iter(sorted(folder.glob("document.*"))))
            yield f"meeting_notes/{folder.name}", gold, read(path, subject, kind="meeting_notes")


def covering(document: Document, found: list[Facts], quote: str) -> list[Facts]:
    """The units that hold most of a quote."""
    wanted = folded(quote)
    return [
        f
        for f in found
        if (said := folded(document.text[f.unit.start : f.unit.end])) and (said in wanted or wanted in said)
    ]


def others_lines(name: str, document: Document) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each labelled line."""
    wanted = set(LABELS.get(name, {}).get("others", ()))
    at = 0
    for number, line in enumerate(document.text.split("\n")):
        if hashlib.sha256(line.strip().encode()).hexdigest()[:12] in wanted:
            yield number, at, at + len(line)
        at += len(line) + 1


def main() -> None:
    if len(sys.argv) < 2:
        print("no corpus given: nothing measured")
        return
    mine, stated, misses, theirs, taken, items = [0, 0], 0, [], [0, 0], [0, 0], []
    for name, gold, document in documents():
        found = list(facts(document))
        for item in gold["items"]:
            if item["domain"] != "coaching_action_items":
                continue
            units = covering(document, found, item["quote"])
            right = bool(units) and any(f.who in {"subject", "both", None} for f in units)
            mine[0] += right
            stated += any(f.who in {"subject", "both"} for f in units)
            mine[1] += 1
            if not right:
                line = document.text.count("\n", 0, units[0].unit.start) if units else "no unit"
                misses.append(f"{name}:{line}")
        candidates = [document.text.find(c.quote) for c in RulesExtractor().extract(document) if c.domain != "skills"]
        for number, start, end in others_lines(name, document):
            inside = [f for f in found if start <= f.unit.start < end]
            theirs[0] += not any(f.who in {"subject", "both"} for f in inside)
            theirs[1] += 1
            made = any(start <= at < end for at in candidates)
            taken[0] += not made
            taken[1] += 1
            if made:
                items.append(f"{name}:{number}")
    print(f"(a) gold actions that resolve to the subject: {mine[0]} of {mine[1]} = {mine[0] / mine[1]:.1%}")
    print(f"    by a stated owner, speaker, list or heading: {stated}; not: {', '.join(misses) or 'none'}")
    print(f"(b) other people's lines that do not resolve to the subject: {theirs[0]} of {theirs[1]}")
    print(f"    of which no item is made: {taken[0]} of {taken[1]}; made: {', '.join(items) or 'none'}")


if __name__ == "__main__":
    main()
