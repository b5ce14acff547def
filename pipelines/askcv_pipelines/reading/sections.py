"""Sections: the path of headings above each block, and what a heading means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from askcv_pipelines.values import Block

Meaning = Literal[
    "done",
    "actions",
    "growth",
    "strengths",
    "talks",
    "education",
    "awards",
    "skills",
    "experience",
    "goals",
    "feedback",
    "certifications",
    "other",
]

ATTENDEES = re.compile(
    r"\b(?:attend(?:ees|ance|ing)|present|participants?|in attendance|who was (?:there|present)|regrets|apologies|"
    r"absent|guests|contributors)\b",
    re.IGNORECASE,
)
"""A heading or label above a list of people."""

# The first that fits wins, so the narrower ones stand first.
_WORDS: tuple[tuple[Meaning, str], ...] = (
    ("talks", r"(?<!to )talks?\b|publications?|articles?\b|presentations?|blog|writing|podcasts?|papers?\b"),
    ("certifications", r"certificat|licen[cs]|credentials|accreditation"),
    ("education", r"education|degrees?\b|studies\b|courses? taken"),
    ("awards", r"awards?\b|recognition|honou?rs?\b|promotions?\b"),
    ("skills", r"skills?\b|technolog|tech stack|tools? used|competenc"),
    (
        "growth",
        (
            r"growth|improve|development areas?|areas? (?:for|of) (?:improvement|development)|weaknesses|to work on|"
            r"challenges|opportunities for"
        ),
    ),
    (
        "done",
        (
            r"yesterday|since (?:the )?last|last (?:week|sprint|time)|"
            r"what (?:i|we|has|have|was|did)\b.{0,30}(?:did|done|do|achiev|accomplish|learn|complet|work)"
        ),
    ),
    (
        "actions",
        (
            r"today\b|tomorrow|this week|next (?:week|sprint|meeting)|in progress|planned|deliverables?|"
            r"what.?s (?:left|next)|remaining|still to|left to do|future work|actions?\b|action items?|next steps?|"
            r"assign(?:ed|ments?)?\b.{0,8}tasks?|"
            r"to.?dos?\b|follow.?ups?\b|tasks? for|homework|assigned|before next|"
            r"for next (?:time|week|meeting)|plans? for"
        ),
    ),
    ("goals", r"goals?\b|objectives?\b|next (?:year|half|quarter)|looking ahead|left to do|future"),
    ("strengths", r"strengths?\b|went well|what .{0,30}does well|kudos|praise|positive"),
    (
        "feedback",
        (
            r"feedback|(?:others?|people|colleagues?|peers?|students?|clients?) (?:said|say)|shout.?outs?|kind words|"
            r"quotes\b|testimonials?|recommendations?|comments\b|peer|references\b|evaluations?\b"
        ),
    ),
    ("experience", r"background|career|work history|experience\b|employment|roles?\b|positions?\b"),
    (
        "done",
        (
            r"accomplish|achiev|done\b|completed|delivered|impact|results?\b|highlights?\b|progress|wins?\b|"
            r"projects?\b|"
            r"contributions?|what i (?:did|built)|service\b|activities|leadership|community|outreach|teaching|"
            r"engagement|professional development|last week|since last|summary of work|learned|lessons"
        ),
    ),
)
MEANINGS: tuple[tuple[Meaning, re.Pattern[str]], ...] = tuple(
    (meaning, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for meaning, words in _WORDS
)


def with_sections(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, each with the headings it stands under."""
    path: list[tuple[int, str]] = []
    done: list[Block] = []
    for block in blocks:
        if block.kind == "heading" and block.zone in {"body", "template"}:  # answers stand under a form's questions
            while path and path[-1][0] >= block.level:
                path.pop()
            done.append(replace(block, section=tuple(title for _, title in path)))
            path.append((block.level, " ".join(text[block.start : block.end].split())))
        else:
            done.append(replace(block, section=tuple(title for _, title in path)))
    return tuple(done)


def meaning(section: Sequence[str]) -> Meaning:
    """What the nearest heading that means something says of the blocks below it."""
    for heading in reversed(section):
        for name, pattern in MEANINGS:
            if pattern.search(heading):
                return name
    return "other"
