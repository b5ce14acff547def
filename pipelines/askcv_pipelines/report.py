"""A run as data: what ``--json`` prints. A stable form: fields are added, never renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from askcv_pipelines.extracted import Usage
from askcv_pipelines.values import Decided, Decision, Duplicate, Event, Failure, Review, RunReport


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
    return {
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


def _item(decision: Decision) -> dict[str, Any]:
    item = decision.item
    data: dict[str, Any] = {
        "domain": item.domain,
        "payload": item.payload.to_wire(),
        "confidence": round(item.confidence, 3),
        "evidence": [
            {"document": e.document, "start": e.start, "end": e.end, "quote": e.quote, "locator": e.locator}
            for e in item.evidence
        ],
    }
    if isinstance(decision, Duplicate):
        return data | {"decision": "duplicate", "of": decision.of.id, "why": decision.why}
    if isinstance(decision, Review):
        return data | {"decision": "review", "near": decision.near.id, "score": decision.score, "why": decision.why}
    return data | {"decision": "new"}
