"""Names of employers, roles, institutions and projects, as the text has them."""

from __future__ import annotations

import re

from askcv_pipelines.extractors.rules.units import plain_text
from askcv_pipelines.reading.sections import meaning

_CAPITAL = r"[A-Z][\w&.'’-]*"
_PHRASE = rf"{_CAPITAL}(?: (?:{_CAPITAL}|of|the|for|and|&|de|in)(?= {_CAPITAL}|\b))*"
_ROLE_NOUN = (
    r"engineer|developer|manager|assistant|analyst|lead|teacher|instructor(?: of record)?|intern|nurse|librarian|"
    r"consultant|designer|"
    r"director|officer|architect|scientist|researcher|lecturer|chef|technician|coordinator|administrator|specialist|professor|"
    r"student|mentor|contributor|tutor|editor|writer|programmer|accountant|supervisor|representative|associate|president|chair|"
    r"treasurer|secretary|advocate|devrel"
)
ORGANISATION = re.compile(
    r"\b(?:at|for|with|joined|join|@)\s+(?:the\s+)?"
    rf"((?:{_CAPITAL})(?:(?: (?:of|the|for|and|&|de))? {_CAPITAL}){{0,6}}(?: \([A-Z][^)]{{1,40}}\))?)"
)
OF_WHICH = re.compile(rf"\b(?:{_ROLE_NOUN}) (?:of|for) (?:the )?({_CAPITAL}(?: (?:of (?:the )?)?{_CAPITAL}){{0,5}})")
LISTED = re.compile(r"^[^,|–—@]{3,60}\s*[,|–—@]\s*(?:at )?([A-Z][^,|–—@(\d]{2,60}?)\s*(?:[,|–—@(]|\d|\Z)")
PROGRAMME = re.compile(
    r"\b(GSoC(?: \d{4})?|Google Summer of Code(?: \d{4})?|Outreachy|[A-Z]\w+ (?:University|College|Hospital|"
    r"Library|School|Clinic))\b",
)
MY_PLACE = re.compile(
    r"\b(?:in|at) ((?:my|our) (?:clinic|lab|laboratory|company|hospital|school|office|practice|restaurant|team))\b",
)
INSTITUTION = re.compile(
    rf"\b((?:{_CAPITAL} ){{0,4}}(?:University|College|Institute|Polytechnic|Academy|School)"
    rf"(?: of(?: the)? {_CAPITAL}(?:(?: and| of)? {_CAPITAL}){{0,3}})?)|"
    r"\b(?:boot ?camp|course|degree|studies|program(?:me)?)\s+(?:with|at|from)\s+"
    r"([A-Z][\w&.'’-]*(?: [A-Z][\w&.'’-]*){0,3})"
)
ROLE = re.compile(
    rf"\b((?:(?:{_CAPITAL}|[a-z]+(?:-[a-z]+)?)\s){{0,4}}?(?:{_ROLE_NOUN})(?: (?:{_ROLE_NOUN}))*)\b", re.IGNORECASE
)
ROLE_PLACE = re.compile(r"\b(?:in|into) (?:an?|the) ([a-z][\w -]{2,30}? role)\b", re.IGNORECASE)
INTERNSHIP = re.compile(r"\b(?:internship|interned|gsoc|google summer of code|outreachy)\b", re.IGNORECASE)
TEACHES = re.compile(r"\b(?:i|she|he|they) (?:teach(?:es)?|taught)\b", re.IGNORECASE)
BEFORE_ROLE = re.compile(
    r"^(?:(?:was|is|am|been|as|a|an|the|both|still|my|her|his|their|new|our|working|worked|works|joined|serves|"
    r"has|have|served|took|role|position|job|hired|i|he|she|of|for|to|became|become|on|in|at|by|with|from|current|"
    r"first|and|this|that|one|time|years?|months?)\s+)+",
    re.IGNORECASE,
)
NAMED_PROJECT = re.compile(
    r"[\"“*`]{1,2}([A-Z][^\"”*`]{2,60})[\"”*`]{1,2}|\b(?:called|named|titled)\s+[\"“*]*([A-Z][\w.-]*(?: "
    r"[A-Z][\w.-]*){0,5})|\b([A-Z][\w.-]*(?: (?:[A-Z][\w.-]*|of|for|the|and)){0,5}) (?:project|app|application|"
    r"program(?:me)?|initiative|platform|tool|system|library|driver|series)\b|\bproject,? ([A-Z][\w.-]*(?: "
    r"[A-Z][\w.-]*){0,4})",
)
BUILT = re.compile(
    r"\b(?:buil[dt]|creat(?:ed?|ing)|develop(?:ed|ing)?|launch(?:ed)?|deliver(?:ed)?|implement(?:ed|ation of)?|"
    r"support for|work(?:ed|ing)? on|set up|relaunched|released)\s+(?:an?|the|our|my|some)?\s*((?:[\w.'’/-]+ "
    r"?){2,8})",
    re.IGNORECASE,
)
ARTICLE = re.compile(
    r"^(?:(?:My|The|This|That|Our|Their|His|Her|A|An|In|For|On|During|Before|After|Each|Every|I)\b\s*)+",
)
NO_PROJECT = frozenset("my this the first second third last next final main group team whole entire side".split())
STOP = re.compile(
    r"\s+(?:that|which|where|who|using|with|to|for|so|as|in|and|aimed|by|from|on|when|while)\b.*\Z",
    re.IGNORECASE,
)


def organisation(text: str) -> str | None:
    plain = plain_text(text)
    found = ORGANISATION.search(plain) or OF_WHICH.search(plain) or PROGRAMME.search(plain) or MY_PLACE.search(plain)
    if found is None and ROLE.search(plain):
        found = LISTED.search(plain)
    return found[1].strip(" .,") if found else None


def institution(text: str) -> str | None:
    found = INSTITUTION.search(plain_text(text))
    return (found[1] or found[2]).strip() if found else None


def role_title(text: str) -> str | None:
    """The post: "Senior Engineer", "medical assistant"; an internship alone makes an intern, teaching a teacher."""
    plain = plain_text(text)
    for found in ROLE.finditer(plain):
        role = BEFORE_ROLE.sub("", re.split(r"\bas an? ", found[1])[-1]).strip()
        if role:
            return role[:1].upper() + role[1:]
    if place := ROLE_PLACE.search(plain):
        return place[1][:1].upper() + place[1][1:]
    if INTERNSHIP.search(plain):
        return "Intern"
    return "Teacher" if TEACHES.search(plain) else None


def project_name(text: str, section: tuple[str, ...]) -> str | None:
    """A name in quotes or capitals, else the heading it stands under, else what was built."""
    if (
        len(section) > 1
        and re.search(r"\bprojects?\b", section[-2], re.IGNORECASE)
        and meaning(section[-1:]) == "other"
    ):
        return plain_text(section[-1]).strip(" :")
    for named in NAMED_PROJECT.finditer(text):
        name = ARTICLE.sub("", plain_text(next(group for group in named.groups() if group)))
        if name and name.lower() not in NO_PROJECT:
            return name
    if section:
        heading = plain_text(section[-1]).strip(" :")
        if (
            1 <= len(heading.split()) <= 6
            and not re.match(r"[\d\W]+\Z|.*\d{4}", heading)
            and meaning((heading,)) == "other"
            and len(section) > 1
        ):
            return heading
    if built := BUILT.search(plain_text(text)):
        name = STOP.sub("", built[1]).strip(" .,")
        if len(name.split()) >= 1 and len(name) > 3:
            return name[:1].upper() + name[1:]
    return None
