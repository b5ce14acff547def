"""Whose "I" it is, where notes are not written by the person they are about: a manager's, a coach's, a speaker's."""

from __future__ import annotations

import re

from askcv_pipelines.extractors.rules.people import People
from askcv_pipelines.values import Document

PROMISE = re.compile(
    r"\bI(?:['’]ll| will| shall|(?:['’]m| am) (?:going|planning) to| plan to| intend to| need to| have to)"
    r"(?! (?:also )?(?:need|want|expect|ask|leave) (?!to\b))\b"
)
""" "I will send it"; "I will need you to" is none."""
WRITTEN_BY = re.compile(
    r"^[\W_]*(?:(?:notes?|minutes|compiled|written|recorded|prepared)(?: (?:taken|kept|written|recorded|"
    r"prepared))? by|"
    r"(?:author|scribe|note.?taker)s?[*_]*:)[\s*_:]*(@?[^\W\d_][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3})",
    re.IGNORECASE | re.MULTILINE,
)
OF_HIMSELF = re.compile(
    r"\bI(?:['’]ve| have)(?: already| just| now| also)? [a-z]+(?:ed|ne|lt|nt|de)\b|"
    r"\A\W*(?:(?:thanks|thank you|ok|okay|great)\W+)*(?:applied|queued|merged|picked|pushed|fixed up|(?:will|"
    r"going to) (?:merge|apply|"
    r"queue|push|wait|take|pick|hold|leave|do|look|try|test))\b|"
    r"\bI(?:['’]d| would)? prefer (?:to )?(?:wait|merg|apply|keep|leave|hold|stay)\w*\b|"
    r"\bI(?:['’]d| would) be (?:ok|okay|fine|happy|glad)\b|"
    r"\bI(?:['’]m| am) (?:not )?(?:very |really |so |that |too )?(?:familiar|happy|fine|ok|okay|afraid|"
    r"inclined|going|using|"
    r"working|testing|planning)\b",
    re.IGNORECASE,
)
"""A reviewer who tells what he did, does or will do himself."""
ASKED = re.compile(
    r"\b(?:you|your|please|should|(?:can|could) we|let['’]?s|instead|why not|consider)\b",
    re.IGNORECASE,
)
OPENING = 600
"""Characters of a document in which its author is named."""


def is_promise(text: str) -> bool:
    """Whether a passage promises something in the first person, in its own words."""
    said = PROMISE.search(text)
    return said is not None and not set('"“') & set(text[: said.start()])


def tells_of_himself(text: str) -> bool:
    """Whether a reviewer's sentence tells of the reviewer alone, and asks nothing of the author."""
    return (is_promise(text) or bool(OF_HIMSELF.search(text))) and not ASKED.search(text) and "?" not in text


def written_by_other(document: Document, people: People) -> bool:
    """Whether "I" is surely not the subject: the document names its author, or tells what "I" and the subject did.

    A review that is no letter holds the words of several people, so there what one of them says tells nothing.
    """
    if people.subject is None or "I" in document.subject.aliases:
        return False
    if document.kind != "meeting_notes":
        return document.voice == "letter"
    if stated := WRITTEN_BY.search(document.text[:OPENING]):
        return not people.is_subject(stated[1])
    name = people.subject.pattern
    beside = re.compile(
        rf"(?-i:\bI) (?!am\b|was\b)(?:[a-z']+ ){{1,4}}(?:{name})|(?:{name})(?:['’]s)? (?:[a-z']+ ){{1,5}}(?:me|my)\b",
        re.IGNORECASE,
    )
    return any(
        block.zone == "body" and block.speaker is None and beside.search(" ".join(document.slice(block).split()))
        for block in document.blocks
    )
