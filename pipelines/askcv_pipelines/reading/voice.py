"""Who speaks in a document, and what kind of document it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askcv_agents.wire import SourceKind
from askcv_pipelines.reading.subject import name_pattern
from askcv_pipelines.values import Block, Subject, Voice

FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|I’m|I’ve|I'd|I’d|my|My|me|myself)\b")
THIRD_PERSON = re.compile(r"\b(?:he|she|He|She|his|her|His|Her|him)\b")
MEETING = re.compile(
    r"\b(?:attendees|attending|minutes|agenda|1:1|one.on.one|standup|action items?|meeting|present:)\b",
    re.I,
)
REVIEW = re.compile(
    r"\b(?:performance|review period|self.review|self.assessment|evaluation|strengths|accomplishments?|"
    r"areas for improvement|promotion|brag|rating|recommendation)\b",
    re.I,
)
CODE = re.compile(
    r"\b(?:pull request|merge request|LGTM|nit:|commit|patch|diff|reviewer|refactor|unit tests?|function|"
    r"variable)\b|^@@ -|^diff --git",
    re.I | re.M,
)


def guessed_kind(text: str, blocks: Sequence[Block]) -> SourceKind:
    """The kind whose words the document uses most; headings count five times."""
    headings = "\n".join(text[b.start : b.end] for b in blocks if b.kind == "heading")
    patterns: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
        ("performance_review", REVIEW), ("meeting_notes", MEETING), ("code_review", CODE)
    )  # fmt: skip
    scores = {kind: len(p.findall(text)) + 4 * len(p.findall(headings)) for kind, p in patterns}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] else "performance_review"


def voice_of(text: str, blocks: Sequence[Block], kind: SourceKind, subject: Subject | None = None) -> Voice:
    """First person, a letter about the subject, minutes of a group, or a thread of comments.

    A document that keeps naming its subject is not written by them, unless "I" is one of their names.
    """
    if kind == "code_review":
        return "thread"
    said = " ".join(text[b.start : b.end] for b in blocks if b.zone == "body")
    words = max(1, len(said.split()))
    first, third = len(FIRST_PERSON.findall(said)), len(THIRD_PERSON.findall(said))
    if subject is not None and "I" not in subject.aliases and (names := name_pattern(subject)):
        named = len(names.findall(said))
        if kind == "meeting_notes" and named > 1:
            return "minutes"
        if kind == "performance_review" and named > 2 and 2 * third + named > first:
            return "letter"
    if kind == "meeting_notes" and len({b.speaker for b in blocks if b.speaker and b.zone == "body"}) > 1:
        return "minutes"
    if kind == "meeting_notes":
        return "first_person" if first / words > 0.02 and first > 3 * third else "minutes"
    return "letter" if third > first else "first_person"
