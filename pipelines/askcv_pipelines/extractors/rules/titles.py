"""Titles that read well on a line of a CV: no markup, no "I", cut at a clause, figures kept."""

from __future__ import annotations

import re

from askcv_pipelines.extractors.rules.units import plain_text

LONGEST = 120
"""A title is cut at a clause boundary before this many characters where there is one; at 200 it ends."""
HARD_LIMIT = 200
LEADING = re.compile(
    r"(?:[\W_]*\[[^\]]{1,24}\]\s+|[^\w(\"“'$€£~#@]+|(?:action(?: item)?s?|ai|todo|to do|task|next steps?|done|"
    r"nit(?:pick)?|yesterday|today|tomorrow|this week|last week|next week|update|status)\s*[:\-–—]\s*)+",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"(?:(?:okay|ok|yes|yeah|well|um|uh|right|sure|and|so|also|but|then|additionally|furthermore|moreover|finally|"
    r"lastly|overall|currently|recently|personally|basically|in addition|as a result|this (?:week|month|year|"
    r"quarter)|last (?:week|month|year|quarter))\s*,?\s+)+",
    re.IGNORECASE,
)
CHANGE = re.compile(
    r"(?:this|the) (?:pr|patch|pull request|change|commit|merge request|series)\s+(?=[a-z]+s\b)",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"(?:he|she|they)\s+(?:has |have |had |also |successfully )*(?=\w+ed\b|led\b|built\b|wrote\b|made\b|ran\b|"
    r"took\b|gave\b|taught\b|won\b|began\b|brought\b|kept\b|grew\b)",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"(?:i|we)(?:['’](?:ve|m|ll|d)|\s+(?:have(?:\s+(?:also|been))?|had|also|was able to|were able to|managed to|"
    r"am|will|'ll|want to|plan to|would like to|need to|hope to|intend to|should|can|really|just|successfully|"
    r"then))*\s+(?=[a-z])",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"(?:[;:]|\s[–—-]|,\s(?:which|who|while|where|so|but|and|as|because|including|with)\b|\.\s|\s\(|\s(?:because|"
    r"which|so that|in order to|while|although|whereas)\b)",
)
TRAILING = " \t\n,;:.–—-(["


def title(text: str, drop: re.Pattern[str] | None = None) -> str:
    """A title for a passage. ``drop`` is taken off its beginning (an owner's name)."""
    line = plain_text(text)
    line = _without(LEADING, line)
    if drop is not None:
        line = _without(drop, line)
    line = _without(FILLER, line)
    for pattern in (SUBJECT, PRONOUN, CHANGE):
        line = _without(pattern, line)
    line = _cut(line).rstrip(TRAILING)
    if not line:
        line = plain_text(text)[:HARD_LIMIT].strip()
    return line[:1].upper() + line[1:] if not re.match(r"[a-z]+[A-Z_.(]", line) else line


def _without(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.match(line)
    return line[found.end() :] if found and found.end() < len(line) else line


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    cuts = [found.start() for found in CLAUSE.finditer(line, 30) if found.start() <= LONGEST]
    if cuts:
        return line[: cuts[-1]]
    cuts = [found.start() for found in CLAUSE.finditer(line, LONGEST) if found.start() <= HARD_LIMIT]
    if cuts:
        return line[: cuts[0]]
    return line[:HARD_LIMIT] if len(line) <= HARD_LIMIT else line[: line.rfind(" ", 0, HARD_LIMIT - 1)] + "…"
