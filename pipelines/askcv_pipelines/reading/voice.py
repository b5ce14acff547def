"""Who speaks in a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askcv_agents.wire import SourceKind
from askcv_pipelines.names import name_pattern
from askcv_pipelines.values import Block, Subject, Voice

FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|I’m|I’ve|I'd|I’d|my|My|me|myself)\b")
THIRD_PERSON = re.compile(r"\b(?:he|she|He|She|his|her|His|Her|him)\b")


def voice_of(text: str, blocks: Sequence[Block], kind: SourceKind, subject: Subject | None = None) -> Voice:
    """First person, a letter about the subject, minutes of a group, or a thread of comments.

    A document that keeps naming its subject is not written by them; notes whose "I" is said to be theirs are.
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
        if subject is not None and "I" in subject.aliases:
            return "first_person"
        return "first_person" if first / words > 0.02 and first > 3 * third else "minutes"
    return "letter" if third > first else "first_person"
