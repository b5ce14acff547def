"""Whether a claim says what its sentence says: not its denial, not its opposite, not what is only planned."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.words import BASE, ING
from askcv_pipelines.guards import WORD
from askcv_pipelines.verification.words import content_stems, stem, stems_of

Twist = Literal["negation_dropped", "negation_added", "opposite_of_quote", "not_done"]

DENIES = re.compile(
    r"\b(?:not(?! only\b)|no(?! longer\b|\.? ?\d)|never|neither|nor|none|nobody|nothing|without|cannot|hardly|barely|"
    r"fail(?:s|ed|ing)? to|unable to|refus(?:ed?|es|ing) to|declin(?:ed?|es|ing) to|lack(?:s|ed|ing)?|"
    r"instead of|rather than|missed|unsuccessful\w*|(?:almost|nearly)(?! \d| all\b| every\b))\b|n['’]t\b",
    re.IGNORECASE,
)
NOT_YET = re.compile(
    r"\b(?:will|would|shall|should|might|could|(?-i:may)|want(?:s|ed)? to|plan(?:s|ned|ning)? (?:to|on|for)|"
    r"hope[sd]? to|"
    r"hoping to|intend(?:s|ed)? to|aim(?:s|ed)? to|(?:am|is|are|be) (?:going|about|due|expected|supposed) to|"
    r"need(?:s|ed)? to|(?:ha[sd]|have) yet to|tr(?:y|ies|ied|ying) to|if|unless|wish(?:es)?|"
    r"next (?:year|quarter|month|week)|"
    r"preparing for|studying for|applied for|nominated for|shortlisted for|"
    r"considered for|finalist|in the running|up for|runner-up|working towards?|considering|"
    r"looking to|like to|ready to|was asked to|were asked to|yet to|"
    r"it is (?:said|believed|rumou?red|thought)|is said to|allegedly|supposedly|reportedly|apparently|presumably|"
    r"probably|perhaps|maybe|possibly|rumou?rs?)\b|['’]ll\b|['’]d like\b",
    re.IGNORECASE,
)
"""What is planned, wished or only said."""
HELPED = re.compile(
    r"\b(?:help(?:s|ed|ing)?|assist(?:s|ed|ing)?|support(?:s|ed|ing)?|contribut(?:es?|ed|ing) to|"
    r"(?:took|taking|take) part in|participat(?:es?|ed|ing) in|involved in|shadow(?:ed|ing)?|observ(?:ed|ing)|"
    r"watch(?:ed|ing)|suggest(?:ed|ing)|propos(?:ed|ing)|recommend(?:ed|ing)|encourag(?:ed|ing))\b",
    re.IGNORECASE,
)
"""A part in what others do: the deed behind it is theirs too."""
FAILS = re.compile(
    r"\b(?:slipped|postponed|delayed|cancell?ed|abandoned|dropped|rejected|refused|denied|turned down|on hold|blocked|"
    r"stalled|unfinished|incomplete|overdue|outstanding|withdrawn|scrapped|shelved)\b",
    re.IGNORECASE,
)
"""Words after which a deed that the sentence does not name was not done."""
NULLED = re.compile(
    r"\b(?:turned down|rejected|refused|cancell?ed|abandoned|withdrawn|scrapped|shelved)\b", re.IGNORECASE
)
"""Words after which nothing came of what a title only names."""
UNFINISHED = re.compile(
    r"\b(?:start(?:ed|ing)?|began|begun|enrol\w*|signed up|register(?:ed|ing) for|to be (?:finished|completed|taken)|"
    r"in progress|halfway|part of the way|working on|pursuing|expected|candidate|ongoing)\b",
    re.IGNORECASE,
)
"""What is no certificate and no award yet."""
_WHO = (
    r"(?-i:[A-Z][\w’'-]+)|my \w+|(?:the|our|an?) (?:vendor|supplier|contractor|agency|consultants?|intern|"
    r"colleague|manager|client|customer|partner|board|council)"
)
RECEIVED = frozenset(
    map(stem, "promote elect appoint name choose select award invite praise thank ask nominate hire".split())
)
"""What is done to a person, who tells it as their own."""
BY = re.compile(rf"\b(?P<verb>\w+) by (?P<who>{_WHO})", re.IGNORECASE)
PEOPLE = re.compile(
    r"\b(?:customers|clients|users|students|pupils|apprentices|trainees|colleagues|patients|people|visitors|parents|"
    r"members|readers|guests|everyone|everybody|someone|somebody|nobody|volunteers|others|employees|developers|engineers|managers)\s+"
    r"(?:(?:else|had|have|also|then|all|were|since)\s+){0,2}(?P<verb>\w+)",
    re.IGNORECASE,
)
RELATIVE = re.compile(r"\b(?:whom?|whose|(?:which|that)(?= (?:the|our|my|his|her|their|an?|[A-Z][\w’'-]+) ))")
CLAUSE = re.compile(
    r"[;:()–—]|,(?!\d)|\.(?=\s|$)|\s-\s|\b(?:but|although|though|while|whereas|because|however|so that)\b"
)
UP = frozenset(map(stem, "increase raise grow rise gain higher more double triple boost up climb expand".split()))
DOWN = frozenset(
    map(stem, "decrease reduce cut lower drop fall shrink halve less fewer slash shorten down shrank decline".split())
)
PAIRS = tuple((stem(a), stem(b)) for a, b in (pair.split("/") for pair in (
    "accept/reject approve/reject accept/decline win/lose start/stop open/close add/remove hire/fire enable/disable "
    "pass/fail succeed/fail gain/lose join/leave arrive/leave include/exclude agree/disagree agree/refuse early/late "
    "before/after strengthen/weaken buy/sell teach/learn approve/decline resolve/cause fix/cause fix/break "
    "resolve/introduce fix/introduce adopt/abandon keep/remove finish/abandon complete/abandon deliver/cancel "
    "launch/cancel ship/cancel praise/criticise best/worst first/last first/second strong/weak above/below over/under "
    "faster/slower"
).split()))  # fmt: skip
OPPOSITES = {
    word: frozenset(other for pair in PAIRS if word in pair for other in pair if other != word)
    for word in {word for pair in PAIRS for word in pair}
}


def twisted(claim: str, sentence: str, *, done: bool) -> Twist | None:
    """How the claim twists its sentence. ``done`` says that the claim is of something past."""
    denies, denied = DENIES.search(claim), DENIES.search(sentence)
    if denied and not denies and _at_claim(claim, sentence, DENIES):
        return "negation_dropped"
    if denies and not denied:
        return "negation_added"
    ours, theirs = stems_of(claim), stems_of(sentence)
    for up, down in ((UP, DOWN), (DOWN, UP)):
        if ours & up and not ours & down and theirs & down and not theirs & up:
            return "opposite_of_quote"
    said = (ours & OPPOSITES.keys()) - theirs
    if any(OPPOSITES[word] & theirs - ours for word in said):
        return "opposite_of_quote"
    if done and _at_claim(claim, sentence, NOT_YET) and not NOT_YET.search(claim):
        return "not_done"
    return None


def unsaid(title: str, sentence: str) -> Twist | None:
    """What a title of something done makes of a sentence that does not say it was: the deed is not named there, and
    something is denied or failed; or it is named as what somebody was helped with."""
    wanted = content_stems(title)
    if not wanted or FAILS.search(title):
        return None
    first = WORD.findall(title.lower())[0]
    if NULLED.search(sentence) and not (is_past(first) or first in BASE or first in ING or DENIES.search(title)):
        return "not_done"
    if wanted[0] not in content_stems(sentence, all_words=True):
        return "negation_dropped" if DENIES.search(sentence) or FAILS.search(sentence) else None
    helped = HELPED.search(sentence)
    if helped is None or HELPED.search(title) or stem(helped[0].split()[0].lower()) == wanted[0]:
        return None
    clause = CLAUSE.split(sentence[helped.end() :])[0]
    verb = next((w[0].lower() for w in WORD.finditer(clause) if stem(w[0].lower()) == wanted[0]), "")
    return "not_done" if verb and not is_past(verb) else None


def denied(name: str, sentence: str) -> bool:
    """Whether what a name stands for is denied in the sentence ("without a degree")."""
    return _at_claim(name, sentence, DENIES) and not DENIES.search(name)


def of_others(claim: str, sentence: str, subject: re.Pattern[str] | None) -> bool:
    """Whether a claim begins with what the sentence says that somebody else did: somebody "who", the person behind a
    "by", or people of a kind."""
    wanted = content_stems(claim)
    if not wanted:
        return False
    for by in BY.finditer(sentence):
        own = subject is not None and subject.match(by["who"])
        verb = by["verb"].lower()
        if own or not (is_past(verb) or verb == "done") or stem(verb) in RECEIVED or " by " in claim:
            continue
        if _at_claim(claim, sentence, re.compile(re.escape(by[0])), anywhere=True):
            return True
    if any(
        is_past(did["verb"].lower()) and stem(did["verb"].lower()) == wanted[0] for did in PEOPLE.finditer(sentence)
    ):
        return True
    said = RELATIVE.search(sentence)
    if said is None or wanted[0] not in content_stems(sentence):
        return False
    if subject is not None and subject.match(sentence, said.end() + 1):
        return False  # "that Maya built"
    return wanted[0] not in content_stems(sentence[: said.start()])


def _at_claim(claim: str, sentence: str, pattern: re.Pattern[str], *, anywhere: bool = False) -> bool:
    """Whether the pattern stands in a clause that the claim is made of, before the claim's last word there, or
    ``anywhere`` in it; in any clause where no word of the claim stands at all."""
    said = [found.start() for found in pattern.finditer(sentence)]
    if not said:
        return False
    wanted = set(content_stems(claim))
    ends = [end for end, stemmed in _placed(sentence) if stemmed in wanted]
    touched = []
    for start, end in _clauses(sentence):
        words = [place for place in ends if start < place <= end]
        if words:
            touched.append((start, end if anywhere else words[-1], len(words)))
    if not touched:
        return True
    most = max(count for _, _, count in touched)
    return any(start <= place < last for start, last, count in touched if 2 * count >= most for place in said)


@lru_cache(maxsize=256)
def _placed(sentence: str) -> tuple[tuple[int, str], ...]:
    """Where each word ends, and its stem."""
    return tuple((word.end(), stem(word[0].lower())) for word in WORD.finditer(sentence))


@lru_cache(maxsize=256)
def _clauses(sentence: str) -> list[tuple[int, int]]:
    edges = [0, *(found.start() for found in CLAUSE.finditer(sentence)), len(sentence)]
    return [(a, b) for a, b in pairwise(edges) if b > a]
