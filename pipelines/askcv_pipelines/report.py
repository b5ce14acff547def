"""A run as data: what ``--json`` prints. A stable form: fields are added, never renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from askcv_pipelines.events import Decided, Event, Failure, RunReport
from askcv_pipelines.extracted import Usage
from askcv_pipelines.values import Decision, Duplicate, Item, Known, New, Review


def as_data(report: RunReport, events: Sequence[Event]) -> dict[str, Any]:
    """The report and what each document gave."""
    return {
        "counts": dict(report.counts),
        "documents": [_document(event) for event in events if isinstance(event, Decided)],
        "receipts": [
            {
                "batchId": receipt.batch_id,
                "staged": receipt.accepted,
                "refused": [
                    {"index": r.index, "domain": r.domain, "issues": [vars(issue) for issue in r.issues]}
                    for r in receipt.refused
                ],
            }
            for receipt in report.receipts
        ],
        "failures": [vars(event) for event in events if isinstance(event, Failure)],
        "masked": dict(report.masked),
        "notes": list(report.notes),
        "usage": vars(report.usage) if report.usage != Usage() else None,
        "retryAfterMs": None if report.retry_after is None else round(report.retry_after * 1000),
    }


def _document(decided: Decided) -> dict[str, Any]:
    result = decided.result
    data: dict[str, Any] = {
        "document": result.document.id,
        "kind": result.document.kind,
        "subject": result.document.subject.name,
        "items": [_item(decision) for decision in decided.decisions],
        "rejections": [
            {"domain": r.candidate.domain, "quote": r.candidate.quote, "reason": r.reason, "detail": r.detail}
            for r in result.rejections
        ],
        "gaps": [vars(gap) for gap in result.gaps],
    }
    return data | {"held": [_item(decision) for decision in decided.held]} if decided.held else data


def _item(decision: Decision) -> dict[str, Any]:
    item = decision.item
    data = _proved(item)
    if item.parts:
        data["parts"] = [_proved(part) for part in item.parts]
    if isinstance(decision, Duplicate):
        by = {"by": decision.by} if decision.by else {}
        return data | {"decision": "duplicate", "of": decision.of.id, "why": decision.why} | by
    if isinstance(decision, Review):
        return data | {"decision": "review", "near": decision.near.id} | _compared(decision, decision.near)
    return data | {"decision": "new"} | (_compared(decision, decision.near) if decision.near else {})


def _proved(item: Item) -> dict[str, Any]:
    return {
        "domain": item.domain,
        "payload": item.payload.to_wire(),
        "confidence": round(item.confidence, 3),
        "evidence": [
            {"document": e.document, "start": e.start, "end": e.end, "quote": e.quote, "locator": e.locator}
            for e in item.evidence
        ],
    }


def _compared(decision: New | Review, near: Known) -> dict[str, Any]:
    """What an item was compared with, and how they differ."""
    return {
        "score": decision.score,
        "why": decision.why,
        "nearItem": {"id": near.id, "state": near.state, "payload": dict(near.payload)},
        "differences": [vars(difference) for difference in decision.differences],
    }
