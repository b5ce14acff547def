"""Whose action it is: on meeting notes of a corpus, what the reader makes of owners, speakers, aliases and headings.

    bench_subjects.py CORPUS_DIR [--except LIST]

The directory holds ``<kind>/<id>/document.*`` with a ``gold.json``; LIST names documents to leave out, one a line.

A unit resolves to one of five:

- stated: its own owner or, failing that, whoever it is by its speaker, list or heading (``Facts.owner``,
  ``Facts.who``) is the subject, or the subject among others;
- alone: nobody is stated or named as another in it, and the document knows nobody else: ``People.others`` is empty, or
  ``People.alone`` says that only the subject can be meant;
- open: nobody is stated, but the document knows other people to whom it could belong;
- other, group: it is somebody else's, or everybody's.

Only stated and alone are the subject's.

(a) Of the gold ``coaching_action_items``, all of which are the subject's: those that resolve to the subject. The units
are those that hold the words of the quote, without regard to case and punctuation. One of them is to be the subject's
and none another's; a quote that no unit holds is a miss. Where the same words stand in several places each is judged by
itself, and one right place is enough: the gold file does not say which is meant.

(b) Of the labelled lines of other people (``subjects/README.md``): those of which no unit resolves to the subject
(a line without a unit resolves to nobody, and is counted), and those that no candidate of the rules for actions,
knowledge entries or skills quotes. A quote that also stands outside these lines is taken from there.

Misses are named by document and line of its text, counted from 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from askcv_pipelines.evaluation import chosen
from askcv_pipelines.extractors.rules import RulesExtractor
from askcv_pipelines.extractors.rules.context import Facts, facts
from askcv_pipelines.extractors.rules.people import People
from askcv_pipelines.reading import read
from askcv_pipelines.values import Document, Subject

LABELS = Path(__file__).parent / "subjects" / "labels.json"
MINE = ("stated", "alone")
DOMAINS = ("coaching_action_items", "knowledge_entries", "skills")
WORD = re.compile(r"\w+")

Span = tuple[int, int]


@dataclass
class Count:
    """How many are right, of how many, by what they were found to be; and the others by name."""

    right: int = 0
    misses: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)

    def add(self, right: bool, name: str, way: str = "") -> None:
        self.right += right
        self.ways[way] += 1
        if not right:
            self.misses.append(f"{name} ({way})" if way else name)

    def show(self, title: str) -> None:
        whole = self.right + len(self.misses)
        print(f"{title}: {self.right}/{whole}" + (f" {self.right / whole:.1%}" if whole else ""))
        if self.ways.keys() - {""}:
            print("   " + "".join(f" {way} {count}," for way, count in self.ways.most_common()).rstrip(","))
        for miss in self.misses:
            print(f"    {miss}")


def load(folder: Path, about: dict[str, Any], sha256: str | None) -> Document:
    path = next(iter(sorted(folder.glob("document.*"))))
    if sha256 is not None and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{path} is not the document that was labelled")
    return read(path, Subject(about["name"], tuple(about["aliases"])), kind="meeting_notes")


def way_of(fact: Facts, people: People) -> str:
    """What a unit resolves to."""
    whose = fact.owner or fact.who
    if whose in {"subject", "both"}:
        return "stated"
    if whose is not None:
        return whose
    return "alone" if not fact.other_named and (people.alone or not people.others) else "open"


def across(spans: Iterable[Span], found: Iterable[Facts]) -> list[Facts]:
    """The units that share characters with one of the spans."""
    spans = list(spans)
    return [fact for fact in found if any(s < fact.unit.end and fact.unit.start < e for s, e in spans)]


def first(order: tuple[str, ...], spans: Iterable[Span], found: Iterable[Facts], people: People) -> str:
    """What the units of the spans resolve to; of several, what stands first in the order."""
    ways = {way_of(fact, people) for fact in across(spans, found)}
    return next((way for way in order if way in ways), "no unit")


def standing(quote: str, text: str) -> Iterator[Span]:
    """Wherever the words of a quote stand in a text."""
    wanted = [word.lower() for word in WORD.findall(quote)]
    words = list(WORD.finditer(text))
    plain = [word[0].lower() for word in words]
    for at in range(len(plain) - len(wanted) + 1 if wanted else 0):
        if plain[at : at + len(wanted)] == wanted:
            yield words[at].start(), words[at + len(wanted) - 1].end()


def line_of(document: Document, offset: int) -> int:
    return document.text.count("\n", 0, offset) + 1


def labelled(document: Document, digests: list[str]) -> dict[int, Span]:
    """Each labelled line by its number."""
    lines, at = {}, 0
    for number, line in enumerate(document.text.split("\n"), 1):
        if hashlib.sha256(line.strip().encode()).hexdigest()[:12] in digests:
            lines[number] = at, at + len(line)
        at += len(line) + 1
    return lines


def own(name: str, document: Document, items: list[dict[str, Any]], count: Count) -> None:
    """(a) of one document."""
    people, found = People(document), list(facts(document))
    for item in items:
        if item["domain"] != "coaching_action_items":
            continue
        spans = list(standing(item["quote"], document.text))
        ways = [first(("other", "group", *MINE, "open"), [span], found, people) for span in spans]
        way = next((way for way in (*MINE, *ways) if way in ways), "no unit")
        line = line_of(document, spans[0][0]) if spans else "?"
        count.add(way in MINE, f"{name}:{line}", way)


def others(name: str, document: Document, digests: list[str], resolved: Count, quoted: Count) -> None:
    """(b) of one document."""
    people, found = People(document), list(facts(document))
    lines = labelled(document, digests)
    spans = [
        (candidate.domain, list(standing(candidate.quote, document.text)))
        for candidate in RulesExtractor().extract(document)
        if candidate.domain in DOMAINS
    ]
    taken = [(domain, where) for domain, where in spans if all(any(_meet(w, s) for s in lines.values()) for w in where)]
    for number, span in lines.items():
        way = first((*MINE, "open", "group", "other"), [span], found, people)
        resolved.add(way not in MINE, f"{name}:{number}", way)
        made = sorted({domain for domain, where in taken if any(_meet(span, w) for w in where)})
        quoted.add(not made, f"{name}:{number}" + (f" ({', '.join(made)})" if made else ""))


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", metavar="CORPUS_DIR")
    parser.add_argument("--except", type=Path, dest="without", metavar="LIST")
    given = parser.parse_args()
    if given.corpus is None:
        print("left out: it needs the directory of the corpus")
        return
    labels = json.loads(LABELS.read_text("utf-8"))
    mine, resolved, quoted, unlabelled = Count(), Count(), Count(), []
    for folder in chosen(given.corpus, without=given.without):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        if gold["kind"] != "meeting_notes":
            continue
        name = f"meeting_notes/{folder.name}"
        label = labels.get(name)
        document = load(folder, gold["subject"], label and label["sha256"])
        own(name, document, gold["items"], mine)
        if label:
            others(name, document, label["others"], resolved, quoted)
        else:
            unlabelled.append(name)
    mine.show("(a) gold actions that resolve to the subject")
    resolved.show("(b) lines of other people that do not resolve to the subject")
    quoted.show("(b) lines of other people that no action, knowledge entry or skill quotes")
    print(f"documents without labels, left out of (b): {', '.join(unlabelled) or 'none'}")


if __name__ == "__main__":
    main()
