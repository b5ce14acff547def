"""Skills: every mention of a skill in a document is weighed together, one item a skill."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.open_skills import open_mentions
from askcv_pipelines.extractors.rules.vocabulary import Mention, Skill, mentions
from askcv_pipelines.values import Document

USED = re.compile(
    r"\b(?:using|with|use[ds]?|via|through|in|on|wrote|written in|built|implement\w*|creat\w*|develop\w*|"
    r"configur\w*|deploy\w*|set up|setup|learn(?:ed|ing|t)?|migrat\w*|knowledge of|experience (?:with|in)|"
    r"proficien\w+ (?:in|with)|work(?:ed|ing) with|skills? in|skilled in|support for|certified|"
    r"certification)\W+(?:\w+\W+){0,3}\Z",
    re.IGNORECASE,
)
WISHED = re.compile(
    r"\b(?:want to|plan to|would like to|hope to|should|could|could have|need to|going to|interested in|next|"
    r"instead of|rather than|without|don't know|not familiar)\b",
    re.IGNORECASE,
)
PRAISED = re.compile(
    r"\b(?:strong|great|excellent|good|strengths?|skills?|skilled|expert\w*|proficient|improved|exceptional|"
    r"outstanding|ability|abilities|demonstrat\w+)\b",
    re.IGNORECASE,
)
URL = re.compile(r"https?://\S+|\]\([^)\s]*\)|\b[\w-]+/[\w.-]+/[\w./-]+(?<!\.)(?=/)")
BEFORE = 60


@dataclass
class Found:
    """A skill in a document: the features of all its mentions, and the unit that proves it best."""

    skill: Skill
    features: set[str] = field(default_factory=set)
    count: int = 0
    best: int = -1
    strength: float = -1.0
    at: tuple[int, int] = (0, 0)

    @property
    def category(self) -> str:
        return "other" if self.skill.category.startswith("open") else self.skill.category


def found_skills(document: Document, found: Sequence[Facts], scores: Sequence[Mapping[str, float]]) -> list[Found]:
    """Every skill that is mentioned, in the order of first mention. ``scores`` are the units' probabilities."""
    skills: dict[str, Found] = {}
    for at, fact in enumerate(found):
        text = document.text[fact.unit.start : fact.unit.end]
        addresses = [found.span() for found in URL.finditer(text)]
        named = [m for m in mentions(text) if not any(a <= m.start < b for a, b in addresses)]
        listed = "skills" in {fact.meaning, fact.lead_meaning} and fact.block.kind in {"item", "cell", "paragraph"}
        named += open_mentions(text, listed, [(mention.start, mention.end) for mention in named])
        for mention in named:
            entry = skills.setdefault(mention.skill.name, Found(mention.skill))
            entry.count += 1
            row = _mention(document, fact, text, mention, len(named))
            row += [
                f"p-{label[:4]}={min(4, int(score * 5))}"
                for label, score in scores[at].items()
                if score > 0.2 or label[0] in "kct"
            ]
            strength = max(
                (scores[at].get(label, 0.0) for label in ("knowledge_entries", "testimonials", "projects")), default=0.0
            )
            strength += ("use" in row) * 0.3 + (fact.meaning == "skills") * 0.5 - (fact.role == "other") * 0.2
            entry.features.update(row)
            if strength > entry.strength:
                entry.best, entry.strength, entry.at = at, strength, (mention.start, mention.end)
    for entry in skills.values():
        entry.features.update(_whole(document, entry))
    return list(skills.values())


def _mention(document: Document, fact: Facts, text: str, mention: Mention, together: int) -> list[str]:
    before = text[max(0, mention.start - BEFORE) : mention.start]
    used = bool(USED.search(before))
    means = fact.lead_meaning if fact.lead_meaning != "other" else fact.meaning
    certain = "everyday" if mention.everyday else "named"
    row = [
        f"certain={certain}", f"exact={mention.exact}|{certain}", f"means={means}",
        f"role={fact.role}", f"who={fact.who}",
        f"tense={fact.tense}", f"together={min(3, together)}", f"certain|together={certain}|{min(3, together)}",
        f"alone={len(fact.unit.words) <= 4}", f"alone|means={len(fact.unit.words) <= 4}|{means}",
        f"said={bool(fact.said_by)}",
        f"block={fact.block.kind}", f"who|tense={fact.who}|{fact.tense}", f"named={fact.named}",
        f"category|said={mention.skill.category}|{bool(fact.said_by)}",
    ]  # fmt: skip
    if used:
        row += [
            "use",
            f"use|certain={certain}",
            f"use|who={fact.who}",
            f"use|tense={fact.tense}",
            f"use|{document.kind}",
        ]
    if WISHED.search(text):
        row.append("wished")
    if PRAISED.search(text):
        row += ["praised", f"praised|{mention.skill.category}"]
    if mention.ending:
        row += ["ending", f"ending|{fact.role}"]
    if mention.start == 0 or (mention.start < 4 and not text[0].isalnum()):
        row.append(f"begins|{certain}")
    return row


def _whole(document: Document, entry: Found) -> list[str]:
    skill = entry.skill
    own = "own" if skill.own else "public"
    count = min(4, entry.count)
    words = len(skill.name.split())
    row = [
        "bias", f"origin={own}", f"category={skill.category}", f"kind={document.kind}", f"count={count}",
        f"kind|category={document.kind}|{skill.category}", f"origin|category={own}|{skill.category}",
        f"voice|category={document.voice}|{skill.category}", f"origin|words={own}|{min(3, words)}",
        f"kind|count={document.kind}|{count}", f"capital={skill.name[:1].isupper()}|{own}",
        f"origin|kind={own}|{document.kind}",
    ]  # fmt: skip
    if "certain=named" in entry.features:
        row += [f"named|{own}|{skill.category}", f"named|{document.kind}|{own}"]
    if skill.category in {"human", "method", "domain"}:
        row.append(f"soft|{'praised' in entry.features}|{own}")
    return row
