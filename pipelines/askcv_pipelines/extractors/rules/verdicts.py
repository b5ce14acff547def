"""What single rules say of a unit. Each verdict is a name; the model weighs them, and a veto ends the matter.

Names begin with the domain they speak for: ``A`` action, ``K`` knowledge, ``T`` testimonial, ``W`` position, ``P``
project, ``B`` publication, ``C`` certificate, ``E`` education, ``R`` award; ``X`` speaks against all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from askcv_pipelines.extractors.rules import credentials
from askcv_pipelines.extractors.rules import patterns as say
from askcv_pipelines.extractors.rules.context import Facts
from askcv_pipelines.extractors.rules.figures import metric
from askcv_pipelines.extractors.rules.names import NAMED_PROJECT, organisation, role_title
from askcv_pipelines.extractors.rules.posts import post
from askcv_pipelines.extractors.rules.tense import is_past
from askcv_pipelines.extractors.rules.words import FIRST, PLURAL, PRAISE, SECOND, THIRD
from askcv_pipelines.reading.dates import DEADLINE
from askcv_pipelines.reading.sections import meaning
from askcv_pipelines.values import Document

LINE = 30
"""Words of a line of a record, at most."""
IN_QUOTES = re.compile(r"[\"“][^\"”]{6,200}[\"”]")


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
    if len(words) <= 2 and not say.DEFECT.search(plain):
        yield "X:short"
    if plain.endswith(":") and fact.block.kind != "cell" and not (fact.role == "other" and say.DEFECT.search(plain)):
        yield "X:introduces"
    if say.PLEASANTRY.match(plain):
        yield "X:pleasantry"
    if say.INSTRUCTION.match(plain):
        yield "X:instruction"
    if say.FUTURE.search(plain):
        yield "X:future"
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
        asks = bool(say.REQUEST.search(plain))
        if fact.tense == "question":
            yield "A:asked" if asks else "X:question"
            if say.BARE_WHY.match(plain):
                yield "X:why"
        elif fact.tense == "imperative":
            yield "A:ordered"
        elif asks:
            yield "A:requested"
        if say.DEFECT.search(plain):
            yield "A:defect"
        if not PRAISE.isdisjoint(words) and not asks:
            yield "T:reviewer"
        if say.PRAISES.match(plain) and fact.tense != "question" and len(words) > 3:
            yield "T:opens"
        if say.EMPTY_REPLY.match(plain):
            yield "X:empty"
        if fact.block.kind == "item" and len(words) > 4:
            yield "A:listed"
    elif fact.role == "self":
        if say.EMPTY_REPLY.match(plain):
            yield "X:empty"
        elif is_past(words[0]) and len(words) > 3:
            yield "K:did"
        elif fact.tense == "past" and not FIRST.isdisjoint(words[:4]):
            yield "K:i-did"
        elif say.NOW.search(plain):
            yield "K:now"
        if say.CHANGE.search(plain):
            yield "K:change"
        if say.COMMIT.search(plain):
            yield "A:commits"
        if (words[0] in say.DESCRIBES and len(words) > 3) or (
            words[0] in {"add", "fix", "implement", "support", "introduce", "refactor", "remove", "make"}
            and len(words) > 3
        ):
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
    pledged = document.kind == "meeting_notes" and bool(say.PLEDGED.search(plain))
    if pledged and (fact.owner in {"subject", "both"} or fact.named in {"start", "in", "pronoun"}):
        yield "A:pledged"
    if fact.owner in {"subject", "both"} and fact.lead_meaning == "done" and fact.tense not in {"will", "duty", "to"}:
        yield "K:owned"
    elif fact.owner in {"subject", "both"} and not done and (pledged or fact.tense not in {"past", "question"}):
        yield "A:owner"
        if fact.block.kind == "cell":
            yield "A:owner-cell"
    if to_do and mine and not done and fact.tense in {"imperative", "ing", "to", "none", "will", "duty"}:
        yield f"A:section-{fact.block.kind}"
    if fact.named and say.TO_DO.search(plain) and fact.tense != "question":
        yield f"A:named-{fact.named}" if fact.tense in {"will", "to", "duty"} else "A:named"
    if fact.named == "start" and fact.tense == "past":
        yield "K:named"
    elif fact.named in {"in", "pronoun"} and fact.tense == "past":
        yield "K:mentioned"
    if fact.tense == "imperative" and mine and document.kind == "meeting_notes" and not done:
        yield f"A:imperative-{'few' if fact.few else 'many'}"
    if (
        fact.tense == "imperative"
        and document.kind == "performance_review"
        and (fact.said_by or "feedback" in means or document.voice == "letter")
    ):
        yield "A:told"
    if document.kind == "performance_review" and (fact.said_by or "feedback" in means) and say.DEFECT.search(plain):
        yield "A:defect"
    if (
        fact.role == "other"
        and document.kind == "meeting_notes"
        and (fact.tense == "imperative" or say.REQUEST.search(plain))
    ):
        if fact.named:
            yield "A:asked-by-name"
        elif not SECOND.isdisjoint(fact.unit.words) and fact.few:
            yield "A:asked-you"
    yield from _intended(document, fact, mine)


def _intended(document: Document, fact: Facts, mine: bool) -> Iterator[str]:
    """Promises, wishes and advice, and what the line above a list says of it."""
    plain = fact.unit.plain
    if say.COMMIT.search(plain) and fact.role != "other":
        yield "A:commits-self" if fact.role == "self" else "A:commits"
    if say.WISH.search(plain):
        yield "A:wish"
    if mine and fact.tense in {"imperative", "none", "ing"} and not fact.done and DEADLINE.search(plain):
        yield "A:deadline"
    if fact.lead_tense in {"will", "duty", "to"} and fact.tense not in {"past", "question"} and mine:
        yield "A:lead"
    elif fact.lead_tense == "past" and fact.tense not in {"will", "duty", "question"} and mine:
        yield "K:lead"
    if document.voice == "first_person" and document.kind == "meeting_notes" and say.ELLIPTIC.match(plain) and mine:
        yield "A:elliptic"
    if say.ADVICE.search(plain):
        yield "A:advice"
        if not SECOND.isdisjoint(fact.unit.words) or fact.named or fact.said_by:
            yield "A:advice-to"


def _told(document: Document, fact: Facts) -> Iterator[str]:
    """Reviews, letters and reports: what was done, and what others think of it."""
    plain, words = fact.unit.plain, fact.unit.words
    first = not FIRST.isdisjoint(words[:6])
    third = bool(fact.named) or not THIRD.isdisjoint(words[:8])
    praised = not PRAISE.isdisjoint(words) or bool(say.TRAIT.search(plain))
    others_words = fact.said_by or document.voice == "letter" or fact.quoted
    outcome = bool(say.OUTCOME.search(plain))
    if fact.tense == "past":
        if first and not others_words:
            yield "K:self-did" if fact.role == "self" and len(words) > 4 else "K:i-did"
        elif is_past(words[0]) and fact.who != "other":
            yield "K:did"
        if third and document.voice == "letter":
            yield "K:they-did" if outcome else "T:they-did"
    if outcome and fact.who not in {"other", "group"} and fact.tense in {"past", "imperative", "ing", "does"}:
        yield "K:outcome"
    if (
        {fact.meaning, fact.lead_meaning} & {"done"}
        and fact.tense in {"past", "imperative", "ing", "none", "does"}
        and fact.who != "other"
    ):
        yield f"K:section-{fact.block.kind}"
    if say.LEARNED.search(plain) and not others_words:
        yield "K:learned"
    if praised and others_words:
        yield "T:praise"
        if third or not SECOND.isdisjoint(words):
            yield "T:of-person"
    elif praised and third and document.kind == "performance_review":
        yield "T:third"
    elif praised and fact.role == "other" and fact.few and fact.tense == "past" and not SECOND.isdisjoint(words[:6]):
        yield "T:said-to-you"
    if fact.quoted and document.kind == "performance_review":
        yield "T:quoted"
    if (
        "feedback" in {fact.meaning, fact.lead_meaning}
        and document.kind == "performance_review"
        and say.SIGNED.search(plain)
    ):
        yield "T:signed"
    if say.HARD.search(plain):
        yield "X:hard"
    if document.kind == "performance_review" and not others_words and (figure := metric(plain)):
        yield "K:rating" if "/" in figure or "%" in figure else "K:figure"


def _named_things(document: Document, fact: Facts) -> Iterator[str]:
    """Positions, studies, certificates, awards, publications and projects; each needs that it is the subject's."""
    plain, words = fact.unit.plain, fact.unit.words
    mine = _is_subjects(document, fact)
    over = fact.tense in {"past", "none", "present", "ing", "does"} and not say.WISHED.search(plain)
    if say.HIRED.search(plain):
        yield "W:hired"
        if say.EMPLOYER.search(plain):
            yield "W:employer"
        if mine and over:
            yield "W:mine"
    if (
        document.kind == "performance_review"
        and fact.block.kind != "heading"
        and len(words) > 1
        and fact.who != "other"
    ):
        yield from _listed(fact)
        yield from _line(fact)
    if document.kind != "code_review":
        yield from _stated(document, fact, mine and over)
    if say.STUDY.search(plain) and mine and over and not say.STUDENTS.search(plain):
        yield "E:study" if say.STUDIED.search(plain) and not say.TAUGHT.search(plain) else "E:mention"
    if say.CERTIFICATE.search(plain) and mine and over:
        yield "C:certificate" if say.GOT.search(plain) else "C:mention"
    if say.AWARD.search(plain) and mine and over:
        yield "R:award" if say.RECEIVED.search(plain) else "R:mention"
    if document.kind != "code_review":
        ours = document.voice == "first_person" and not PLURAL.isdisjoint(words[:8])
        if (say.PUBLISHED.search(plain) and (mine or ours) and over) or say.CITATION.search(plain):
            yield "B:published"
        if (
            fact.meaning == "talks"
            and fact.block.kind in {"item", "cell"}
            and len(words) > 3
            and document.kind == "performance_review"
            and (credentials.is_line(plain, 25) or IN_QUOTES.search(plain) or say.YEAR.search(plain))
        ):
            yield "B:section"
            if say.BOOKS.search(" ".join(fact.block.section[-1:])):
                yield "X:read"
    if say.PROJECT.search(plain):
        yield "P:thing"
    if say.AIM.search(plain):
        yield "P:aim"
    if fact.opens and document.kind == "performance_review" and _under_projects(fact.block.section):
        yield "P:opens"
    if NAMED_PROJECT.search(document.text[fact.unit.start : fact.unit.end]):
        yield "P:named"


def _listed(fact: Facts) -> Iterator[str]:
    """Lines of a CV under a heading that says what they are: "Ward nurse, Hillside Hospital, 2019-2021"."""
    plain = fact.unit.plain
    if fact.meaning == "experience" and role_title(plain) and (say.YEAR.search(plain) or organisation(plain)):
        yield "W:listed"
    elif fact.meaning == "education" and say.STUDY.search(plain) and not FIRST.intersection(fact.unit.words[:3]):
        yield "E:listed"
    elif fact.meaning == "certifications" and fact.block.kind in {"item", "cell"}:
        yield "C:listed"
    elif (
        fact.meaning == "awards"
        and fact.block.kind in {"item", "cell"}
        and (say.AWARD.search(plain) or say.YEAR.search(plain))
    ):
        yield "R:listed"


def _line(fact: Facts) -> Iterator[str]:
    """Lines that name one thing wherever they stand: "MSc Botany, Tarn, 2013"."""
    plain = fact.unit.plain
    if len(fact.unit.words) > LINE or {fact.meaning, fact.lead_meaning} & {"goals", "actions"}:
        return
    if say.WISHED.search(plain):
        return
    if (held := post(plain)) and held.line:
        yield "W:line"
    elif credentials.names_degree(plain):
        yield "E:line"
    elif credentials.names_certificate(plain):
        yield "C:line"
    elif credentials.names_prize(plain):
        yield "R:line"
    elif credentials.names_work(plain) and fact.meaning != "feedback" and not fact.said_by:
        yield "B:line"


def _stated(document: Document, fact: Facts, mine: bool) -> Iterator[str]:
    """Sentences that say of the subject what a line would name."""
    plain = fact.unit.plain
    if not mine or fact.tense in {"question", "will", "imperative"}:
        return
    if document.voice == "letter" and not FIRST.isdisjoint(fact.unit.words[:3]) and not fact.named:
        return  # the referee's own
    if (held := post(plain)) and not held.line and (held.organisation or held.dated):
        yield "W:held"
    if credentials.STUDIED.search(plain) and not say.TAUGHT.search(plain) and not say.STUDENTS.search(plain):
        yield "E:stated"
    if credentials.gained_certificate(plain):
        yield "C:gained"
    if credentials.was_given_prize(plain):
        yield "R:given"


def _under_projects(section: tuple[str, ...]) -> bool:
    """Below "Projects", under the name of one."""
    return len(section) > 1 and bool(say.PROJECTS.search(section[-2])) and meaning((section[-1],)) == "other"


def _is_subjects(document: Document, fact: Facts) -> bool:
    if fact.who in {"other", "group"} and not fact.named:
        return False
    if fact.named or document.voice == "letter":
        return bool(fact.named) or not THIRD.isdisjoint(fact.unit.words[:8]) or is_past(fact.unit.words[0])
    return document.voice == "first_person" and (
        not FIRST.isdisjoint(fact.unit.words[:12]) or is_past(fact.unit.words[0]) or fact.block.kind == "item"
    )
