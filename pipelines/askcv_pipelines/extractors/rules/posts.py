"""Posts that a person held: "joined Harbor Lane as a welder in 2021", "Curator, Loom House, 2012-2018"."""

from __future__ import annotations

import re
from dataclasses import dataclass

OCCUPATIONS = frozenset(
    """
    accountant actor actuary adjunct administrator adviser advisor advocate agent aide ambassador anaesthetist
    analyst apprentice archaeologist architect archivist artist assistant associate attorney auditor baker
    bartender biologist bookkeeper brewer builder bursar buyer captain caregiver caretaker carpenter cashier
    cataloguer ceo cfo chair chairman chairperson chairwoman chargehand chef chemist chief choreographer cleaner
    clerk clinician co-chair co-founder co-ordinator coach cochair cofounder columnist commander commissioner
    composer concierge conductor conservator consultant contractor contributor controller cook coordinator
    copywriter counsellor counselor courier cto curator dancer dean demonstrator dentist deputy designer
    developer devrel dietitian director dispatcher doctor driver economist editor educator electrician engineer
    estimator evangelist examiner executive farmer fellow firefighter fitter foreman forester founder gardener
    geologist geophysicist grader guide handler head headteacher hostess hygienist illustrator inspector
    installer instructor intern interpreter investigator janitor joiner journalist judge keeper laborer labourer
    lawyer lead leader lecturer liaison librarian lifeguard linguist machinist maintainer manager marketer mason
    mathematician mechanic medic mentor merchandiser midwife moderator musician nanny nurse nutritionist officer
    operative operator organiser organizer owner paralegal paramedic partner pathologist pharmacist photographer
    physician physicist physio physiotherapist pilot planner plumber porter postdoc practitioner president
    principal producer professor programmer proofreader psychologist radiographer receptionist recruiter
    registrar reporter representative researcher resident reviewer roofer scholar scientist scorer secretary
    sergeant server setter singer sommelier specialist statistician steward strategist superintendent supervisor
    surgeon surveyor tailor teacher technician technologist teller tester therapist trainee trainer translator
    treasurer trustee tutor vet veterinarian vice-president videographer volunteer waiter waitress warden welder
    worker writer
    """.split()
)
PLACEMENTS = frozenset(
    "internship placement training apprenticeship residency fellowship traineeship secondment co-op clerkship "
    "practicum interning interned".split()
)
OCCUPATION = rf"(?:{'|'.join(sorted(OCCUPATIONS))})(?: of record)?"
_CAP = r"[A-ZÀ-Þ][\w&.'’/-]*"
_NAME = rf"(?!I\b){_CAP}(?: (?:(?:of|the|for|and|&|de|der|van)(?: the)? )?(?!I\b){_CAP}){{0,6}}"
OWN = (
    r"(?:my|our|this) (?!(?:own|first|last|next|new|old|best|very|time|year|month|week|project|role|job|[a-z]+'s)\b)"
    r"[a-z]+"
)
"""Where a referee says "my kitchen", "this company"."""
EMPLOYER = re.compile(rf"\b(?:at|for|with|by|of|joined|rejoined|@)\s+(?:the |an? )?({_NAME})")
EMPLOYER_OWN = re.compile(rf"\b(?:at|for|with|by|of|in|joined)\s+({OWN})\b")
MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|"
    r"september|"
    r"october|november|december|spring|summer|autumn|fall|winter|monday|tuesday|wednesday|thursday|friday|q[1-4]|"
    r"i)\b",
    re.IGNORECASE,
)
_MODIFIERS = (
    r"(?:(?!(?:to|by|in|on|at|with|from|as|has|have|had|is|was|be|been|his|her|their|my|our|your|its|not|very|so|"
    r"i)\b)"
    r"[\w&/+.’'-]+ ){0,5}?"
)
_ROLE = rf"{_MODIFIERS}{OCCUPATION}(?: {OCCUPATION})*"
STATED_ROLE = re.compile(
    rf"\b(?:as|was|is|am|been|became|now|made|elected|appointed|named|hired as|role of|position of|job of|post:|"
    rf"role:|position:|"
    rf"title:)\s+(?:(?:both|also|still|currently|now|working as|employed as)\s+)*(?:(?:an?|the|its|our|my|"
    rf"your)\s+)?[\"“]?"
    rf"({_ROLE})(?![\w-])",
    re.IGNORECASE,
)
PROMOTED_TO = re.compile(rf"\bpromot(?:ed|ion) to ({_ROLE})(?![\w-])", re.IGNORECASE)
PLACEMENT = re.compile(
    r"\b(internship|placement|practical training|apprenticeship|residency|fellowship|traineeship|secondment|co-op|"
    r"clerkship|practicum)\b(?: \w+){0,2}? (?:at|with|for|in|by)\b|\b(intern)(?:ed|ing) (?:at|with|for)\b",
    re.IGNORECASE,
)
PLACED = {"internship": "Intern", "apprenticeship": "Apprentice", "residency": "Resident", "fellowship": "Fellow",
          "traineeship": "Trainee", "clerkship": "Clerk"}  # fmt: skip
HELD = re.compile(
    r"\b(?:join(?:ed|s)|rejoined|work(?:ed|s|ing)?|employed|engaged|served?s?|serving|volunteer(?:ed|s)|intern(?:ed|"
    r"ing)?|hired|"
    r"appointed|stationed|taken on|spent|was|is|am|been|became|stepped in|step in|did|doing|completed|during|"
    r"finished|"
    r"started|began|took|accepted|moved|elected|made|hold|held|teach(?:es)?|taught|post|role|position)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SPAN = re.compile(
    r"\b(?:19|20)\d\d\s*(?:[–—-]|to|until|till)\s*(?:(?:[a-z]+\.? )?(?:19|20)?\d\d\b|present|now|current|today|$|"
    r"[),])|"
    r"\b(?:since|from)\s+(?:\d{1,2} )?(?:[a-z]+\.? )?(?:19|20)\d\d\b|\b(?:[–—-]|to)\s*present\b",
    re.IGNORECASE,
)
LINE = re.compile(
    rf"^[\W_]*(?P<role>(?:[\w&/+.’'()-]+ ){{0,6}}?{OCCUPATION}(?: {OCCUPATION})*(?: of [\w ]{{3,25}}?|"
    rf" \([^)]{{2,30}}\)| (?:II|III|IV|\d))?)"
    rf"(?:\s*[,|–—@]\s*|\s+-\s+|\s+(?:at|with|for|of)\s+)(?:(?:at|the) )*(?P<org>[A-ZÀ-Þ][^|–—@(]{{1,70}}?|"
    rf"own business)"
    r"(?=\s*(?:[|–—@(]|,|\s-\s|\bsince\b|\bfrom\b|(?:19|20)\d\d|$))",
    re.IGNORECASE,
)
LINE_TURNED = re.compile(
    rf"^[\W_]*(?P<org>(?!(?:Current|Role|Position|Post|Title|Job)\b){_NAME})(?:\s*[,|–—]\s*|"
    rf"\s+-\s+)(?P<role>(?:[\w&/+.’'-]+ ){{0,4}}?{OCCUPATION})\b"
)
LONGEST_LINE = 22
NOT_A_ROLE = re.compile(
    r"\b(?:team|project|tool|app|user|customer|client|that|who|which|great|good|because|if|when)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Post:
    """A role at an organisation; either may be unsaid in the sentence itself."""

    role: str | None
    organisation: str | None
    dated: bool
    line: bool = False


def post(plain: str) -> Post | None:
    """What a line of a CV or a sentence, without markup, says of a post held, or ``None``."""
    words = {word.strip('.,;:()*_"“”') for word in plain.lower().split()}
    if OCCUPATIONS.isdisjoint(words) and PLACEMENTS.isdisjoint(words):
        return None  # a set is much quicker than the patterns below
    dated = bool(YEAR.search(plain) or SPAN.search(plain))
    if (listed := _line(plain)) is not None:
        return listed
    if not HELD.search(plain):
        return None
    role = _role(plain)
    organisation = _organisation(plain.replace(role[1:], "", 1) if role else plain)
    if role is None and (placed := PLACEMENT.search(plain)):
        role = PLACED.get((placed[1] or "internship").lower(), (placed[1] or "").capitalize())
    if role is None:
        return None
    return Post(role, organisation, dated)


def _line(plain: str) -> Post | None:
    if len(plain.split()) > LONGEST_LINE or not SPAN.search(plain):
        return None
    found = LINE.search(plain) or LINE_TURNED.search(plain)
    if found is None or NOT_A_ROLE.search(found["role"]):
        return None
    role = found["role"].strip(" *_")
    if len(role.split()) > 7:
        return None
    return Post(role, found["org"].strip(" .,*_"), True, line=True)


def _role(plain: str) -> str | None:
    found = STATED_ROLE.search(plain) or PROMOTED_TO.search(plain)
    if found is None or NOT_A_ROLE.search(found[1]):
        return None
    return found[1][:1].upper() + found[1][1:]


def _organisation(plain: str) -> str | None:
    for found in EMPLOYER.finditer(plain):
        if not MONTH.match(found[1]):
            return found[1].strip(" .,")
    own = EMPLOYER_OWN.search(plain)
    return own[1] if own else None
