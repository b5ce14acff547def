"""Skills that no vocabulary lists: what a sentence says somebody is skilled in, lists under "Skills", tools by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from askcv_pipelines.extractors.rules.vocabulary import Mention, Skill

SKILLED = re.compile(
    r"\b(?:skill(?:s|ed)? in|proficien(?:t|cy) (?:in|with|at)|expert(?:ise)? (?:in|on|at)|knowledgeable (?:in|"
    r"about)|knowledge (?:of|in)|experience[d]? (?:in|with)|familiar(?:ity)? with|fluent in|competen(?:t|cy) in|"
    r"training in|background in|trained in|strengths? (?:in|include[sd]?|are|is)|skills (?:include[sd]?|such as|"
    r"like|are))\s+((?:[\w/+#.'’-]+(?:,? (?:and |& )?|, |(?=\W|\Z))){1,14})",
    re.IGNORECASE,
)
TOOL = re.compile(
    r"\b(?:using|used|use|via|with|in|through|learn(?:ed|ing)?|wrote|adopt(?:ed|ing)?|tools? (?:such as|"
    r"like))\s+(?:the |a |an |our )?[`*_]{0,3}([A-Z][A-Za-z0-9]*(?:[A-Z0-9.+#]|"
    r"[a-z]{2,})[A-Za-z0-9.+#]*)[`*_]{0,3}(?=[\s,.;:)!]|\Z)",
)
ALSO = re.compile(r"[`*_]{0,3}(?:, (?:and )?| and )[`*_]{0,3}([A-Z][A-Za-z0-9.+#]+)(?=[`*_]{0,3}(?:[\s,.;:)!]|\Z))")
PARTS = re.compile(r"\s*(?:,|;|\band\b|&|/|\bor\b|\|)\s*")
STOP = re.compile(
    r"\b(?:that|which|who|to|for|so|as|when|while|because|but|on|at|from|by|is|are|was|were|has|have|had|will|"
    r"would|this|these|those|it|they|he|she|i|we|you|within|during|through|across|including|with|into|is|the|my|"
    r"our|their|his|her|its|your)\b.*\Z",
    re.IGNORECASE,
)
EMPTY = frozenset(
    "a an new many various several all both other others more most general different some any each such etc".split()
)
LISTED_WORDS = 4
MONTHS = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|"
    r"wednesday|thursday|friday)",
    re.IGNORECASE,
)


def open_mentions(text: str, listed: bool, taken: list[tuple[int, int]]) -> Iterator[Mention]:
    """Names of skills outside the vocabulary. ``listed`` text stands in a list under a heading on skills."""
    spans: list[tuple[int, int, str]] = []
    if listed and len(text) <= 120:
        body = text.split(":", 1)
        start = len(body[0]) + 1 if len(body) == 2 else 0
        spans.extend((a, b, "listed") for a, b in _pieces(text, start, len(text)))
    for found in SKILLED.finditer(text):
        spans.extend((a, b, "skilled") for a, b in _pieces(text, found.start(1), found.end(1)))
    for found in TOOL.finditer(text):
        spans.append((found.start(1), found.end(1), "tool"))
        at = found.end()
        while more := ALSO.match(text, at):
            spans.append((more.start(1), more.end(1), "tool"))
            at = more.end()
    spans = [span for span in spans if not MONTHS.fullmatch(text[span[0] : span[1]])]
    for start, end, how in spans:
        if any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        name = text[start:end].strip("`*_ ")
        yield Mention(Skill(name[:1].upper() + name[1:], f"open-{how}", False), start, end, False, name[:1].isupper())


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for stop in [*(found.span() for found in PARTS.finditer(text, start, end)), (end, end)]:
        piece = text[at : stop[0]]
        kept = STOP.sub("", piece).strip(" .*_`()[]-–•\t")
        words = kept.split()
        if (
            kept
            and len(kept) > 2
            and len(words) <= LISTED_WORDS
            and words[0].lower() not in EMPTY
            and not kept[0].isdigit()
        ):
            first = text.index(kept, at)
            yield first, first + len(kept)
        if len(kept) < len(piece.strip(" .*_`()[]-–•\t")):
            return
        at = stop[1]
