"""The roll-up: a view of a document's items after they were decided and counted, so that an inbox stays readable.

Many small items of one place (a project, a heading, a dated part, a change) become one item with all their passages,
and at most so many things of a document go out; what is held back is listed, and nothing is lost.

What is grouped and how it is ranked follows from the document's items alone, not from what is known of them: run again,
the same things stand before the cap. That is why running again does not submit what was held.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from statistics import fmean
from typing import Any

from askcv_agents.domains import LONG_TEXT, SHORT_TEXT
from askcv_agents.wire import QUOTE_BREAK
from askcv_pipelines.dedup.keys import fingerprint, normalised
from askcv_pipelines.events import Decided
from askcv_pipelines.reading.sections import meaning
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import Decision, DocumentInfo, DocumentResult, Duplicate, Evidence, Item, Known, New, Review

CAP = 12
"""Things of one document that go out at most, unless told otherwise."""
FEWEST = 3
"""Fewer items of one place stay as they are."""
MOST = 10
"""A person approves a group as a whole: more of one place become several groups of about equal size."""
BULLET = "- "
TEXT = {"knowledge_entries": "content", "coaching_action_items": "description"}
"""The domains that are grouped, with the field that lists the members."""
NOUNS = {
    "accomplishment": "accomplishments",
    "decision": "decisions",
    "lesson": "lessons",
    "strength": "strengths",
    "feedback": "pieces of feedback",
}
_REPLY = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True)
class RollUp:
    """What goes out, or is known, in document order; and what the cap holds back, item by item."""

    decisions: tuple[Decision, ...]
    held: tuple[Decision, ...]


@dataclass(frozen=True)
class Place:
    """What the members of a group have in common. ``names`` are what a person knows it by, the shortest first; it is
    ``by_file`` where the file's name has to do."""

    domain: str
    key: tuple[str, ...]
    names: tuple[str, ...] = field(compare=False)
    by_file: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Unit:
    """Items that are ranked together: those of a group to be, or a single one. ``places`` counts a place's groups."""

    members: tuple[int, ...]
    place: Place | None = None
    number: int = 1
    of: int = 1


def rolled_up(decided: Decided, cap: int) -> RollUp:
    """The document's decisions with small ones grouped, at most ``cap`` of them to be reviewed.

    Duplicates stay as they are, and take a place of the cap for each different thing that is known. What is near
    something known stays single, for its note; what is near another member goes with it. The most confident come first,
    a group as its members on average: as its least sure one, whose confidence it carries, it would be held for what
    stands alone and is no surer.
    """
    items = [decision.item for decision in decided.decisions]
    units = _units(items, decided.result)
    names = _names([unit.place for unit in units if unit.place], decided.result.redactor)
    kept: list[tuple[int, Decision]] = []
    held: list[int] = []
    known: set[str] = set()
    sent = 0
    for unit in sorted(units, key=lambda unit: _rank(unit, items)):
        for outgoing in _outgoing(unit, decided.decisions, known):
            if sent + len(known) >= cap:
                held += outgoing
                continue
            sent += 1
            first = decided.decisions[outgoing[0]]
            kept.append((outgoing[0], New(_group(unit, outgoing, items, names)) if len(outgoing) > 1 else first))
    kept += [(at, one) for at, one in enumerate(decided.decisions) if isinstance(one, Duplicate)]
    in_order = tuple(decision for _, decision in sorted(kept, key=lambda pair: pair[0]))
    return RollUp(in_order, tuple(decided.decisions[at] for at in sorted(held)))


def members(known: Known) -> list[Known]:
    """A known group as what it lists, each entry under the group's identity: the record holds no members, and a text
    made of many facts would be near too much. Anything else is itself."""
    text = str(known.payload.get(TEXT.get(known.domain, "")) or "")
    lines = text.split("\n")
    if len(lines) < FEWEST or not all(line.startswith(BULLET) for line in lines):
        return [known]
    said = [line.removeprefix(BULLET).strip() for line in lines]
    return [
        replace(known, payload={**known.payload, "title": one[:SHORT_TEXT], TEXT[known.domain]: one}) for one in said
    ]


def quoted(evidence: Sequence[Evidence], redactor: Redactor) -> str:
    """The passages as one quote, masked, as they go over the wire."""
    return QUOTE_BREAK.join(dict.fromkeys(redactor.text(proof.quote)[0] for proof in evidence))


def located(evidence: Sequence[Evidence]) -> str:
    """Where the passages stand, for a person."""
    first, last = evidence[0].locator, evidence[-1].locator
    return first if first == last else f"{first} to {last.rsplit(' › ', 1)[-1]}"


def _outgoing(unit: Unit, decisions: Sequence[Decision], known: set[str]) -> Iterator[list[int]]:
    """What of a unit would go out: those that may be one, as one where they are enough, and each of the others. What is
    known of it counts first; what was found twice in this run does not."""
    for at in unit.members:
        decision = decisions[at]
        if isinstance(decision, Duplicate) and decision.of.state != "this run":
            known.add(decision.of.id)
    together = _together(unit, decisions)
    if unit.place and len(together) >= FEWEST:
        yield together
    else:
        yield from ([at] for at in together)
    left = set(unit.members) - set(together)
    yield from ([at] for at in unit.members if at in left and isinstance(decisions[at], Review))


def _together(unit: Unit, decisions: Sequence[Decision]) -> list[int]:
    """The new ones, and those that are near one of them: a person sees both in one list, which says it as well as a
    note."""
    chosen = {at: _identity(decisions[at].item) for at in unit.members if isinstance(decisions[at], New)}
    while True:
        more = {at: _identity(one.item) for at in unit.members if at not in chosen
                if isinstance(one := decisions[at], Review) and one.near.state == "this run"
                if fingerprint(one.near.domain, one.near.payload) in chosen.values()}  # fmt: skip
        if not more:
            return [at for at in unit.members if at in chosen]
        chosen |= more


def _identity(item: Item) -> str:
    return fingerprint(item.domain, item.payload.to_wire())


def _rank(unit: Unit, items: Sequence[Item]) -> tuple[float, Any]:
    return -fmean(items[at].confidence for at in unit.members), _order(items[unit.members[0]])


def _order(item: Item) -> tuple[int, int, str, str]:
    """An item's place in its document, whatever the order it is given in."""
    first = item.evidence[0]
    return first.start, first.end, item.domain, _identity(item)


# -- what belongs together ---------------------------------------------------------------------------------------------


def _units(items: Sequence[Item], result: DocumentResult) -> list[Unit]:
    """Every item in one unit."""
    places: dict[Place, list[int]] = {}
    units = []
    for at in sorted(range(len(items)), key=lambda at: _order(items[at])):
        if place := _place(items[at], result.document):
            places.setdefault(place, []).append(at)
        else:
            units.append(Unit((at,)))
    for place, members in places.items():
        chunks = list(_chunks(members, items, result.redactor))
        groups = [chunk for chunk in chunks if len(chunk) >= FEWEST]
        units += [Unit(tuple(chunk), place, n, len(groups)) for n, chunk in enumerate(groups, start=1)]
        units += [Unit((at,)) for chunk in chunks if len(chunk) < FEWEST for at in chunk]
    return units


def _place(item: Item, document: DocumentInfo) -> Place | None:
    """Where an item belongs: a review's remarks to its change; an entry to its project, else its heading (in a rolling
    document that of its date), else its date. None where it stands alone."""
    payload, proof = item.payload, item.evidence[0]
    if item.domain == "coaching_action_items":
        if document.kind != "code_review" or getattr(payload, "category", None) != "review_feedback":
            return None
        change = _REPLY.sub("", document.title or "")
        return Place(item.domain, ("change",), (change or document.id,), by_file=not change)
    if item.domain not in TEXT:
        return None
    if project := getattr(payload, "project", None):
        return Place(item.domain, ("project", normalised(project)), (project,))
    when = proof.part or ""
    if proof.section:
        heading, longer = proof.section[-1], " › ".join(proof.section[-2:])
        names: tuple[str, ...] = (longer, f"{longer} ({when})" if when else longer)
        if meaning((heading,)) == "other":  # "Achievements" says little alone, "Checkout rewrite" enough
            names = (heading, *names)
        return Place(item.domain, ("section", *map(normalised, proof.section), when), names)
    return Place(item.domain, ("part", when), (when,)) if when else None


def _chunks(members: Sequence[int], items: Sequence[Item], redactor: Redactor) -> Iterator[list[int]]:
    """The members of a place in groups of about equal size, each of which fits into an item and its quote."""
    size = ceil(len(members) / ceil(len(members) / MOST))
    chunk: list[int] = []
    for at in members:
        if chunk and (len(chunk) == size or not _fits([items[other] for other in (*chunk, at)], redactor)):
            yield chunk
            chunk = []
        chunk.append(at)
    yield chunk


def _fits(found: Sequence[Item], redactor: Redactor) -> bool:
    proofs = [proof for item in found for proof in item.evidence]
    return len(_listed(found)) <= LONG_TEXT and len(quoted(proofs, redactor)) <= LONG_TEXT


# -- the one item ------------------------------------------------------------------------------------------------------


def _group(unit: Unit, members: Sequence[int], items: Sequence[Item], names: dict[Place, str]) -> Item:
    """The members as one item: their fields where all agree, their sentences as a list, as sure as the least sure."""
    found = [items[at] for at in members]
    first = found[0]
    shared = {
        name: value
        for name, value in first.payload
        if all(getattr(other.payload, name) == value for other in found[1:])
    }
    fields = shared | {TEXT[first.domain]: _listed(found), "title": _title(unit, found, names)}
    return Item(
        first.domain,
        type(first.payload).model_validate(fields),
        tuple(sorted((proof for item in found for proof in item.evidence), key=lambda e: (e.start, e.end))),
        min(item.confidence for item in found),
        parts=tuple(found),
    )


def _listed(found: Sequence[Item]) -> str:
    return "\n".join(BULLET + " ".join(_sentence(item).split()) for item in found)


def _sentence(item: Item) -> str:
    return str(getattr(item.payload, TEXT[item.domain]) or item.label)


def _title(unit: Unit, members: Sequence[Item], names: dict[Place, str]) -> str:
    """What the place is called and how many there are, within the bound of a title."""
    name = names[unit.place] if unit.place else ""
    count, nth = len(members), f" ({unit.number} of {unit.of})" if unit.of > 1 else ""
    remarks = members[0].domain == "coaching_action_items"
    categories = {getattr(item.payload, "category", None) for item in members}
    noun = NOUNS.get(categories.pop() or "", "entries") if len(categories) == 1 else "entries"
    if noun[:9] in name.casefold():
        noun = "entries"
    before, after = (f"{count} review remarks on ", nth) if remarks else ("", f": {count} {noun}{nth}")
    name = name.rstrip(" :") if len(name) + len(before + after) <= SHORT_TEXT else _cut(name, before + after)
    return before + name + after


def _cut(name: str, around: str) -> str:
    room = SHORT_TEXT - len(around)
    return textwrap.shorten(name, room, placeholder=" …") if " " in name[:room] else name[: room - 1] + "…"


def _names(places: Sequence[Place], redactor: Redactor) -> dict[Place, str]:
    """Each place's shortest name that no other of the document has, as it may leave."""
    different = dict.fromkeys(places)
    used = Counter(name for place in different for name in set(place.names))
    chosen = {place: next((n for n in place.names if used[n] == 1), place.names[-1]) for place in different}
    return {place: redactor.text(name, any_case=place.by_file)[0] for place, name in chosen.items()}
