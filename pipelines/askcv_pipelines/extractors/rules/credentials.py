"""Degrees, certificates, prizes and published works as records name them, in a line of their own or in a sentence."""

from __future__ import annotations

import re

_I = re.IGNORECASE
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
DATED = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sep(?:tember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b|\bQ[1-4]\b",
    _I,
)
FINITE = re.compile(
    r"\b(?:i|we|you|he|she|they|is|are|was|were|will|has|have|had|do|does|did|can|should|must|would|could|that|"
    r"which|who)\b",
    _I,
)
"""Words that make a sentence of a line."""

DEGREE = re.compile(
    r"\b(?:Ph\.? ?D|D\.? ?Phil|M\.? ?Sc|M\.?S|M\.?A|MBA|MFA|MPH|M\.?Eng|M\.?Ed|MRes|LL\.?M|B\.? ?Sc|B\.?S|B\.?A|"
    r"B\.?Eng|BDes|"
    r"BFA|B\.?Ed|BSN|LL\.?B|HND|HNC|PGCE|NVQ|PgDip|GED)\b|"
    r"\b(?i:diploma|bachelor(?:['’]?s)?|master['’]s|master of|doctorate|doctor of|associate['’]?s? degree|"
    r"degree in)\b"
)
DEGREE_LINE = re.compile(rf"^[\W_]*(?:{YEAR.pattern}\W+)?(?:{DEGREE.pattern})")
STUDIED = re.compile(
    r"\b(?:hold|holds|held|have|has|gained|earned|finish(?:ed)?|complet(?:ed|ing)|received|got|obtained|pursuing|"
    r"defended|did|"
    r"awarded)\b[^.;]{0,60}?(?:" + DEGREE.pattern + r")|"
    r"\b(?i:graduated (?:from|with|in)|stud(?:ied|ying) [^.;]{0,40}\bat [A-Z]|student at [A-Z]|enrolled (?:in|as|at)|"
    r"(?:doctoral|phd) (?:candidate|student) (?:at|in)|(?:first|second|third|final) year of (?:the|a|my|his|her) )"
)
SCHOOL = re.compile(
    r"\b((?:[A-ZÀ-Þ][\w&.'’-]* ){0,4}(?:University|Univ\.|College|Institute|Polytechnic|Academy|School|"
    r"Conservatoire|Conservatory|"
    r"Seminary|Campus|Universit[äàé]t?\w*)(?: (?:of|for)(?: the)? [A-ZÀ-Þ][\w'’-]+(?:(?: and|"
    r" of)? [A-ZÀ-Þ][\w'’-]+){0,3})?)"
)
SECOND_FIELD = re.compile(r",\s*([A-ZÀ-Þ][^,;()]{1,60}?)\s*(?:,|\(|$)")

_CERT = (
    r"certificat(?:e|ion)|certified|licen[cs]e[ds]?|accreditation|accredited|qualification|chartered|credential|"
    r"nanodegree|"
    r"micro-?credential|professional badge"
)
_NAMED_CERT = (
    r"CKAD?|CKS|CISSP|CISM|CCN[AP]|PMP|PRINCE2|ITIL|CSM|CSPO|CPA|CFA|ACCA|CIMA|NCLEX(?:-RN)?|BLS|ACLS|PALS|CPR|EMT|"
    r"CDL|OSHA|"
    r"ServSafe|TEFL|TESOL|CELTA|ISTQB|CompTIA|CPC|CSCS|Six Sigma|Green Belt|Black Belt"
)
CERTIFICATE = re.compile(rf"\b(?i:{_CERT})\b|\b(?:{_NAMED_CERT})\b")
ENCRYPTION = re.compile(
    r"\b(?:ssl|tls|x\.?509|https|root|expir\w+|alert\w*|encrypt\w*|self-signed|apache|mit|gpl|bsd)\b", _I
)
"""Certificates of machines, licences of programs."""
HOLDS = re.compile(
    r"\b(?:passed|renewed|obtained|gained|earned|completed?|finished|holds?|received|achieved|came through|awarded|"
    r"got|became|"
    r"attained|is now an?|am now an?|sat and passed)\b",
    _I,
)
EXAM = re.compile(
    r"\bpassed (?:the|my|his|her|an?)\b[^.;]{0,60}\b(?:exam(?:ination)?|course|test|update|assessment|boards?|"
    r"level \d)\b|"
    r"\b(?:completed|finished|passed) (?:the|an?|my|his|her) [^.;]{0,60}\b(?:specialization|specialisation|coursera|"
    r"udacity|edx|"
    r"udemy|summer school|certificate)\b|\bholds? (?:the|an?) level \d\b",
    _I,
)

_PRIZE = (
    r"awards?|prize|medal|scholarship|bursary|commendation|dean['’]?s list|employee of the|(?:of|for) the (?:year|"
    r"month|quarter)|"
    r"winner|runner-up|finalist|hall of fame|spot bonus|presidents?['’]? club|honou?rs? (?:roll|list)|"
    r"best [\w ]{2,30}(?:paper|talk|poster|thesis|project|student)"
)
PRIZE = re.compile(rf"\b(?:{_PRIZE})\b", _I)
_GIVEN = (
    r"received?|won|awarded|recogni[sz]ed|named|selected|honou?red|earned|got|nominated|shortlisted|elected|"
    r"presented with"
)
GIVEN_PRIZE = re.compile(
    rf"\b(?:{_GIVEN})\b[^.;]{{1,60}}\b(?:{_PRIZE})\b|\b(?:{_PRIZE})\b[^.;]{{0,30}}\b(?:{_GIVEN})\b", _I
)
PROMOTED = re.compile(
    r"(?<!whom )\b(?:(?:was|been|got|is|were) promoted|promoted (?:me |him |her )?(?:to|from)|promotion to|"
    r"became (?:the )?(?:lead|head|senior|chief)|(?:was|been) made (?:an? |the )?(?:chargehand|lead|head|partner|"
    r"foreman|supervisor|"
    r"manager|captain|principal|senior)|elected (?:an? )?fellow|tenure)\b|^\W*promoted\b",
    _I,
)
OTHERS = re.compile(r"\b(?:of whom|who (?:was|were|has|have)|whose)\b", _I)

WORK = re.compile(
    r"^[\W_]*(?:invited |lightning |conference |keynote |guest |research |short |journal |blog )?(?:talk|poster|"
    r"article|paper|"
    r"keynote|essay|podcast|blog ?post|webinar|(?:book )?chapter|panel(?:list)?|op-?ed|preprint|book|"
    r"monograph)\b(?:,|:| at | on | in |"
    r" for | [\"“*_])",
    _I,
)
TITLED = re.compile(r"^[\W_]*[\"“*_][^\"”*_]{6,160}[\"”*_]+\W{0,3}")
VENUE = re.compile(
    r"\b(?:journal|magazine|talk|meetup|conference|quarterly|review|bulletin|forum|album|catalogue|article|essay|"
    r"poster|podcast|"
    r"proceedings|symposium|workshop|blog|press|seminar|webinar|summit|camp|day|days|keynote|panel|newsletter|"
    r"gazette|interface)\b",
    _I,
)
LINE = 18
"""Words of a line that names one thing."""


def is_line(plain: str, words: int = LINE) -> bool:
    """A short nominal line, as lists have them."""
    return len(plain.split()) <= words and not FINITE.search(plain)


def names_degree(plain: str) -> bool:
    """ "MSc in Accountancy, Ghent, 2018": a degree with a year or a place of study."""
    return is_line(plain) and bool(DEGREE_LINE.search(plain)) and bool(YEAR.search(plain) or SCHOOL.search(plain))


def names_certificate(plain: str) -> bool:
    """ "Fire warden certificate, 2024", "CKA passed"."""
    if ENCRYPTION.search(plain) or DEGREE.search(plain) or not CERTIFICATE.search(plain):
        return False
    return is_line(plain, 14) and bool(DATED.search(plain) or HOLDS.search(plain) or plain[:1].isupper())


def gained_certificate(plain: str) -> bool:
    """ "Passed the working-at-height exam", "holds a forklift licence"."""
    if ENCRYPTION.search(plain):
        return False
    return bool(EXAM.search(plain) or (CERTIFICATE.search(plain) and HOLDS.search(plain)))


def names_prize(plain: str) -> bool:
    """ "Volunteer of the Year 2023"."""
    if not plain[:1].isupper() or not PRIZE.search(plain):
        return False
    return is_line(plain, 6) or (is_line(plain, 12) and bool(DATED.search(plain)))


def was_given_prize(plain: str) -> bool:
    """A prize that was received, or a promotion."""
    return not OTHERS.search(plain) and bool(GIVEN_PRIZE.search(plain) or PROMOTED.search(plain))


def names_work(plain: str) -> bool:
    """ "Talk at the regional meetup: …", "“Cold roofs”, Building Quarterly, 2023"."""
    if len(plain.split()) > 30:
        return False
    if WORK.match(plain):
        return True
    if not (titled := TITLED.match(plain)):
        return False
    return bool(VENUE.search(plain, titled.end()) or YEAR.search(plain, titled.end()))


def school(plain: str) -> str | None:
    """Where somebody studied."""
    if found := SCHOOL.search(plain):
        return found[1].strip()
    if DEGREE_LINE.search(plain) and (found := SECOND_FIELD.search(plain)):
        return found[1].strip()
    return None
