"""The report of a run as data: what `--json` prints."""

from __future__ import annotations

from typing import Any

from askcv_pipelines.values import Decision, Duplicate, Item, Review, RunReport


def as_data(report: RunReport) -> dict[str, Any]:
    """The report for programs: a stable form; fields are added, never renamed."""
    decided = {id(decision.item): decision for decision in report.decisions}
    return {
        "counts": report.counts,
        "documents": [
            {
                "document": result.document.id,
                "kind": result.document.kind,
                "subject": result.document.subject.name,
                "items": [_item_data(item, decided.get(id(item))) for item in result.items],
                "rejections": [
                    {"domain": r.candidate.domain, "quote": r.candidate.quote, "reason": r.reason, "detail": r.detail}
                    for r in result.rejections
                ],
            }
            for result in report.results
        ],
        "receipts": [
            {
                "batchId": receipt.batch_id,
                "staged": len(receipt.staged),
                "refused": [
                    {"index": r.index, "domain": r.domain, "issues": [vars(issue) for issue in r.issues]}
                    for r in receipt.refused
                ],
            }
            for receipt in report.receipts
        ],
        "failures": [vars(failure) for failure in report.failures],
        "masked": dict(report.masked),
        "notes": list(report.notes),
        "retryAfterMs": None if report.retry_after is None else round(report.retry_after * 1000),
    }


def _item_data(item: Item, decision: Decision | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "domain": item.domain,
        "payload": item.payload.to_wire(),
        "confidence": round(item.confidence, 3),
        "evidence": [
            {"document": e.document, "start": e.start, "end": e.end, "quote": e.quote, "locator": e.locator}
            for e in item.evidence
        ],
        "decision": type(decision).__name__.lower() if decision else None,
    }
    if isinstance(decision, Duplicate):
        data |= {"of": decision.of.id, "why": decision.why}
    elif isinstance(decision, Review):
        data |= {"near": decision.near.id, "why": decision.why}
    return data
