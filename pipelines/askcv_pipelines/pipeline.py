"""The whole chain on one screen. START HERE: ``Pipeline.run`` is what ``askcv sync`` does, ``extract`` its first half.

Both are operations (``askcv_agents.exchange``): drive them with ``Client.run`` or ``await AsyncClient.run``, or
iterate their ``Progress`` with ``stream``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from askcv_agents import operations
from askcv_agents.config import Settings
from askcv_agents.domains import DOMAINS
from askcv_agents.errors import InsufficientScope, NotFound, SourceError
from askcv_agents.exchange import Emit, Operation, RetryPolicy
from askcv_agents.wire import SourceKind, WireEvidence
from askcv_pipelines import submit
from askcv_pipelines.dedup import decide_all
from askcv_pipelines.dedup.keys import fingerprint
from askcv_pipelines.extractors import Extractor, extractor
from askcv_pipelines.journal import Journal, QueuedItem, default_path
from askcv_pipelines.reading import read
from askcv_pipelines.redact import redacted, redacted_json
from askcv_pipelines.sources.discovery import Found, discover
from askcv_pipelines.values import (
    BatchItem,
    Decision,
    Document,
    DocumentResult,
    Duplicate,
    Failure,
    Item,
    Known,
    Progress,
    Review,
    RunReport,
    Subject,
)
from askcv_pipelines.verify import verify_all


@dataclass(frozen=True)
class Pipeline:
    """From documents to the review inbox, for one subject. ``kind`` and ``format`` are recognised unless given."""

    subject: Subject | None = None
    extractor: Extractor = field(default_factory=lambda: extractor("rules"))
    kind: SourceKind | None = None
    format: str | None = None

    def run(self, paths: Sequence[Path], settings: Settings, retry: RetryPolicy) -> Operation[Progress, RunReport]:
        """Reads, extracts, verifies, decides and submits. Run again, it submits nothing that is known.

        Raises:
            AskcvError: the service or the journal cannot be used. What was queued waits in the journal.
        """
        report = yield from self.extract(paths)
        tenant = yield from tenant_of(settings, retry)
        with Journal(default_path(settings.state_dir)) as journal, journal.partition(settings.base_url, tenant) as part:
            submit.recover(part, settings)
            items = [item for result in report.results for item in result.items]
            exported, notes = yield from _exported({item.domain for item in items}, retry)
            decisions = decide_all(items, [*exported, *part.known()])
            for result in report.results:
                part.saw(result.document, f"{self.extractor.name} {self.extractor.version}")
            part.enqueue([_queued(decision) for decision in decisions if not isinstance(decision, Duplicate)])
            sent = yield from submit.drain(part, settings, retry)
            return replace(
                report,
                decisions=decisions,
                receipts=sent.receipts,
                submitted=sum(len(receipt.staged) for receipt in sent.receipts),
                retry_after=sent.retry_after,
                notes=notes,
                waiting=part.counts().get("queued", 0),
                unknown=part.counts().get("unknown", 0),
            )

    def extract(self, paths: Sequence[Path]) -> Operation[Progress, RunReport]:
        """Reads, extracts and verifies, without a network. Decisions are of this run alone."""
        found = discover(paths)
        results: list[DocumentResult] = []
        failures: list[Failure] = []
        masked: Counter[str] = Counter()
        for number, entry in enumerate(found, start=1):
            yield Emit(Progress("read", number, len(found), entry.name))
            try:
                result, more = self._one(entry)
            except SourceError as error:
                failures.append(Failure(entry.name, error.message, error.hint))
                continue
            results.append(result)
            masked += more
        decisions = decide_all([item for result in results for item in result.items], ())
        return RunReport(tuple(results), decisions, failures=tuple(failures), masked=dict(masked))

    def _one(self, entry: Found) -> tuple[DocumentResult, Counter[str]]:
        document: Document = read(entry.path, self.subject, kind=self.kind, format=self.format, name=entry.name)
        items, rejections = verify_all(self.extractor.extract(document), document)
        pairs = [_masked(item) for item in items]
        masked: Counter[str] = sum((more for _, more in pairs), Counter())
        return DocumentResult(document, tuple(item for item, _ in pairs), rejections), masked


def tenant_of(settings: Settings, retry: RetryPolicy) -> Operation[Any, str]:
    """Whose journal partition it is; where the service does not tell, the token stands for its tenant."""
    try:
        profile = yield from operations.profile(retry)
        if profile.tenant_id:
            return profile.tenant_id
    except (InsufficientScope, NotFound):
        pass  # a token that may only write
    return "token-" + hashlib.sha256(settings.require_token().value.encode()).hexdigest()[:16]


def _exported(domains: set[str], retry: RetryPolicy) -> Operation[Progress, tuple[list[Known], tuple[str, ...]]]:
    """What the record holds in the domains that the items are of."""
    known: list[Known] = []
    for number, domain in enumerate(sorted(domains), start=1):
        yield Emit(Progress("known", number, len(domains), domain))
        try:
            items = yield from operations.export_all(domain, retry)
        except InsufficientScope as error:
            return known, (f"The record could not be read ({error.message}); only the journal was compared.",)
        known += [Known(item.id, domain, item.payload, "approved") for item in items]
    return known, ()


def _masked(item: Item) -> tuple[Item, Counter[str]]:
    """The item as it may leave, and what its proof held: masked before it is compared, so that a later run recognises
    what was sent. The evidence stays the document's own text; its quote is masked on its way out."""
    payload, changed = redacted_json(item.payload.to_wire())
    found: Counter[str] = Counter(redacted(item.evidence[0].quote)[1])
    if changed:
        item = replace(item, payload=DOMAINS[item.domain].model.model_validate(payload))
    return item, found


def _queued(decision: Decision) -> QueuedItem:
    item, payload = decision.item, decision.item.payload.to_wire()
    proof = item.evidence[0]
    evidence = WireEvidence(
        quote=redacted(proof.quote)[0][:5_000],
        document=proof.document,
        source_kind=proof.source_kind,
        locator=redacted(proof.locator)[0],
    )
    ready = BatchItem(fingerprint(item.domain, payload), item.domain, payload, evidence.to_wire())
    why = decision.why if isinstance(decision, Review) else ""
    return QueuedItem(ready, "review" if isinstance(decision, Review) else "new", why)
