"""Names of skills compared: aliases are the same skill, a longer name is another one ("React", "React Native").

Two names that the vocabulary keeps apart are two skills, however alike they are written (Java and JavaScript, C and
C++, AWS and AWS Lambda).
"""

from __future__ import annotations

import re
import unicodedata

from askcv_pipelines.dedup.compare import Comparison
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.skill_names import folded, known_skill
from askcv_pipelines.dedup.words import FUNCTION, alike, stem
from askcv_pipelines.extractors.rules.vocabulary import TECHNICAL, Skill
from askcv_pipelines.values import Difference

VENDORS = frozenset(
    "adobe amazon apache apple atlassian aws cisco gnu google hashicorp ibm jetbrains meta microsoft mozilla ms oracle "
    "redhat salesforce sap sas the".split()
)
"""Makers whose name people put before their product's, or leave out ("Apache Spark")."""
_VERSION = re.compile(r"\d+(?:\.\d+)*")
SAME = (1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.5, 1.0)
APART = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0)


def compare_skills(ours: Fact, theirs: Fact) -> Comparison:
    """As ``compare``, for two names of skills."""
    mine, yours = ours.label, theirs.label
    shared = (theirs.label,)
    if folded(mine) == folded(yours):
        return Comparison(SAME, (), shared)
    one, other = known_skill(mine), known_skill(yours)
    if one and other:
        if one is other or one.name == other.name:
            return Comparison(SAME, (), shared)
        if not _one_maker(mine, yours, one, other) and not _one_wording(mine, yours):
            return Comparison(APART, (Difference("name", True, mine, yours),), ())
        return Comparison(SAME, (), shared)
    if _one_maker(mine, yours, one, other) or _one_wording(mine, yours):
        return Comparison(SAME, (), shared)
    return _by_words(mine, yours)


def _one_maker(mine: str, yours: str, one: Skill | None, other: Skill | None) -> bool:
    """ "Google BigQuery" and "BigQuery": one name is the other with its maker before it. The product's own name must be
    one of a technology: "Google Analytics" is not every kind of analytics."""
    a, b = _plain(mine), _plain(yours)
    short, long = (a, b) if len(a) < len(b) else (b, a)
    skill = one if short == a else other
    if len(long) != len(short) + 1 or long[0] not in VENDORS or long[1:] != short:
        return False
    return skill is None or skill.category in TECHNICAL


def _one_wording(mine: str, yours: str) -> bool:
    """The same words in another order or number ("Feedback giving", "Giving feedback"), versions and all."""
    a, b = (sorted(stem(word) for word in _plain(name) if word not in FUNCTION) for name in (mine, yours))
    if a != b or not a:
        return _abbreviated(mine, yours) or _abbreviated(yours, mine)
    return len(a) > 1 or min(len(mine), len(yours)) > 4


def _abbreviated(short: str, name: str) -> bool:
    """ "TDD" for "Test-driven development", "qRT-PCR" for "Quantitative RT-PCR": each word whole or by its initial.
    Two initials alone could be many things."""
    letters, words = re.sub(r"[^a-z0-9]", "", short.casefold()), _plain(name)
    if len(letters) < 3 or len(words) < 2 or short.islower():
        return False
    spelled = "".join(f"(?:{re.escape(word)}|{re.escape(word[0])})" for word in words)
    return re.fullmatch(spelled, letters) is not None


def _plain(name: str) -> list[str]:
    return re.findall(r"[\w+#]+(?:\.\d+)*", unicodedata.normalize("NFKC", name).casefold())


def _by_words(mine: str, yours: str) -> Comparison:
    a, b = ({stem(word) for word in _plain(name)} - FUNCTION for name in (mine, yours))
    versions = set(_VERSION.findall(mine)), set(_VERSION.findall(yours))
    if all(versions) and not versions[0] & versions[1]:
        return Comparison(APART, (Difference("version", True, mine, yours),), ())
    met = sum(max((alike(word, other) for other in b), default=0.0) for word in a)
    share = met / max(len(a), len(b), 1)
    if share < 0.5:
        return Comparison(APART, (), ())
    shared = tuple(sorted(a & b))
    return Comparison(
        (share, share, 1.0, 0.5, 0.0, 0.0, 0.5, 0.0), (Difference("wording", False, mine, yours),), shared
    )
