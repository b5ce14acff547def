from __future__ import annotations

import pytest

from askcv_pipelines.sources import choose
from askcv_pipelines.sources.transcript import TranscriptSource, transcript_blocks
from tests.unit.sources.documents import kept

TURNS = [
    (None, "Weekly sync"),
    ("Maya Lindqvist", "I moved the reports."),
    ("Tomas Berg", "Good. What is left?"),
    ("Tomas Berg", "Only the alerts?"),
    ("Maya Lindqvist", "Yes, until Friday."),
]
FORMS = {
    "teams": """Weekly sync

Maya Lindqvist   0:03
I moved the reports.

Tomas Berg   0:09
Good. What is left?
Only the alerts?

Maya Lindqvist   1:02:10
Yes, until Friday.
""",
    "teams captions": """Weekly sync

00:00:03.000 --> 00:00:07.120
Maya Lindqvist
I moved the reports.

00:00:09.000 --> 00:00:11.000
Tomas Berg
Good. What is left?
Only the alerts?

01:02:10.000 --> 01:02:12.000
Maya Lindqvist
Yes, until Friday.
""",
    "zoom": """Weekly sync

[Maya Lindqvist] 10:02:03
I moved the reports.

[Tomas Berg] 10:02:09
Good. What is left?
Only the alerts?

[Maya Lindqvist] 11:04:10
Yes, until Friday.
""",
    "zoom chat": """Weekly sync

10:02:03 From Maya Lindqvist to Everyone: I moved the reports.
10:02:09 From Tomas Berg to Everyone: Good. What is left?
\tOnly the alerts?
11:04:10\t From  Maya Lindqvist : Yes, until Friday.
""",
    "meet": """Weekly sync

00:00:00

Maya Lindqvist: I moved the reports.
Tomas Berg: Good. What is left?
Tomas Berg: Only the alerts?

00:05:00

Maya Lindqvist: Yes, until Friday.
""",
    "times first": """Weekly sync

[00:03] Maya Lindqvist: I moved the reports.
[00:09] Tomas Berg: Good. What is left?
Only the alerts?
[01:02:10] Maya Lindqvist: Yes, until Friday.
""",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_line_of_a_turn_has_its_speaker(form: str) -> None:
    raw = FORMS[form].encode()
    assert kept(TranscriptSource().read(raw, "sync.txt"), "speaker") == TURNS
    assert choose("sync.txt", raw).name == "transcript"


@pytest.mark.parametrize(
    "text",
    [
        "Agenda\n\n10:00 Opening\n10:15 Reports\n10:45 Questions\n\nWe began late. Nobody minded.\n",
        "I did the audit in March.\nMy goal: finish the migration at 10:30.\n",
        "Maya: I moved the reports.\nTomas: Good.\nMaya: Thanks.\n",
        "",
    ],
    ids=["agenda", "prose", "names without times", "empty"],
)
def test_other_text_is_no_transcript(text: str) -> None:
    assert transcript_blocks(text) is None
    if text:
        assert choose("notes.txt", text.encode()).name == "text"
