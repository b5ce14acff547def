"""What kind of document it is, by its format, its name, its headings, its structure and its words, in that order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from askcv_agents.wire import SourceKind
from askcv_pipelines.reading.dates import explicit
from askcv_pipelines.values import Block

FORMATS: dict[str, SourceKind] = {
    "review": "code_review",
    "webvtt": "meeting_notes",
    "transcript": "meeting_notes",
    "csv": "performance_review",
}
BY_FORMAT, BY_NAME, BY_TITLE, BY_HEADING, BY_STRUCTURE, MOST_WORDS = 12, 6, 6, 3, 6, 5
"""What each sign weighs; words of the text count one each, up to ``MOST_WORDS`` a kind."""

NAMES: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
    (
        "meeting_notes",
        re.compile(
            r"\b(?:meetings?|minutes|1[ :-]?(?:on[ -]?)?1s?|one on one|stand ?ups?|sync|weekly|retro(?:spective)?|"
            r"agenda|supervision|sessions?|plenary|telecon|board|committee|council|kick ?off|log)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "performance_review",
        re.compile(
            r"\b(?:performance|self[ -]?(?:review|assessment|evaluation|rating)|brag|appraisal|evaluations?|feedback|"
            r"portfolio|promotion|(?:mid|end|year)[ -](?:year|term|end)|annual (?:review|report)|final report|"
            r"recommendation|letters?|reference|accomplishments|achievements|wins|internship|year in review)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "code_review",
        re.compile(
            r"\b(?:pull request|merge request|code review|patch(?:es|set)?|change ?(?:set|list)?s? #?\d+|diff|"
            r"pr[ #-]?\d+|re: \[patch.*|peer review of)\b",
            re.IGNORECASE,
        ),
    ),
)
MAIL = re.compile(r"^(?:From|Subject|Message-ID|In-Reply-To): \S|^On .{10,120} wrote:$", re.IGNORECASE | re.MULTILINE)
WORDS: tuple[tuple[SourceKind, re.Pattern[str]], ...] = (
    (
        "meeting_notes",
        re.compile(
            r"\b(?:attendees|attending|present:|apologies|minutes|agenda|action items?|action:|next meeting|chair|"
            r"we (?:discussed|agreed)|discussed|adjourned|to.?dos?\b|next steps)",
            re.IGNORECASE,
        ),
    ),
    (
        "performance_review",
        re.compile(
            r"\b(?:review period|strengths|accomplish\w+|areas? (?:for|of) (?:improvement|growth)|rating|reviewer:|"
            r"appraiser|goals for|objectives for|to whom it may concern|i (?:learned|improved|led|built)|recommend)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "code_review",
        re.compile(
            r"\b(?:lgtm|nit:|reviewed-by|signed-off-by|diff --git|suggestion|this (?:pr|patch|change|commit)|rebase|"
            r"merge this|v[2-9]\b|rename|unit test)",
            re.IGNORECASE,
        ),
    ),
)


def guessed_kind(source: str, name: str, text: str, blocks: Sequence[Block]) -> SourceKind:
    """The kind that most speaks for; a performance review where nothing speaks for any."""
    scores: Counter[SourceKind] = Counter()
    if source in FORMATS:
        scores[FORMATS[source]] += BY_FORMAT
    stem = re.sub(r"[_\W]+", " ", PurePath(name).stem)
    headings = [text[b.start : b.end] for b in blocks if b.kind == "heading" and b.zone == "body"]
    for kind, pattern in NAMES:
        scores[kind] += BY_NAME * bool(pattern.search(stem))
        scores[kind] += BY_TITLE * any(pattern.search(heading) for heading in headings[:1])
        scores[kind] += BY_HEADING * min(3, sum(bool(pattern.search(heading)) for heading in headings[1:]))
    for kind, pattern in WORDS:
        scores[kind] += min(MOST_WORDS, len(pattern.findall(text)))
    if any(block.zone == "diff" for block in blocks):
        scores["code_review"] += BY_STRUCTURE
    if sum(explicit(heading) is not None for heading in headings) > 1:
        scores["meeting_notes"] += BY_STRUCTURE
    if len(MAIL.findall(text)) > 1:
        scores["code_review"] += BY_STRUCTURE
    elif source not in FORMATS and source != "mail" and _turns(blocks) > 1:
        scores["meeting_notes"] += BY_STRUCTURE
    order: tuple[SourceKind, ...] = ("performance_review", "meeting_notes", "code_review")
    return max(order, key=lambda kind: scores[kind])


def _turns(blocks: Sequence[Block]) -> int:
    """How many people speak again and again."""
    turns = Counter(block.speaker for block in blocks if block.speaker and block.zone == "body")
    return sum(count > 2 for count in turns.values())
