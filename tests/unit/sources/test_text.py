from __future__ import annotations

from askcv_pipelines.sources.text import TextSource
from tests.unit.sources.documents import kept

NOTES = """WEEKLY NOTES

Done:
  - [x] moved the reports
  * cut the cost
    by half

Next steps
----------
Maya: I will write
the guide.
Tomas: Thanks!

> who tests it?

diff --git a/a.py b/a.py
@@ -1 +1 @@
-a
+b

That was all.
----
See you.
"""


def test_headings_bullets_speakers_quotes_and_diffs_are_told_apart() -> None:
    assert kept(TextSource().read(NOTES.encode(), "notes.txt"), "kind", "zone", "speaker", "checked") == [
        ("heading", "body", None, None, "WEEKLY NOTES"),
        ("heading", "body", None, None, "Done:"),
        ("item", "body", None, True, "moved the reports"),
        ("item", "body", None, None, "cut the cost by half"),
        ("heading", "body", None, None, "Next steps"),
        ("paragraph", "body", "Maya", None, "I will write the guide."),
        ("paragraph", "body", "Tomas", None, "Thanks!"),
        ("paragraph", "quote", None, None, "> who tests it?"),
        ("code", "diff", None, None, "diff --git a/a.py b/a.py @@ -1 +1 @@ -a +b"),
        ("heading", "body", None, None, "That was all."),
        ("paragraph", "body", None, None, "See you."),
    ]


def test_a_rule_ends_a_paragraph() -> None:
    raw = b"The audit went well\nand ended early.\n------\nMaya leads the next.\n"
    assert [row[-1] for row in kept(TextSource().read(raw, "notes.txt"))] == [
        "The audit went well and ended early.", "Maya leads the next.",
    ]  # fmt: skip
