"""The record as pages: what is live, searched and by date, each with where it comes from and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from askcv_agents.domains import DOMAINS, label_of
from askcv_agents.staging.cards import evidence_of, fields, named
from askcv_agents.staging.clock import day
from askcv_agents.staging.history import told
from askcv_agents.staging.knowledge import PAGE_RECORDS, Knowledge
from askcv_agents.staging.pages import PageRefusal, SignedIn, own_form, render
from askcv_agents.staging.repository.rows import Row

router = APIRouter(include_in_schema=False)


@router.get("/record")
def record(request: Request, tenant: SignedIn, q: str = "", domain: str = "", before: str = "") -> Response:
    """The record, the newest first, and what a search finds in it."""
    knowledge: Knowledge = request.app.state.backend.knowledge
    chosen = domain if domain in DOMAINS else None
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0
    rows = knowledge.search(tenant["id"], q, chosen, place)
    shown = rows[:PAGE_RECORDS]
    return render(
        "record.html",
        tenant=tenant["name"],
        here="record",
        query=q,
        domain=chosen,
        by_domain=knowledge.counts(tenant["id"]),
        label=named,
        entries=[_entry(row) for row in shown],
        related=[] if place else _others(knowledge.related(tenant["id"], q, chosen), shown),
        more=shown[-1]["seq"] if len(rows) > PAGE_RECORDS else None,
        place=place,
    )


@router.get("/record/timeline")
def timeline(request: Request, tenant: SignedIn) -> Response:
    """What has a date, by year."""
    rows = request.app.state.backend.knowledge.timeline(tenant["id"])
    years = [(year, [_entry(row) for row in found]) for year, found in groupby(rows, key=lambda r: r["happened"][:4])]
    return render("timeline.html", tenant=tenant["name"], here="timeline", years=years)


@router.get("/record/gaps")
def gaps(request: Request, tenant: SignedIn) -> Response:
    """What is missing in the record, as far as that can be seen from it."""
    found = request.app.state.backend.knowledge.gaps(tenant["id"])
    named_gaps = {
        kind: [{"since": row["since"], "until": row["until"], "entry": _title(row)} for row in rows]
        for kind, rows in found.items()
    }
    return render("gaps.html", tenant=tenant["name"], here="gaps", gaps=named_gaps)


@router.get("/record/{record_id}")
def entry(request: Request, tenant: SignedIn, record_id: str) -> Response:
    """One entry, with its provenance and history."""
    found = request.app.state.backend.knowledge.entry(tenant["id"], record_id)
    if found is None:
        raise PageRefusal(404, "No such entry", "It may have been taken back, or is another person's.")
    return render(
        "entry.html",
        tenant=tenant["name"],
        here="record",
        entry=_entry(found.record),
        evidence=evidence_of(found.item),
        batch=found.item["batch_id"],
        staged=day(found.item["created_at"]),
        approved=day(found.record["created_at"]),
        history=told(found.item, found.events),
        findings=None if found.record["findings"] is None else [_finding(f) for f in found.record["findings"]],
        linked=[_entry(row) for row in found.linked],
        is_skill=found.record["domain"] == "skills",
    )


@router.post("/record/{record_id}/take-back", dependencies=[Depends(own_form)])
def take_back(request: Request, tenant: SignedIn, record_id: str) -> Response:
    """Makes one entry pending again."""
    if not request.app.state.backend.desk.take_back(tenant["id"], record_id):
        raise PageRefusal(404, "No such entry", "It may have been taken back already.")
    return RedirectResponse(f"/inbox/items/{record_id}", status_code=303)


def _entry(row: Row) -> dict[str, Any]:
    return {
        "id": row["item_id"],
        "domain": named(row["domain"]),
        "title": label_of(row["domain"], row["payload"]),
        "fields": fields(row),
        "when": row["happened"] or "",
        "findings": len(row["findings"] or ()),
    }


def _others(rows: Sequence[Row], shown: Sequence[Row]) -> list[dict[str, Any]]:
    ids = {row["item_id"] for row in shown}
    return [_entry(row) for row in rows if row["item_id"] not in ids]


def _title(row: Row) -> dict[str, str] | None:
    if row["item_id"] is None:
        return None
    title = label_of(row["domain"], row["payload"])
    where = row["payload"].get("organization", "") if row["domain"] != "skills" else ""
    return {"id": row["item_id"], "domain": named(row["domain"]), "title": title, "where": where}


def _finding(found: dict[str, str]) -> str:
    return f"{found['kind']} in “{named(found['field'])}”"
