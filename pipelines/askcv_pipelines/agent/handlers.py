"""What the document tools do: operations, so that the same handler serves sync and async frameworks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from askcv_agents.domains import DOMAINS, label_of, parse_payload
from askcv_agents.errors import ValidationFailed
from askcv_agents.exchange import Operation
from askcv_agents.tools import ToolContext, to_json
from askcv_pipelines.accounts import open_partition, remembered_names, remembered_tenant, tenant_of
from askcv_pipelines.agent.desk import Desk
from askcv_pipelines.agent.driving import collected, patiently
from askcv_pipelines.agent.models import (
    CheckDuplicatesInput,
    CheckDuplicatesOutput,
    CheckedItem,
    ExtractedItem,
    ExtractInput,
    ExtractOutput,
    NumberedSentence,
    OpenDocumentInput,
    OpenDocumentOutput,
    ProposedItem,
    ProposedOutcome,
    ProposeItemsInput,
    ProposeItemsOutput,
)
from askcv_pipelines.agent.proposals import fields_of, guide, proposed
from askcv_pipelines.dedup.facts import Fact
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.events import Decided, Event, RunReport
from askcv_pipelines.extractors import candidates, extractor
from askcv_pipelines.one_document import settled
from askcv_pipelines.pipeline import Pipeline
from askcv_pipelines.redact import Redactor
from askcv_pipelines.values import (
    Candidate,
    Decision,
    Document,
    DocumentResult,
    Duplicate,
    Item,
    Rejection,
    Review,
    Subject,
)
from askcv_pipelines.verify import verify_all

LARGEST_ANSWER = 12_000
"""Characters of document text in one answer."""


def open_document(context: ToolContext, given: OpenDocumentInput) -> Operation[Any, OpenDocumentOutput]:
    yield from ()
    desk = _desk(context)
    chosen = [name for name in ("text", "path", "handle") if getattr(given, name) is not None]
    if len(chosen) != 1:
        raise ValidationFailed("give one of text, path and handle", "Leave the other two out.")
    whose = Subject(given.subject) if given.subject else None
    if given.handle is not None:
        handle, document = given.handle, desk.document(given.handle)
    elif given.path is not None:
        handle, document = desk.open_path(given.path, given.kind, whose)
    else:
        handle, document = desk.open_text(given.text or "", given.name or "document.md", given.kind, whose)
    sentences, following = _bounded(list(_sentences(document)), given.first_sentence)
    return OpenDocumentOutput(
        handle=handle,
        name=document.id,
        kind=document.kind,
        subject=document.subject.name,
        date=document.date,
        sentences=sentences,
        next_sentence=following,
        domains=guide() if given.first_sentence == 1 else None,
    )


def _sentences(document: Document) -> Iterator[NumberedSentence]:
    section: tuple[str, ...] = ()
    for number, sentence in enumerate(document.sentences, start=1):
        block = document.blocks[sentence.block]
        fresh = block.section if block.section != section else ()
        section = block.section
        text = document.slice(sentence)
        yield NumberedSentence(n=number, text=text, section=" › ".join(fresh) or None, speaker=block.speaker)


def propose_items(context: ToolContext, given: ProposeItemsInput) -> Operation[Any, ProposeItemsOutput]:
    desk = _desk(context)
    document = desk.document(given.handle)
    # What the person chose for the record holds here too; a builder can only be stricter.
    mask_names = "mask" in (desk.names, remembered_names(context.settings))
    outcomes: dict[int, ProposedOutcome] = {}
    results: list[DocumentResult] = []
    places: list[int] = []
    for index, item in enumerate(given.items):
        checked = _checked(item, document, desk.redactor, mask_names=mask_names)
        if isinstance(checked, Rejection):
            outcomes[index] = _refused(index, checked)
        else:
            results.append(checked)
            places.append(index)
    pipeline = Pipeline(subject=desk.subject)
    events: list[Event] = []
    report: RunReport = yield from patiently(
        lambda: collected(pipeline.deliver(results, context.settings, context.retry), events)
    )
    decided = [event for event in events if isinstance(event, Decided)][-len(results) :] if results else []
    told = yield from patiently(lambda: _outcomes(context, pipeline, decided))
    for index, outcome in zip(places, told, strict=True):
        outcomes[index] = outcome.model_copy(update={"index": index})
    ordered = [outcomes[index] for index in range(len(given.items))]
    return ProposeItemsOutput(
        items=ordered,
        staged=sum(outcome.status == "staged" for outcome in ordered),
        batch_ids=[receipt.batch_id for receipt in report.receipts if receipt.batch_id],
        retry_after_ms=None if report.retry_after is None else round(report.retry_after * 1000),
        notes=list(report.notes),
    )


def _checked(
    item: ProposedItem, document: Document, redactor: Redactor, *, mask_names: bool
) -> DocumentResult | Rejection:
    """The item alone, as a document's result, masked; or why it is refused."""
    result = _read_item(item, document)
    if isinstance(result, Rejection):
        return result
    made = settled(document, (result,), (), redactor, mask_names=mask_names)
    return made.rejections[0] if made.rejections else made


def _read_item(item: ProposedItem, document: Document) -> Item | Rejection:
    nothing = Candidate(item.domain, {}, item.quote)
    if item.domain not in DOMAINS:
        return Rejection(nothing, document.id, "invalid_payload", f"domain: use one of {', '.join(DOMAINS)}")
    fields = fields_of(item.domain, [(pair.name, pair.value) for pair in item.fields])
    if isinstance(fields, tuple):
        return Rejection(nothing, document.id, "invalid_payload", f"{fields[0].path}: {fields[0].message}")
    return proposed(item.domain, fields, item.quote, document)


def _outcomes(
    context: ToolContext, pipeline: Pipeline, decided: Sequence[Decided]
) -> Operation[Any, list[ProposedOutcome]]:
    """What became of each item, from the journal."""
    if not decided:
        return []
    tenant = remembered_tenant(context.settings) or (yield from tenant_of(context.settings, context.retry))
    with open_partition(context.settings, tenant, pipeline.now) as part:
        found = []
        for event in decided:
            (decision,) = event.decisions
            item = decision.item
            outcome = part.outcome(fingerprint(item.domain, item.payload.to_wire()))
            found.append(_told(decision, outcome.state if outcome else "queued", outcome.issues if outcome else ()))
        return found


def _told(decision: Decision, state: str, issues: Sequence[dict[str, str]]) -> ProposedOutcome:
    if isinstance(decision, Duplicate):
        near = label_of(decision.item.domain, decision.of.payload)
        return ProposedOutcome(index=0, status="duplicate", reason=decision.why, near=near)
    near_to = (
        f"near “{label_of(decision.item.domain, decision.near.payload)}”" if isinstance(decision, Review) else None
    )
    why = decision.why if isinstance(decision, Review) else None
    if state == "refused":
        said = "; ".join(f"{issue['path']}: {issue['message']}" for issue in issues)
        return ProposedOutcome(index=0, status="refused", reason="refused by the service", detail=said or None)
    status: Any = {"pending": "staged", "approved": "staged", "unknown": "unknown"}.get(state, "waiting")
    return ProposedOutcome(index=0, status=status, reason=why, near=near_to)


def _refused(index: int, rejection: Rejection) -> ProposedOutcome:
    return ProposedOutcome(index=index, status="refused", reason=rejection.reason, detail=rejection.detail or None)


def extract_career_items(context: ToolContext, given: ExtractInput) -> Operation[Any, ExtractOutput]:
    yield from ()
    document = _desk(context).document(given.handle)
    items, _ = verify_all(candidates(extractor("rules").extract(document)), document)
    told = [
        ExtractedItem(
            n=number,
            domain=item.domain,
            fields=item.payload.to_wire(),
            quote=item.evidence[0].quote,
            confidence=round(item.confidence, 2),
        )
        for number, item in enumerate(items, start=1)
    ]
    shown, following = _bounded(told, given.first_item)
    return ExtractOutput(items=shown, next_item=following)


def check_duplicates(context: ToolContext, given: CheckDuplicatesInput) -> Operation[Any, CheckDuplicatesOutput]:
    facts = []
    for index, item in enumerate(given.items):
        fields = fields_of(item.domain, [(p.name, p.value) for p in item.fields]) if item.domain in DOMAINS else ()
        payload = None if isinstance(fields, tuple) else parse_payload(item.domain, fields)
        if payload is None or isinstance(payload, tuple):
            issues = payload or fields
            said = (
                f"{issues[0].path}: {issues[0].message}" if isinstance(issues, tuple) and issues else "unknown domain"
            )
            raise ValidationFailed(f"item {index}: {said}", "Correct this item and call again.")
        facts.append(Fact(item.domain, payload.to_wire()))
    judged, notes = yield from patiently(lambda: Pipeline().compare(facts, context.settings, context.retry))
    return CheckDuplicatesOutput(
        items=[
            CheckedItem(
                index=index,
                decision=result.verdict,
                why=result.why or None,
                near=label_of(fact.domain, result.near.payload) if result.near else None,
            )
            for index, (fact, result) in enumerate(zip(facts, judged, strict=True))
        ],
        notes=notes,
    )


def _desk(context: ToolContext) -> Desk:
    if not isinstance(context.desk, Desk):
        raise TypeError("these tools need a desk: make the toolbox with askcv_pipelines.tools.toolbox")
    return context.desk


def _bounded(entries: Sequence[Any], first: int) -> tuple[list[Any], int | None]:
    """Entries from the ``first``, counted from 1, until the answer is full; and the number of the next, if any."""
    size = 0
    shown: list[Any] = []
    for entry in islice(entries, first - 1, None):
        size += len(to_json(entry.model_dump(exclude_none=True)))
        if shown and size > LARGEST_ANSWER:
            return shown, first + len(shown)
        shown.append(entry)
    return shown, None
