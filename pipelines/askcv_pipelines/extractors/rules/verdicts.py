"""What single rules say of a unit. Each verdict is a name; the model weighs them, and a veto ends the matter.

Names begin with the domain they speak for: ``A`` action, ``K`` knowledge, ``T`` testimonial, ``W`` position, ``P``
project, ``B`` publication, ``C`` certificate, ``E`` education, ``R`` award; ``X`` speaks against all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.figures import metric
from askcv_pipelines.extractors.rules.names import NAMED_PROJECT, organisation, role_title
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.words import FIRST, PRAISE, SECOND, THIRD
from askcv_pipelines.reading.sections import meaning
from askcv_pipelines.values import Document

_I = re.IGNORECASE
REQUEST = re.compile(
    r"\b(?:please|pls|could (?:you|we)|can (?:you|we)|should(?:n't| not)?|would (?:be|it be|you)|wouldn't|maybe|perhaps|prefer|"
    r"let's|let us|nit(?:pick)?|instead|why not|how about|needs? to (?:be)?|i'd|suggest|recommend|typo|"
    r"should be|what about|do (?:we|you) (?:really |still )?need|(?:is|are) (?:this|it|these|that) (?:really |still )?(?:needed|necessary|required)|"
    r"rather than|instead of|can just|could just|rebase|same (?:here|as above|comment)|s/[^/\s]+/[^/]*/|needs|would prefer|i'd rather|"
    r"can be \w+ed|can be (?:removed|dropped|simplified|replaced|moved)|could be|any chance|any reason|"
    r"not sure|don't (?:need|think|forget)|do not|avoid|wrong|better|best to|consider|worth|"
    r"make sure|we may as well|you (?:can|might|may|need|want|should)|you'll want|have a look|i (?:would|think|wonder|'d)|wondering)\b",
    _I,
)
DEFECT = re.compile(
    r"\b(?:missing|unneeded|unnecessary|redundant|extra|stray|unused|unrelated|inconsistent|"
    r"indentation|misleading|confusing|there (?:isn't|is no|are no|are very few)|doesn't|does not|isn't|not clear|unclear|(?:will|would|could|can|might) (?:panic|crash|fail|break|leak|throw|overflow|deadlock)|won't work|crashes|panics|breaks|fails|shadows|"
    r"should not|too (?:long|many|much|low|small)|no need|pointless|duplicat\w+|leak|race|bug|broken|overkill)\b",
    _I,
)
BARE_WHY = re.compile(r"\W*(?:why|what|who|where|when|how come|is (?:this|that|it)|are (?:these|those)|does|do|did|was)\b", _I)
DESCRIBES = frozenset("adds fixes implements introduces removes refactors moves makes replaces allows updates changes adapts "
                      "switches simplifies improves supports extends splits converts enables drops".split())
NOW = re.compile(r"\b(?:now|so far|i've|i have|learned|turns? out|it turned out|has been|have been|was (?:incorrect|wrong|missing|added))\b", _I)
CHANGE = re.compile(r"\b(?:this|the) (?:patch|pr|pull request|change|commit|series|mr)\b[^.]{0,40}?\b(?:adds?|fix\w*|implements?|introduces?|removes?|makes?|refactors?)\b", _I)
EMPTY_REPLY = re.compile(r"\W*(?:done|fixed|ok(?:ay)?|ack|agreed|thanks?(?: you)?|sure|yes|no|rebased|will do|lgtm|resolved|updated|good (?:point|catch)|right|same here|(?:concept |approach |code review |tested |ut|t|re-?)?n?ack\b[\w\s]{0,45})\b[^a-z]*\Z", _I)
COMMIT = re.compile(r"\bi(?:'ll| will|'m going to| am going to| plan to| want to| hope to| would like to| need to| intend to|'d like to)\b", _I)
WISH = re.compile(r"\b(?:next (?:mod|module|year|quarter|half|term|semester|time|week|steps?)|in (?:the )?future|going forward|my goal|goal is|plan to|hope to|aim to|work on|working on|improve|focus(?:ing)? (?:more )?on|continue to)\b", _I)
ADVICE = re.compile(r"\b(?:should|could|would (?:like|love|encourage|suggest|recommend|benefit)|encourage (?:you|him|her|them)|recommend|suggest(?:ion|ed)?|advice|advised?|area (?:of|for)|opportunity to|needs? to|try (?:to|and)|be (?:more|less)|don't (?:be|forget)|remember to|keep (?:working|practicing|pushing))\b", _I)
HIRED = re.compile(
    r"\b(?:work(?:ed|ing|s)? (?:as|for|at)|internship (?:at|with)|intern(?:ed)? (?:at|for|with)|joined|employed (?:by|at|as)|served (?:as|both as)|"
    r"took (?:a|the|on a) (?:new )?(?:role|position|job)|(?:new|current|previous) (?:role|position|job)|moved into (?:a|the|an)|"
    r"promoted to|hired|appointed|(?:was|am|is|been) (?:an?|the) (?:\w+ ){0,4}(?:engineer|developer|manager|assistant|analyst|lead|teacher|instructor|intern|"
    r"nurse|librarian|consultant|designer|director|officer|architect|scientist|researcher|lecturer|chef|technician|coordinator|administrator)|"
    r"(?:assigned to|role as|position (?:as|of)|job (?:as|at)|career at)|i teach|teaches at|taught at|google summer of code|gsoc|outreachy)\b",
    _I,
)
EMPLOYER = re.compile(r"\bjoined (?:the )?[*_\"“]*[A-Z]|\b(?:GSoC|Google Summer of Code|Outreachy)\b|\b(?:in|at|for) (?:my|our|this) \w+|\b(?:at|for|with|in|by) (?:the )?[*_\"“]*[A-Z][\w&.'’-]+|\b(?:19|20)\d\d\b")
STUDY = re.compile(r"\b(?:ph\.?d|bachelor|master'?s|b\.?sc|m\.?sc|b\.?a\b|mba|degree|diploma|university|college|graduat\w+|boot ?camp|major(?:ed|ing)?|gpa|admitted|accepted (?:for|to|into))", _I)
CERTIFICATE = re.compile(r"\b(?:certificat\w+|certified|licen[cs]e[ds]?|accredit\w+|nanodegree|credential|badge|nclex|bls|acls|cpr)\b", _I)
GOT = re.compile(r"\b(?:got|earned|obtained|received|passed|completed?|finished|achieved|awarded|gained|won|became|am|is|hold|holds|attained)\b", _I)
AWARD = re.compile(r"\b(?:became (?:the )?(?:lead|head|senior|chief)|award(?:ed)?|prize|won|winner|honou?r(?:ed)?|recogni[sz]ed (?:as|with|by|for)|employee of the|scholarship|fellowship|grant|nominat\w+|promot(?:ed|ion)|finalist|medal|tenure|distinction|elected)\b", _I)
PUBLISHED = re.compile(
    r"\b(?:(?:gave|gives|given|delivered|presented|did) (?:an?|the|my|his|her|two|three|several) (?:\w+ ){0,4}(?:talks?|keynote|paper|poster|presentation|webinar)|"
    r"keynote|spoke (?:at|about)|presented [\"“][^\"”]+[\"”] (?:at|to)|presented (?:at|\w+ at)|published (?:an?|the|my|in|on|his|her|two|three)|co-?author\w*|"
    r"wrote (?:an? |my |the |several |two )?(?:\w+ ){0,3}(?:blog(?: ?posts?)?|article|paper|book|about|post)|blog(?:ged| ?post) (?:about|on)|"
    r"guest on|podcast|(?:paper|article|chapter) (?:was |has been )?(?:published|accepted|appeared))\b",
    _I,
)
CITATION = re.compile(r"^[A-Z][\w'’-]+, [A-Z]\.?[^()]{0,120}\((?:19|20)\d\d[^)]{0,20}\)\.? .{15,}")
PROJECT = re.compile(r"\b(?:project|(?:built|build|create[d]?|develop(?:ed)?|launch(?:ed)?|deliver(?:ed)?) (?:a|an|the|our|my) (?:new )?[\w\"“*-]+|app(?:lication)?|platform|prototype|capstone|assignment|game|site|website|library|tool|driver|package|plugin|initiative|program(?:me)?)\b", _I)
AIM = re.compile(r"\b(?:(?:object(?:ive)?|goal|purpose|aim|motivation|idea) (?:of|behind|for) (?:this|the)|this (?:project|assignment)|project (?:was|is|that|called|named)|worked on|working on|was to (?:build|create|develop))\b", _I)
SIGNED = re.compile(r"\s[–—-]{1,2}\s*[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,3}(?:,? \(?[\w ,]{3,40}\)?)?\W*\Z")
LEARNED = re.compile(r"\b(?:learn(?:ed|t|ing)|realized|realised|discovered|found (?:that|out)|taught me|lesson|takeaway|understood|gained (?:\w+ ){0,3}(?:experience|understanding|knowledge))\b", _I)
OUTCOME = re.compile(r"\b(?:resulted|resulting|increas\w+|reduc\w+|improved|saved|saving|enabled|allowing|leading to|successful\w*|achiev\w+|complet\w+|deliver\w+|launched|released|shipped|implemented|created|built|developed|designed|led|organi[sz]ed|introduced|solved|fixed|migrated|automated|managed|established|wrote|taught|mentored|trained)\b", _I)
TRAIT = re.compile(r"\b(?:(?:is|was|has been|are|'s) (?:\w+ ){0,4}(?:\w+ful|\w+ive|\w+ent|\w+ant|\w+able|\w+ous|patient|kind|skilled|talented|great|good|excellent|dedicated|driven|motivated|organized)|ability to|knack for|always|never (?:fails|hesitates)|pleasure|passion|a (?:great|true|real|valuable|strong|natural|rare)|(?:i|we) (?:love[ds]?|enjoy(?:ed)?|appreciate[ds]?|admire[ds]?|trust(?:ed)?|like[ds]?)|thank)\b", _I)
PLEASANTRY = re.compile(r"\W*(?:thank(?:s| you)\W*(?:\w+\W*){0,3}|sincerely|best|regards|please feel free|if you have any|i am writing|this letter|it is (?:with|my)|have a (?:lovely|nice|good|great)|i would (?:also )?like to thank|special thanks)\b", _I)
HARD = re.compile(r"\b(?:but|however|although|unfortunately|struggle[ds]?|difficult|hard(?:er)? (?:to|for)|not (?:enough|yet)|still|didn't|couldn't|wasn't|failed)\b", _I)
INSTRUCTION = re.compile(r"\W*(?:please (?:describe|list|provide|include|answer)|answer the|describe|list (?:your|any|the)|include|provide|how (?:did|do|well|would)|what (?:are|is|did|do)|rate|discuss|explain)\b", _I)


def verdicts(document: Document, fact: Facts) -> Iterator[str]:
    """Every rule that fires for the unit."""
    yield from _against(fact)
    if document.kind == "code_review":
        yield from _thread(fact)
    else:
        yield from _owned(document, fact)
        yield from _told(document, fact)
    yield from _named_things(document, fact)


def _against(fact: Facts) -> Iterator[str]:
    plain, words = fact.unit.plain, fact.unit.words
    if len(words) <= 2 and not DEFECT.search(plain):
        yield "X:short"
    if plain.endswith(":") and fact.block.kind != "cell" and not (fact.role == "other" and DEFECT.search(plain)):
        yield "X:introduces"
    if PLEASANTRY.match(plain):
        yield "X:pleasantry"
    if INSTRUCTION.match(plain):
        yield "X:instruction"
    if fact.who == "other" and fact.role != "other":
        yield "X:others"
    if fact.role == "bot":
        yield "X:bot"


def _thread(fact: Facts) -> Iterator[str]:
    """Comments on a change: a reviewer asks or praises, the author tells what was done."""
    plain, words = fact.unit.plain, fact.unit.words
    if fact.unit.suggestion:
        yield "A:suggestion" if fact.role == "other" else "X:own-suggestion"
    elif fact.role in {"other", "bot"}:
        asks = bool(REQUEST.search(plain))
        if fact.tense == "question":
            yield "A:asked" if asks else "X:question"
            if BARE_WHY.match(plain):
                yield "X:why"
        elif fact.tense == "imperative":
            yield "A:ordered"
        elif asks:
            yield "A:requested"
        if DEFECT.search(plain):
            yield "A:defect"
        if not PRAISE.isdisjoint(words) and not asks:
            yield "T:reviewer"
        if EMPTY_REPLY.match(plain):
            yield "X:empty"
        if fact.block.kind == "item" and len(words) > 4:
            yield "A:listed"
    elif fact.role == "self":
        if EMPTY_REPLY.match(plain):
            yield "X:empty"
        elif is_past(words[0]) and len(words) > 3:
            yield "K:did"
        elif fact.tense == "past" and not FIRST.isdisjoint(words[:4]):
            yield "K:i-did"
        elif NOW.search(plain):
            yield "K:now"
        if CHANGE.search(plain):
            yield "K:change"
        if COMMIT.search(plain):
            yield "A:commits"
        if words[0] in DESCRIBES and len(words) > 3:
            yield "K:describes"
        elif words[0] in {"add", "fix", "implement", "support", "introduce", "refactor", "remove", "make"} and len(words) > 3:
            yield "K:describes"


def _owned(document: Document, fact: Facts) -> Iterator[str]:
    """Actions by owner, by section and by promise; what is done is none."""
    plain = fact.unit.plain
    means = {fact.meaning, fact.lead_meaning}
    to_do = bool(means & {"actions", "goals"})
    done = fact.done
    if done:
        yield "K:checked" if fact.unit.first else "K:checked-more"
    mine = fact.who in {"subject", "both"} or (fact.who is None and document.voice != "letter" and not fact.other_named)
    if fact.block.checked is False and mine:
        yield "A:open"
    if fact.owner in {"subject", "both"} and not done and fact.tense not in {"past", "question"}:
        yield "A:owner"
        if fact.block.kind == "cell":
            yield "A:owner-cell"
    if to_do and mine and not done and fact.tense in {"imperative", "ing", "to", "none", "will", "duty"}:
        yield f"A:section-{fact.block.kind}"
    if fact.named and TO_DO.search(plain) and fact.tense != "question":
        yield f"A:named-{fact.named}" if fact.tense in {"will", "to", "duty"} else "A:named"
    if fact.named == "start" and fact.tense == "past":
        yield "K:named"
    elif fact.named in {"in", "pronoun"} and fact.tense == "past":
        yield "K:mentioned"
    if fact.tense == "imperative" and mine and document.kind == "meeting_notes" and not done:
        yield f"A:imperative-{'few' if fact.few else 'many'}"
    if fact.tense == "imperative" and document.kind == "performance_review" and (fact.said_by or "feedback" in means or document.voice == "letter"):
        yield "A:told"
    if document.kind == "performance_review" and (fact.said_by or "feedback" in means) and DEFECT.search(plain):
        yield "A:defect"
    if fact.role == "other" and document.kind == "meeting_notes" and (fact.tense == "imperative" or REQUEST.search(plain)):
        if fact.named:
            yield "A:asked-by-name"
        elif not SECOND.isdisjoint(fact.unit.words) and fact.few:
            yield "A:asked-you"
    if COMMIT.search(plain) and fact.role != "other":
        yield "A:commits-self" if fact.role == "self" else "A:commits"
    if WISH.search(plain):
        yield "A:wish"
    if ADVICE.search(plain):
        yield "A:advice"
        if not SECOND.isdisjoint(fact.unit.words) or fact.named or fact.said_by:
            yield "A:advice-to"


TO_DO = re.compile(r"\b(?:will|to|should|must|shall|needs? to|going to|agreed to|is to|asked|ask|volunteered|offered|'ll|can you|action)\b", _I)


def _told(document: Document, fact: Facts) -> Iterator[str]:
    """Reviews, letters and reports: what was done, and what others think of it."""
    plain, words = fact.unit.plain, fact.unit.words
    first = not FIRST.isdisjoint(words[:6])
    third = bool(fact.named) or not THIRD.isdisjoint(words[:8])
    praised = not PRAISE.isdisjoint(words) or bool(TRAIT.search(plain))
    others_words = fact.said_by or document.voice == "letter" or fact.quoted
    outcome = bool(OUTCOME.search(plain))
    if fact.tense == "past":
        if first and not others_words:
            yield "K:self-did" if fact.role == "self" and len(words) > 4 else "K:i-did"
        elif is_past(words[0]) and fact.who != "other":
            yield "K:did"
        if third and document.voice == "letter":
            yield "K:they-did" if outcome else "T:they-did"
    if outcome and fact.who not in {"other", "group"} and fact.tense in {"past", "imperative", "ing", "does"}:
        yield "K:outcome"
    if {fact.meaning, fact.lead_meaning} & {"done"} and fact.tense in {"past", "imperative", "ing", "none", "does"} and fact.who != "other":
        yield f"K:section-{fact.block.kind}"
    if LEARNED.search(plain) and not others_words:
        yield "K:learned"
    if praised and others_words:
        yield "T:praise"
        if third or not SECOND.isdisjoint(words):
            yield "T:of-person"
    elif praised and third and document.kind == "performance_review":
        yield "T:third"
    if fact.quoted and document.kind == "performance_review":
        yield "T:quoted"
    if "feedback" in {fact.meaning, fact.lead_meaning} and document.kind == "performance_review" and SIGNED.search(plain):
        yield "T:signed"
    if HARD.search(plain):
        yield "X:hard"
    if document.kind == "performance_review" and not others_words and (figure := metric(plain)):
        yield "K:rating" if "/" in figure or "%" in figure else "K:figure"


def _named_things(document: Document, fact: Facts) -> Iterator[str]:
    """Positions, studies, certificates, awards, publications and projects; each needs that it is the subject's."""
    plain, words = fact.unit.plain, fact.unit.words
    mine = _is_subjects(document, fact)
    over = fact.tense in {"past", "none", "present", "ing", "does"} and not WISHED.search(plain)
    if HIRED.search(plain):
        yield "W:hired"
        if EMPLOYER.search(plain):
            yield "W:employer"
        if mine and over:
            yield "W:mine"
    if document.kind == "performance_review" and fact.block.kind != "heading" and len(words) > 1 and fact.who != "other":
        yield from _listed(fact)
    if STUDY.search(plain) and mine and over:
        yield "E:study" if STUDIED.search(plain) and not TAUGHT.search(plain) else "E:mention"
    if CERTIFICATE.search(plain) and mine and over:
        yield "C:certificate" if GOT.search(plain) else "C:mention"
    if AWARD.search(plain) and mine and over:
        yield "R:award" if RECEIVED.search(plain) else "R:mention"
    if document.kind != "code_review":
        if (PUBLISHED.search(plain) and mine and over) or CITATION.search(plain):
            yield "B:published"
        if fact.meaning == "talks" and fact.block.kind in {"item", "cell"} and len(words) > 3 and document.kind == "performance_review":
            yield "B:section"
            if BOOKS.search(" ".join(fact.block.section[-1:])):
                yield "X:read"
    if PROJECT.search(plain):
        yield "P:thing"
    if AIM.search(plain):
        yield "P:aim"
    if fact.opens and document.kind == "performance_review" and _under_projects(fact.block.section):
        yield "P:opens"
    if NAMED_PROJECT.search(document.text[fact.unit.start : fact.unit.end]):
        yield "P:named"


def _listed(fact: Facts) -> Iterator[str]:
    """Lines of a CV under a heading that says what they are: "Ward nurse, Hillside Hospital, 2019-2021"."""
    plain = fact.unit.plain
    if fact.meaning == "experience" and role_title(plain) and (YEAR.search(plain) or organisation(plain)):
        yield "W:listed"
    elif fact.meaning == "education" and STUDY.search(plain) and not FIRST.intersection(fact.unit.words[:3]):
        yield "E:listed"
    elif fact.meaning == "certifications" and fact.block.kind in {"item", "cell"}:
        yield "C:listed"
    elif fact.meaning == "awards" and fact.block.kind in {"item", "cell"} and (AWARD.search(plain) or YEAR.search(plain)):
        yield "R:listed"


def _under_projects(section: tuple[str, ...]) -> bool:
    """Below "Projects", under the name of one."""
    return len(section) > 1 and bool(PROJECTS.search(section[-2])) and meaning((section[-1],)) == "other"


PROJECTS = re.compile(r"\bprojects?\b", _I)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _is_subjects(document: Document, fact: Facts) -> bool:
    if fact.who in {"other", "group"} and not fact.named:
        return False
    if fact.named or document.voice == "letter":
        return bool(fact.named) or not THIRD.isdisjoint(fact.unit.words[:8]) or is_past(fact.unit.words[0])
    return document.voice == "first_person" and (
        not FIRST.isdisjoint(fact.unit.words[:12]) or is_past(fact.unit.words[0]) or fact.block.kind == "item"
    )


WISHED = re.compile(r"\b(?:will|want|plan(?:s|ning)?|hope|goal|would|should|could|going to|next|aim|intend|apply(?:ing)?|prepar\w+|study(?:ing)? for|pursue)\b", _I)
STUDIED = re.compile(
    r"\b(?:(?:got|earned|has|have|holds?|received|completed?|finished|obtained|did) (?:a|an|his|her|their|my|the) [^.]{0,40}"
    r"(?:degree|bachelor|master|ph\.?d|diploma|b\.?sc|m\.?sc|mba)|graduated|stud(?:y|ied|ying) (?:at|in)|enrolled|"
    r"(?:accepted|admitted) (?:for|to|into)|attend(?:ed|ing)|degree (?:in|from)|majored|went to|(?:degree|bachelor|master|ph\.?d|diploma|ml?is|mba|b\.?s\.?n)\b[^.]{0,60}\b(?:from|at)\b|program(?:me)? at|boot ?camp with|student at)\b", _I)
TAUGHT = re.compile(r"\b(?:professor|taught|teach\w*|lectur\w+|event|held|meeting)\b", _I)
RECEIVED = re.compile(r"\b(?:received?|won|awarded|promoted|recogni[sz]ed|named|became|selected|honou?red|earned|got|finalist|winner|elected|nominated)\b", _I)
BOOKS = re.compile(r"\b(?:read|reading|attended|watched|listened)\b", _I)
