"""Who says what on a page of a change: each comment stands under a heading that is its author's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askcv_pipelines.values import Block

NAMED = re.compile(
    r"[\W_]*(?i:comments? (?:by|from)|from|review (?:by|from))?\s*@?"
    r"(?P<name>[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){1,3}|[\w.]+[-_\d][\w.-]*(?:\[bot\])?)"
    r"(?:[\s,·|-]*\(?(?i:author|reviewer|commented|wrote|said|reviewed|replied|approved|requested changes|on )\b.*)?"
    r"\W*\Z"
)
# Words of headings that organise a change: "Test Plan" has the form of a name.
ORGANISING = frozenset(
    "test tests testing plan review reviews reviewer reviewers comment comments change changes description summary "
    "discussion general inline file files commit commits patch set notes release how to what why open issues question "
    "questions related background motivation screenshots checklist status details overview context history activity "
    "conversation timeline pull merge request proposal design docs documentation code known next steps".split()
)
DETAILS = re.compile(
    r"[\W_]*(?:authors?|reviewers?|assignees?|owner|status|branch|labels?|milestone|created|updated|opened|merged|"
    r"change-id|commit|target|source branch)\b[*_]*\s*:[*_]*\s",
    re.IGNORECASE,
)


def with_commenters(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a change's page; what stands under a name is said by that person, until the next heading of that
    rank. Lines of details ("Author: … · Reviewers: …") are furniture."""
    names = {
        index: found["name"]
        for index, block in enumerate(blocks)
        if block.kind == "heading" and block.zone == "body" and (found := NAMED.match(text[block.start : block.end]))
        and not ORGANISING.intersection(found["name"].lower().replace("-", " ").split())
    }  # fmt: skip
    if len(names) < 2 and not any(text.count(name) > 1 for name in names.values()):
        names = {}
    return tuple(_said(text, blocks, names))


def _said(text: str, blocks: Sequence[Block], names: dict[int, str]) -> Iterator[Block]:
    speaker, rank = None, 0
    for index, block in enumerate(blocks):
        if index in names:
            speaker, rank = names[index], block.level
            yield replace(block, zone="furniture")
            continue
        if block.kind == "heading" and block.zone == "body" and block.level <= rank:
            speaker, rank = None, 0
        if block.zone == "body" and block.kind == "paragraph" and DETAILS.match(text, block.start, block.end):
            yield replace(block, zone="furniture")
        elif speaker is not None and block.speaker is None and block.zone in {"body", "code"}:
            yield replace(block, speaker=speaker)
        else:
            yield block
