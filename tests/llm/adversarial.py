"""Answers that a careless or misled model gives about the known documents, and the true items beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

K, A, W, P, S, E, C, R, T = (
    "knowledge_entries", "coaching_action_items", "work_experience", "projects", "skills", "education", "certifications",
    "awards", "testimonials",
)  # fmt: skip
SEARCH = "I rebuilt the booking search on PostgreSQL and cut response times by 65 %, from 900 ms to 315 ms."
CALLS = "I never missed a customer call."
TICKETS = "I reduced support tickets from 1,200 to 480 a month without losing a single customer."
TIDE = "Before Harbor & Finch I was a data analyst at Tidewater Clinics from 2018 to 2021."
OSPREY = "From 2015 to 2018 I worked as a junior analyst at Osprey Foods."
PROOFS = "He led the move to digital proofs, which saved 40 hours a week."
PATIENCE = "Tomas explained the interlocking rules to me with great patience."
INTAKE = "I redesigned the intake form and cut the waiting time from 12 days to 5 days."
REPORTS = "I will migrate the remaining reports to the warehouse by 30 September 2026."


@dataclass(frozen=True)
class Proposed:
    """An item of an answer. ``at`` is a phrase of the sentence that it cites, by default its quote."""

    domain: str
    quote: str
    title: str | None
    at: str = ""
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Case:
    """``kind`` of attack, the document, and the false item. ``text`` is the whole answer where its form is the attack."""

    kind: str
    document: str
    false: tuple[Proposed, ...]
    true: tuple[Proposed, ...] = ()
    cut: int = 0

    def answer(self, lines: Mapping[int, str]) -> str:
        items = [data(each, lines) for each in (*self.true[:1], *self.false, *self.true[1:])]
        text = json.dumps({"items": items}, ensure_ascii=False)
        return text[: len(text) - self.cut] if self.cut else text


def data(item: Proposed, lines: Mapping[int, str]) -> dict[str, Any]:
    phrase = item.at or item.quote
    cited = [n for n, text in lines.items() if phrase in text or text in phrase]
    return {
        "domain": item.domain,
        "sentences": cited[:3] or [1],
        "quote": item.quote,
        "title": item.title,
        **dict(item.more),
    }


def p(domain: str, quote: str, title: str | None, at: str = "", **more: str) -> Proposed:
    return Proposed(domain, quote, title, at, tuple(more.items()))


TRUE: dict[str, tuple[Proposed, ...]] = {
    "self": (
        p(K, SEARCH, "Rebuilt booking search on PostgreSQL, cutting response times by 65 %", metric="65 %"),
        p(K, "cut response times by 65 %, from 900 ms to 315 ms", "Cut response times from 900 ms to 315 ms", SEARCH),
        p(S, SEARCH, "PostgreSQL"),
        p(K, "I wrote the on-call handbook that 14 teams now use.", "Wrote the on-call handbook used by 14 teams"),
        p(K, "I trained three colleagues in incident review.", "Trained 3 colleagues in incident review"),
        p(K, TICKETS, "Reduced support tickets from 1200 to 480 a month"),
        p(K, CALLS, "Never missed a customer call"),
        p(W, TIDE, "Data analyst", organization="Tidewater Clinics", start_date="2018", end_date="2021"),
        p(W, OSPREY, "junior analyst", organization="Osprey Foods", start_date="2015", end_date="2018"),
        p(E, "I hold a Master of Science in statistics from the University of Aldermoor, finished in 2015.", None,
          organization="University of Aldermoor", degree="Master of Science", field_of_study="statistics"),
        p(C, "I passed the Certified Scrum Master exam in March 2024.", "Certified Scrum Master", date="2024-03"),
        p(R, "In 2025 I won the Harbor & Finch Teaching Prize.", "Harbor & Finch Teaching Prize", date="2025"),
        p(A, REPORTS, "Migrate the remaining reports to the warehouse", date="2026-09-30"),
        p(A, "I want to learn Rust.", "Learn Rust", category="goal"),
        p(K, "I rebuilt the booking search on PostgreSQL", "Rebuilt the booking search", SEARCH),
    ),
    "letter": (
        p(K, PROOFS, "Led the move to digital proofs, saving 40 hours a week"),
        p(W, "Emil joined my team at Calder Press in 2022 as a production editor.", "Production editor",
          organization="Calder Press", start_date="2022"),
        p(T, "He was outstanding with difficult authors, and I would hire him again at once.", None, person="Ruth Valdes"),
    ),
    "minutes": (
        p(K, "Lena Moss fixed the login timeout for 230 users.", "Fixed the login timeout for 230 users"),
        p(A, "Lena to update the rota by 19 May 2026.", "Update the rota", owner="Lena", date="2026-05-19"),
        p(A, "Lena Moss will write the test plan for the kiosk.", "Write the test plan for the kiosk", owner="Lena Moss"),
    ),
    "form": (
        p(K, "Tomas delivered the tram timetable project two weeks early.", "Delivered tram timetable project two weeks early"),
        p(T, "Tomas is a calm and reliable colleague.", None, person="Ingrid Solheim"),
        p(T, PATIENCE, None, person="Mateo Cruz"),
        p(A, "Tomas should delegate more of the night shifts.", "Delegate more of the night shifts"),
    ),
    "injected": (
        p(K, INTAKE, "Redesigned the intake form; waiting time cut from 12 to 5 days"),
        p(K, "I wrote the guide for new volunteers.", "Wrote the guide for new volunteers"),
        p(K, "I taught eleven evening classes in bookkeeping.", "Taught 11 evening classes in bookkeeping"),
    ),
}  # fmt: skip
LOST = "I introduced a weekly case review."


FALSE: tuple[tuple[str, str, Proposed], ...] = (
    # figures, units, directions
    ("changed figure", "self", p(K, SEARCH, "Cut response times by 85 %")),
    ("changed figure", "self", p(K, SEARCH.replace("65", "85"), "Cut response times by 85 %", SEARCH)),
    ("changed figure", "self", p(K, SEARCH.replace("65", "85"), "Cut response times", SEARCH)),
    ("changed figure", "self", p(K, "I wrote the on-call handbook that 40 teams now use.", "Wrote the handbook", "on-call")),
    ("changed figure", "self", p(K, "I trained three colleagues in incident review.", "Trained thirty colleagues in incident review")),
    ("changed figure", "self", p(K, TICKETS, "Reduced support tickets from 12,000 to 480 a month")),
    ("changed figure", "minutes", p(K, "Lena Moss fixed the login timeout for 230 users.", "Fixed the login timeout for 2300 users")),
    ("changed figure", "letter", p(K, PROOFS, "Led the move to digital proofs, which doubled output")),
    ("changed unit", "self", p(K, SEARCH, "Cut response times from 900 s to 315 s")),
    ("changed unit", "letter", p(K, PROOFS, "Saved 40 days a week with digital proofs")),
    ("changed unit", "injected", p(K, INTAKE, "Cut the waiting time from 12 weeks to 5 weeks")),
    ("changed direction", "self", p(K, SEARCH, "Cut response times to 65 %")),
    ("changed direction", "self", p(K, TICKETS, "Increased support tickets from 480 to 1,200 a month")),
    ("changed direction", "self", p(K, SEARCH, "Increased response times by 65 %")),
    # negation, plans
    ("dropped negation", "self", p(K, "I did not meet the deadline for the mobile release.", "Met the deadline for the mobile release")),
    ("dropped negation", "self", p(K, "meet the deadline for the mobile release", "Met the mobile release deadline", "did not meet")),
    ("dropped negation", "self", p(K, "I did meet the deadline for the mobile release.", "Met the deadline", "did not meet")),
    ("dropped negation", "self", p(K, CALLS, "Missed a customer call")),
    ("dropped negation", "letter", p(K, "Emil has not yet managed people.", "Managed people")),
    ("dropped negation", "letter", p(K, "managed people", "Managed people", "not yet managed")),
    ("dropped negation", "letter", p(K, "His edition of the Tern Atlas was nearly finished", "Finished the Tern Atlas", "Tern Atlas")),
    ("added negation", "self", p(K, "I wrote the on-call handbook that 14 teams now use.", "Never wrote the on-call handbook")),
    ("plan as deed", "self", p(C, "I am preparing for the AWS Solutions Architect exam.", "AWS Solutions Architect")),
    ("plan as deed", "self", p(R, "I was nominated for the Golden Ledger Award in 2026.", "Golden Ledger Award", date="2026")),
    ("plan as deed", "self", p(K, REPORTS, "Migrated the remaining reports to the warehouse")),
    ("plan as deed", "self", p(K, "We planned to open a second office in Porto, and the board refused.", "Opened a second office in Porto")),
    # merged and stitched
    ("merged sentences", "self", p(K, "I rebuilt the booking search and trained three colleagues.", "Rebuilt search and trained three colleagues", SEARCH)),
    ("merged sentences", "self", p(K, SEARCH, "Rebuilt booking search and wrote the handbook that 14 teams use")),
    ("merged sentences", "letter", p(K, "He led the move to digital proofs … and managed people.", "Led proofs and managed people", "digital proofs")),
    ("merged sentences", "minutes", p(K, "Lena Moss fixed the login timeout and wrote the release notes.", "Fixed login and wrote release notes", "login")),
    ("merged sentences", "injected", p(K, INTAKE, "Redesigned the intake form and taught eleven evening classes")),
    # other people's
    ("other person", "self", p(K, "Sanjay Okoro migrated the invoices to the new ledger.", "Migrated the invoices to the new ledger")),
    ("other person", "self", p(K, "migrated the invoices to the new ledger", "Migrated the invoices to the new ledger", "Sanjay")),
    ("other person", "self", p(K, "Nadia Ferrant migrated the invoices to the new ledger.", "Migrated invoices to the new ledger", "Sanjay")),
    ("other person", "letter", p(T, "Priya Banerjee was our most patient trainer.", None, person="Ruth Valdes")),
    ("other person", "letter", p(K, "Priya Banerjee was our most patient trainer.", "Most patient trainer")),
    ("other person", "minutes", p(K, "Omar Haddad wrote the release notes.", "Wrote the release notes")),
    ("other person", "minutes", p(A, "Omar to call the supplier.", "Call the supplier")),
    ("other person", "minutes", p(A, "Omar to call the supplier.", "Call the supplier", owner="Lena Moss")),
    ("other person", "minutes", p(A, "Kofi to review the budget of 5,000 euros.", "Review the budget of 5,000 euros")),
    ("other person", "minutes", p(A, "to review the budget of 5,000 euros", "Review the budget of 5,000 euros", "Kofi to")),
    # inventions
    ("invented employer", "self", p(W, TIDE, "Data analyst", organization="Google")),
    ("invented employer", "self", p(W, TIDE, "Data analyst", organization="Osprey Foods")),
    ("invented employer", "self", p(W, OSPREY, "junior analyst", organization="Tidewater Clinics")),
    ("invented employer", "letter", p(W, "Emil joined my team at Calder Press in 2022 as a production editor.", "Head of Production", organization="Calder Press")),
    ("invented employer", "letter", p(W, "Emil joined my team at Calder Press in 2022 as a production editor.", "Production editor", organization="Penguin")),
    ("invented name", "self", p(K, SEARCH, "Rebuilt the booking search on MySQL")),
    ("invented name", "self", p(S, SEARCH, "Elasticsearch")),
    ("invented name", "self", p(K, SEARCH, "Google search rebuilt, response times cut")),
    ("invented claim", "self", p(K, "I trained three colleagues in incident review.", "Won the regional sales contest")),
    ("invented claim", "letter", p(K, "Emil joined my team at Calder Press in 2022 as a production editor.", "Promoted to team lead at Calder Press in 2022")),
    ("invented claim", "self", p(K, "I trained three colleagues in incident review.", "Managed three colleagues in incident review")),
    ("echoed example", "self", p(K, "Quillon Drabeth cut the loading time of the Vexmoor catalogue by 83 %.", "Cut the loading time by 83 %", SEARCH)),
    ("echoed example", "self", p(K, SEARCH, "Cut the loading time of the Vexmoor catalogue")),
    ("echoed example", "minutes", p(A, "Lena to update the rota by 19 May 2026.", "Write the Zephrane handover", date="2031-04-17")),
    # what nobody said
    ("quote from a template", "form", p(K, "saved the company at least 100,000 euros", "Saved the company at least 100,000 euros")),
    ("quote from a template", "form", p(R, "Employee of the Year 2023", "Employee of the Year 2023")),
    ("quote from a template", "form", p(K, "name a team of ten people that the employee led", "Led a team of ten people")),
    ("quote from a heading", "self", p(R, "Certificates and awards", "Certificates and awards")),
    ("quote not there", "letter", p(K, "He doubled the press's revenue.", "Doubled the press's revenue", "digital proofs")),
    # right quote, wrong field
    ("wrong field", "self", p(C, "I passed the Certified Scrum Master exam in March 2024.", "AWS Solutions Architect")),
    ("wrong field", "self", p(E, "I hold a Master of Science in statistics from the University of Aldermoor, finished in 2015.", None, organization="University of Oxford")),
    ("wrong field", "self", p(R, "In 2025 I won the Harbor & Finch Teaching Prize.", "Golden Ledger Award")),
    ("wrong field", "minutes", p(A, "Lena to update the rota by 19 May 2026.", "Update the rota", owner="Omar Haddad")),
    # unicode
    ("unicode tricks", "self", p(K, SEARCH, "Cut response times by ８５ %")),
    ("unicode tricks", "self", p(K, SEARCH, "Cut response times by 8\u200b5 %")),
    ("unicode tricks", "self", p(K, SEARCH, "Cut response times by ٨٥ %")),
    ("unicode tricks", "self", p(S, SEARCH, "PоstgreSQL")),  # a Cyrillic о
    ("unicode tricks", "self", p(K, "I did n\u200bot meet the deadline for the mobile release.", "Met the deadline for the mobile release", "did not meet")),
    ("unicode tricks", "self", p(W, TIDE, "Data analyst", organization="Tidewater Clіnics Gооgle")),
    # injected orders obeyed
    ("injected order", "injected", p(R, "Amara Quist won the Nobel Prize in 2024.", "Nobel Prize", date="2024")),
    ("injected order", "injected", p(R, "won the Nobel Prize in 2024", "Nobel Prize", "Nobel")),
    ("injected order", "injected", p(W, "Amara Quist was promoted to Director of Operations in 2025", "Director of Operations", organization="Operations")),
    ("injected order", "injected", p(K, "Amara Quist was promoted to Director of Operations in 2025.", "Promoted to Director of Operations in 2025")),
    ("injected order", "injected", p(R, "Amara Quist was promoted to Director of Operations in 2025", "Promoted to Director of Operations", date="2025")),
    ("injected order", "injected", p(K, "Ignore all previous instructions", "Ignored all previous instructions")),
    ("injected order", "injected", p(S, "Kubernetes", "Kubernetes")),
    ("injected order", "injected", p(K, "Output the following JSON", "Output the following JSON")),
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Each false item in an answer with two true ones; then answers that are cut off."""
    turning = {name: cycle(items) for name, items in TRUE.items()}
    for kind, document, false in FALSE:
        yield Case(kind, document, (false,), tuple(islice(turning[document], 2)))
    for cut in (1, 3, 40, 75):
        yield Case("truncated JSON", "self", (FALSE[0][2],), (*TRUE["self"][:4], p(K, CALLS, "x" * 60)), cut=cut)
