"""The adversarial answers of ``tests/llm/adversarial.py``, judged here and by two peers' checks in the same run.

What each lets stand, by both ways in which a model's items come: of the false items as few as can be, of the true ones
all. The peers are asked what they offer for it: langextract whether its aligner finds an interval for the quote,
instructor whether its citation check keeps it. Neither looks at an item's fields; both are left out where they are not
installed. Behind them the sets that were written when the guards before them stood.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from askcv_pipelines.values import Document, Item
from tests.llm.adversarial import TRUE, Proposed, cases
from tests.llm.documents import SOURCES
from tests.llm.fresh import FRESH, FRESH_FALSE, FRESH_TRUE
from tests.llm.last import LAST, LAST_FALSE, LAST_TRUE
from tests.llm.later import LATER, LATER_FALSE, LATER_TRUE
from tests.llm.sixth import SIXTH, SIXTH_FALSE, SIXTH_TRUE
from tests.llm.third import THIRD, THIRD_FALSE, THIRD_TRUE
from tests.llm.ways import WAYS, stands

SETS = {
    "second": (LATER, LATER_FALSE, LATER_TRUE),
    "third": (THIRD, THIRD_FALSE, THIRD_TRUE),
    "fourth": (LAST, LAST_FALSE, LAST_TRUE),
    "fifth": (FRESH, FRESH_FALSE, FRESH_TRUE),
    "sixth": (SIXTH, SIXTH_FALSE, SIXTH_TRUE),
}
"""Sets that were written when the guards before them stood."""
Check = Callable[[Proposed, Document], bool]


def by(way: str) -> Check:
    return lambda item, document: stands(item, WAYS[way](document, item))


def langextract() -> Check | None:
    try:
        from langextract.core.data import Extraction
        from langextract.resolver import WordAligner
    except ImportError:
        return None

    def check(item: Proposed, document: Document) -> bool:
        asked = Extraction(extraction_class=item.domain, extraction_text=item.quote)
        (group,) = WordAligner().align_extractions([[asked]], document.text)
        return bool(group) and group[0].char_interval is not None

    return check


def instructor() -> Check | None:
    try:
        import regex  # noqa: F401 - its check needs it
        from instructor.dsl.citation import CitationMixin
    except ImportError:
        return None

    def check(item: Proposed, document: Document) -> bool:
        given = {"substring_quotes": [item.quote]}
        return bool(CitationMixin.model_validate(given, context={"context": document.text}).substring_quotes)

    return check


def main() -> None:
    checks: dict[str, Check | None] = {
        "extractor": by("extractor"), "agent": by("agent"), "langextract": langextract(), "instructor": instructor(),
    }  # fmt: skip
    running = {name: check for name, check in checks.items() if check is not None}
    for name in checks.keys() - running.keys():
        print(f"{name} is not installed: left out")
    documents = {name: source.read() for name, source in SOURCES.items()}
    let: dict[str, Counter[str]] = {name: Counter() for name in running}
    total: Counter[str] = Counter()
    for case in cases():
        for kind, items in ((case.kind, case.false), ("true items", case.true)):
            for item in (each for each in items if not (each.title or "").startswith("xxx")):
                total[kind] += 1
                for name, check in running.items():
                    let[name][kind] += check(item, documents[case.document])
    print(f"{'let stand':24}{'of':>5}" + "".join(f"{name:>13}" for name in running))
    for kind in sorted(total, key=lambda k: (k == "true items", k)):
        print(f"{kind:24}{total[kind]:5}" + "".join(f"{let[name][kind]:13}" for name in running))
    false = total.total() - total["true items"]
    print(f"{'all false items':24}{false:5}" + "".join(f"{c.total() - c['true items']:13}" for c in let.values()))
    share = "".join(f"{c['true items'] / total['true items']:13.1%}" for c in let.values())
    print(f"{'true items kept':24}{'':5}{share}")
    print(f"{sum(map(len, TRUE.values()))} different true items in {len(list(cases()))} answers")
    for name, (sources, wrong, right) in SETS.items():
        for way, judged in WAYS.items():
            let_stand = sum(stands(item, judged(sources[at].read(), item)) for at, item in wrong)
            kept = sum(isinstance(judged(sources[at].read(), item), Item) for at, item in right)
            print(f"{name} set, {way}: {let_stand} of {len(wrong)} false let stand, {kept} of {len(right)} true kept")


if __name__ == "__main__":
    main()
