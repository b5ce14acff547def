"""The write probe: one item is staged that asks to be rejected, and three imports are sent that stage nothing."""

from __future__ import annotations

import json
from typing import Any

from askcv_agents import wire
from askcv_agents.doctor.examination import Examination, Step
from askcv_agents.exchange import Request
from askcv_agents.operations import fresh_key

PROBE = {
    "domain": "knowledge_entries",
    "payload": {
        "title": "Please reject: a probe of askcv doctor",
        "content": "This item was staged to compare the service with its contract. It says nothing of anybody.",
    },
}
ANNOUNCED = (
    "The write probe sends 4 imports of the hour's 20. One of them stages an item in the review inbox that asks to be "
    "rejected; the others stage nothing, if the service does as the contract says."
)


def probe(exam: Examination) -> Step[None]:
    """Sends what the contract refuses, then one item, then the same once more; and asks what became of it."""
    nothing = _import({"items": []})
    yield from exam.refused("import", nothing, (yield from exam.ask(nothing)), 400, wire.BAD_REQUEST)
    yield from _invalid(exam)
    request = _import({"items": [PROBE]}, fresh_key())
    answer = yield from exam.ask(request)
    if not (yield from exam.answered("import", request, answer, wire.ImportAnswer, 202)):
        return
    read = wire.Receipt.read(exam.overlay.answer(request, answer).json_object() or {}, sent=1)
    taken = (read.accepted, len(read.refused)) == (1, 0)
    yield from exam.say("import", "one item is accepted", taken, "it says otherwise")
    again = yield from exam.ask(request)
    once = (exam.overlay.answer(request, again).json_object() or {}).get("batchId") == read.batch_id
    yield from exam.say("import", f"{wire.IDEMPOTENCY_HEADER} is honoured", once, "the same import was staged twice")
    if not read.batch_id:
        return
    asked = Request("GET", wire.STATUS_PATH.format(batch_id=read.batch_id))
    answer = yield from exam.ask(asked)
    if answer.status in {404, 405}:
        if not (yield from exam.elsewhere("status", "GET")):
            return
        answer = yield from exam.ask(asked)
    if (yield from exam.answered("status", asked, answer, wire.StatusAnswer, 200)):
        told = wire.StatusAnswer.model_validate(exam.overlay.answer(asked, answer).json_object() or {})
        waiting = (told.status, told.counts.pending) == ("pending", 1)
        yield from exam.say("status", "what was staged is pending", waiting, f"{told.status}"[:40], "documented")


def _invalid(exam: Examination) -> Step[None]:
    request = _import({"items": [{"domain": "skills", "payload": {}}]})
    answer = yield from exam.ask(request)
    yield from exam.refused("import", request, answer, 422, wire.VALIDATION_FAILED)
    if answer.status == 422:
        content = exam.overlay.answer(request, answer).json_object() or {}
        listed = bool(wire.Receipt.read(content, sent=1).refused)
        yield from exam.say("import", "invalid items come back with their issues", listed, "none", "documented")


def _import(content: Any, key: str | None = None) -> Request:
    headers = {wire.IDEMPOTENCY_HEADER: key} if key else {}
    return Request("POST", wire.IMPORT_PATH, body=json.dumps(content).encode(), headers=headers)
