"""What the rules of ``askcv_pipelines.redact`` find and miss on labelled texts, and how many texts a second they take.

    bench_redaction.py [--show]

The texts (``redaction/*.jsonl``, see the README there) were written for the project. ``open`` ones were in view while
the rules were written, ``closed`` ones were measured only, and so were the ``last`` ones, which were written after the
rules to get by them. Found is a labelled passage of which every character but white space is masked under its kind; a
false alarm is a finding that touches no labelled passage.
"""

from __future__ import annotations

import json
import random
import re
import string
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from askcv_pipelines.redact import KINDS, Finding, Redactor

FOLDER = Path(__file__).parent / "redaction"
HALVES = ("open", "closed", "last")
ALPHABETS = {
    "an": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "up": string.ascii_uppercase + string.digits,
    "url": string.ascii_letters + string.digits + "_-",
    "b64": string.ascii_letters + string.digits + "+/",
    "dig": "123456789",
}
MADE = re.compile(r"‹(?:word:(?P<word>\w+)|(?P<alphabet>an|hex|up|url|b64|dig)(?P<length>\d+))›")
LABEL = re.compile(r"«(?P<kind>[a-z -]+)\|(?P<said>[^»]*)»")


@dataclass(frozen=True)
class Labelled:
    """A text, the passages of it that are to be masked, and what is known of its document."""

    place: str
    half: str
    text: str
    spans: tuple[Finding, ...]
    redactor: Redactor


def load() -> list[Labelled]:
    return [_labelled(path, number, json.loads(line)) for path, number, line in _lines()]


def _lines() -> Iterator[tuple[Path, int, str]]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield path, number, line


def _labelled(path: Path, number: int, row: dict[str, list[str]]) -> Labelled:
    place = f"{path.name}:{number}"
    made = MADE.sub(lambda found: _made(found, random.Random(place)), str(row["text"]))
    spans, text, at = [], "", 0
    for label in LABEL.finditer(made):
        text += made[at : label.start()]
        spans.append(Finding(len(text), len(text) + len(label["said"]), label["kind"]))  # type: ignore[arg-type]
        text += label["said"]
        at = label.end()
    half = {"later": "open", "last": "last"}.get(path.stem) or HALVES[(number - 1) % 2]
    redactor = Redactor(*(tuple(row.get(name, ())) for name in ("terms", "names", "own")))
    return Labelled(place, half, text + made[at:], tuple(spans), redactor)


def _made(found: re.Match[str], chance: random.Random) -> str:
    """A value of the right form that never opened anything, the same in every run."""
    if found["word"]:
        return found["word"]
    chance.seed(f"{found.string}{found.start()}")
    letters = ALPHABETS[found["alphabet"]]
    while True:
        made = "".join(chance.choice(letters) for _ in range(int(found["length"])))
        if len(made) < 16 or (re.search(r"\d", made) and re.search(r"[A-Za-z]", made)) or found["alphabet"] == "dig":
            return made


Find = Callable[[Labelled], list[Finding]]


def covered(text: str, span: Finding, findings: list[Finding]) -> bool:
    masked = {at for found in findings for at in range(found.start, found.end)}
    return all(at in masked for at in range(span.start, span.end) if not text[at].isspace())


def report(texts: list[Labelled], find: Find, kinds: tuple[str, ...], show: bool = False) -> None:
    for kind in kinds:
        cells = []
        for half in HALVES:
            found, missed, right, false = Counter(), [], 0, []
            for one in (one for one in texts if one.half == half):
                given = [f for f in find(one) if f.kind == kind]
                labelled = [s for s in one.spans if s.kind == kind]
                hits = [s for s in labelled if covered(one.text, s, given)]
                found.update(n=len(labelled), hit=len(hits))
                missed += [(one.place, one.text[s.start : s.end]) for s in labelled if s not in hits]
                for f in given:
                    touches = any(f.start < s.end and s.start < f.end for s in one.spans)
                    right += touches
                    false += [] if touches else [(one.place, one.text[f.start : f.end])]
            share = f"{found['hit'] / found['n']:6.1%}" if found["n"] else "     –"
            exact = f"{right / (right + len(false)):6.1%}" if right + len(false) else "     –"
            cells.append(f"n {found['n']:3}  recall {share}  precision {exact}  false alarms {len(false)}")
            if show:
                for place, said in missed:
                    print(f"    {half:6} missed {kind}: {place} {said!r}")
                for place, said in false:
                    print(f"    {half:6} false {kind}: {place} {said!r}")
        for half, cell in zip(HALVES, cells, strict=True):
            print(f"{kind:15} {half:6} {cell}")


def per_second(texts: list[Labelled], find: Find) -> float:
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for one in texts:
            find(one)
        best = min(best, time.perf_counter() - start)
    return len(texts) / best


def main(arguments: list[str]) -> None:
    texts = load()
    for half in HALVES:
        ours = [one for one in texts if one.half == half]
        empty = sum(not one.spans for one in ours)
        clean = sum(not one.spans and not one.redactor.findings(one.text) for one in ours)
        print(f"{half}: {len(ours)} texts, {empty} with nothing to mask, of which {clean} are left as they are")
    report(texts, lambda one: one.redactor.findings(one.text), KINDS, "--show" in arguments)
    rate = per_second(texts, lambda one: one.redactor.findings(one.text))
    print(f"\n{rate:,.0f} texts a second, {sum(len(one.text) for one in texts) / len(texts):.0f} characters on average")
    try:
        import phonenumbers
    except ImportError:
        print("the library phonenumbers is not installed: nothing to compare phone numbers with")
        return
    for name, regions in (("with a country code", (None,)), ("for US, GB, DE, FR", ("US", "GB", "DE", "FR"))):

        def library(one: Labelled, regions: tuple[str | None, ...] = regions) -> list[Finding]:
            return [
                Finding(found.start, found.end, "phone number")
                for region in regions
                for found in phonenumbers.PhoneNumberMatcher(one.text, region)
            ]

        print(f"\nthe library phonenumbers, {name}:")
        report(texts, library, ("phone number",), "--show" in arguments)
        print(f"{per_second(texts, library):,.0f} texts a second")
    rate = per_second(texts, lambda one: [f for f in Redactor().findings(one.text) if f.kind == "phone number"])
    print(f"all rules of this project without names and terms: {rate:,.0f} texts a second")


if __name__ == "__main__":
    main(sys.argv[1:])
