"""Names of third parties: a full name in any letter case; a given or family name alone where it stands capitalised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from askcv_pipelines.redact.words import AFTER, BEFORE, Folding, Span, folded, one_of, phrase

# Given and family names that are also words or months: alone they count inside a sentence, not where one begins.
_WORDS = frozenset(
    """
    will mark may april june august grace hope faith joy rose art bill rich young park page stone price bush
    case cook  long best day field fields summer summers winter winters rain snow hill wood woods green brown
    black white gray  king prince bishop love good small short strong wise sharp frank earnest max guy drew pat
    sue rob jack don ray gene  dean miles chase hunter mason grant chance dawn eve iris ivy lily daisy olive
    pearl ruby crystal amber sky star  major sergeant law laws house church bridge ford lake rivers banks cash
    penny sterling english french holland  norman christian norm victor constant power powers bright early moody
    noble swift fast little street lane gates  glass marsh pool pond reed read rush speed stern sweet temple
    trust walker turner carter cooper porter baker  do so he an in no to see you my le go be by it we us me she
    ye or as at on if am dev
    """.split()
)
_MONTHS = frozenset("april may june august summer winter autumn dawn".split())
_PARTICLES = frozenset("de da do dos das del della di du la le les van von der den ter ten bin ibn al el zu".split())
_NO_NAMES = frozenset(
    """
    attendees attending attendance present participants participant regrets absent apologies guests guest
    contributors all everyone everybody nobody team teams group staff me you we i he she they them us myself
    unknown anonymous n/a tbd none both note notes action actions agenda topic date time location speaker
    speakers presenter host chair scribe secretary moderator facilitator interviewer interviewee manager
    director engineer engineering lead leader head senior junior principal product design designer hr people vp
    cto ceo cfo coo coach mentor mentee intern recruiter reviewer reviewers author authors assistant member
    members operator agent customer client colleague peer peers report reports support marketing sales finance
    legal research operations data platform security doc dev test tester root admin user bot owner student
    candidate teacher monday tuesday wednesday thursday friday saturday sunday of the and for to a
    """.split()
)
_SENTENCE_BEGINS = r"(?<!\A)(?<![.!?:;\n][ \n])(?<![\n“\"(•])(?<![-*•] )"
_AFTER_IN = "".join(rf"(?<!\b{word} )" for word in "in In of by until since last next during early late mid".split())
_INITIAL = r"(?:[ ][A-Z]\.(?=\W|\Z))?"


def find_names(text: Folding, names: tuple[str, ...], own: tuple[str, ...], *, any_case: bool) -> Iterator[Span]:
    """Where names of third parties stand; never a name that is ``own``. With ``any_case`` small letters will do."""
    if names:
        for pattern in _patterns(names, own, any_case):
            yield from text.spans(pattern)


@lru_cache(maxsize=256)
def _patterns(names: tuple[str, ...], own: tuple[str, ...], any_case: bool) -> tuple[re.Pattern[str], ...]:
    mine = {folded(name).lstrip("@").casefold() for name in own}
    mine |= {part for name in mine for part in name.split()}
    full: set[str] = set()
    parts: set[str] = set()
    for name in map(_in_order, names):
        words = name.split()
        if name.casefold() in mine or all(word.casefold() in _NO_NAMES or word.isdecimal() for word in words):
            continue
        if len(words) > 1:
            full.add(_full(words))
        elif words[0].islower() or not words[0].isalpha():
            full.add(_handle(name))
        parts.update(word for word in words if _may_stand_alone(word, mine))
    found = []
    if full:
        found.append(re.compile(one_of(full), re.IGNORECASE))
    if parts:
        found.append(re.compile(one_of(map(_alone, parts)), re.IGNORECASE if any_case else 0))
    return tuple(found)


def _in_order(name: str) -> str:
    """``Eek, Jonas`` → ``Jonas Eek``; what stands in brackets is no name, nor is an office behind a comma."""
    name = re.sub(r"\([^)]{0,100}\)|<[^>]{0,100}>|\[[^\]]{0,100}\]", " ", name[:300])
    name = folded(name).strip(" *_`\"':;,.@")
    family, _, given = name.partition(", ")
    words = given.split()
    if not words:
        return family
    is_name = len(words) <= 2 and all(word[0].isupper() and word.casefold() not in _NO_NAMES for word in words)
    return f"{given} {family}" if is_name else family


def _full(words: list[str]) -> str:
    """The whole name: with an initial or a dash between its parts, or the family name first."""
    order = phrase(" ".join(words), r"(?:\s{1,8}[A-Z]\.?)?(?:\s{1,8}|[._-])")
    if len(words) != 2:
        return order
    given, family = words
    initial = re.escape(given[0]) + r"\."
    short = [rf"{BEFORE}{initial} ?{phrase(family)}", rf"{phrase(family)}, {initial}"]
    return one_of([order, phrase(f"{family}, {given}"), *(short if len(given) > 1 else ())])


def _handle(name: str) -> str:
    """An account name; one that is short or a common word only behind ``@``."""
    common = name.casefold() in _WORDS | _NO_NAMES or len(name) < 3
    return f"@{re.escape(name)}{AFTER}" if common else f"@?{phrase(name)}"


def _may_stand_alone(word: str, mine: set[str]) -> bool:
    key = word.casefold().strip(".'")
    taken = key in mine or key in _PARTICLES or (key in _NO_NAMES and key not in _WORDS)
    return not taken and len(key) > 1 and word[0].isalpha() and not word[0].islower() and not word.endswith(".")


def _alone(part: str) -> str:
    """A part of a name as it stands in a sentence; one that is also a word not where a sentence begins, and one that is
    also a month not where a time is told."""
    key = part.casefold()
    if key not in _WORDS:
        return one_of({phrase(part), phrase(part.upper())}) + _INITIAL
    if key in _MONTHS:
        return f"{_SENTENCE_BEGINS}{_AFTER_IN}(?<!\\d ){phrase(part)}(?! \\d){_INITIAL}"
    return f"{_SENTENCE_BEGINS}{phrase(part)}{_INITIAL}"
