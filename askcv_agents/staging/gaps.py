"""What is missing in a record: months that nothing is known of, positions and skills that no entry speaks of.

Looked for as a whole after every change: a gap is closed by what was approved last, wherever that lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from askcv_agents.staging.alike import folded
from askcv_agents.staging.repository import analysis
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Shop, Step

LASTING = ("work_experience", "projects", "education")
TELLING = ("knowledge_entries", "awards", "publications", "testimonials", "certifications")
"""The domains that say what was done, achieved or said of it, each at one date."""
MOST_LOOKED_AT = 20_000
MOST_KEPT = 1_000
LEAST_MONTHS = 6
"""Shorter times without an entry are nothing to ask about."""
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")


class Months(NamedTuple):
    """From a month up to another, both included; a month is counted from the year 0."""

    first: int
    last: int


def looked_for(shop: Shop, tenant_id: str, _: str, now: int) -> Step:
    """Finds what is missing in a tenant's record, and keeps it in the place of what was found before."""
    today = datetime.fromtimestamp(now / 1000, UTC)
    with shop.store.read() as connection:
        lasting = analysis.spans(connection, tenant_id, LASTING, MOST_LOOKED_AT)
        moments = analysis.moments(connection, tenant_id, TELLING, MOST_LOOKED_AT)
        skills = analysis.unshown_skills(connection, tenant_id, MOST_KEPT)
    spans = {row["item_id"]: span for row in lasting if (span := span_of(row["payload"], month_of(today)))}
    told = [span for row in moments if (span := months_of(row["happened"]))]
    found = [
        _gap("period", since=_shown(hole.first), until=_shown(hole.last)) for hole in holes([*spans.values(), *told])
    ]
    for item_id in _unspoken_of(lasting, spans, moments):
        span = spans.get(item_id)
        found.append(_gap("position", item_id, *((_shown(span.first), _shown(span.last)) if span else ())))
    found += [_gap("skill", item_id) for item_id in skills]

    def keep(connection: Connection) -> None:
        analysis.set_gaps(connection, tenant_id, found)

    return keep


def months_of(date: str | None) -> Months | None:
    """The months that a date stands for: a year is all of it."""
    found = _DATE.match(date or "")
    if found is None:
        return None
    year = int(found[1]) * 12
    return Months(year + int(found[2]) - 1, year + int(found[2]) - 1) if found[2] else Months(year, year + 11)


def month_of(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def span_of(payload: Mapping[str, Any], today: int) -> Months | None:
    """How long something lasted. What does not say its end, and that it goes on, lasted as long as its start is known
    to have."""
    start, end = months_of(payload.get("startDate")), months_of(payload.get("endDate"))
    if start is None:
        return end
    last = end.last if end else today if payload.get("current") else start.last
    return Months(start.first, max(start.first, last))


def holes(spans: Iterable[Months]) -> list[Months]:
    """The longer times between the first month and the last that none of the spans has."""
    found: list[Months] = []
    reached: int | None = None
    for span in sorted(spans):
        if reached is not None and span.first - reached - 1 >= LEAST_MONTHS:
            found.append(Months(reached + 1, span.first - 1))
        reached = span.last if reached is None else max(reached, span.last)
    return found


def _unspoken_of(lasting: Sequence[Row], spans: Mapping[str, Months], moments: Sequence[Row]) -> list[str]:
    """Positions and projects that no entry names, nor has its date in without naming another."""
    named = {folded(name) for row in moments for name in (row["organization"], row["project"]) if name}
    loose = [row["happened"] for row in moments if not row["organization"] and not row["project"]]
    dated = sorted({month for date in loose if (month := months_of(date))})
    found = []
    for row in lasting:
        label = {"work_experience": "organization", "projects": "name"}.get(row["domain"])
        if label is None or folded(row["payload"].get(label, "")) in named:
            continue
        span = spans.get(row["item_id"])
        if span is None or not any(month.first <= span.last and month.last >= span.first for month in dated):
            found.append(row["item_id"])
    return found[:MOST_KEPT]


def _gap(kind: str, item_id: str | None = None, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "item_id": item_id, "since": since, "until": until}


def _shown(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"
