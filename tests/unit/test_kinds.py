"""The kind of a document is recognised where nobody gives it."""

from __future__ import annotations

import json

import pytest

from askcv_pipelines.reading import read_bytes
from askcv_pipelines.values import Subject
from tests.conftest import EXAMPLES

KINDS = {
    "self-review-2026-h1.md": "performance_review",
    "one-on-one-2026-06-18.txt": "meeting_notes",
    "review-of-change-4812.html": "code_review",
}
TEXTS = [
    ("# Notes\n\n## 3 May 2026\n\n- Send the plan\n\n## 10 May 2026\n\n- Done\n", "notes.md", "meeting_notes"),
    ("Ada: Hello.\nBo: Hi.\nAda: Shall we?\nBo: Yes.\nAda: Good.\nBo: Bye.\n", "call.txt", "meeting_notes"),
    ("Something was said.\n", "2026-05 1on1 Ada.md", "meeting_notes"),
    ("Something was done.\n", "Ada brag document.md", "performance_review"),
    ("I did this and that.\n", "thing.md", "performance_review"),
    ("From: ada@example.org\nSubject: Re: cache\n\nPlease rename it.\n\nThanks\n", "x.txt", "code_review"),
    ("Looks fine.\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "x.txt", "code_review"),
    ("WEBVTT\n\n00:01.000 --> 00:02.000\nAda: I built it and led it.\n", "x.vtt", "meeting_notes"),
    ("Question,Answer\nWhat went well?,I led the audit of the meeting minutes.\n", "x.csv", "performance_review"),
    (json.dumps([{"user": {"login": "ada"}, "body": "We discussed the agenda."}]), "x.json", "code_review"),
]


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_examples_are_recognised(name: str, kind: str) -> None:
    raw = (EXAMPLES / name).read_bytes()
    assert read_bytes(raw, name, Subject("Maya Lindqvist")).kind == kind


@pytest.mark.parametrize(("text", "name", "kind"), TEXTS, ids=[text[1] for text in TEXTS])
def test_format_name_structure_and_words_tell_the_kind(text: str, name: str, kind: str) -> None:
    assert read_bytes(text.encode(), name, Subject("Ada Byron", ("Ada",))).kind == kind


def test_a_kind_that_is_given_is_kept() -> None:
    assert read_bytes(b"# Minutes\n\nx\n", "minutes.md", Subject("Ada"), kind="code_review").kind == "code_review"
