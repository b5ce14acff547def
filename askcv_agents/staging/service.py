"""What the backend does, without HTTP and without SQL: imports, status, export, profile, review."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from askcv_agents import wire
from askcv_agents.domains import DOMAINS, field_issues, parse_payload
from askcv_agents.issues import FieldIssue
from askcv_agents.staging.body import parsed
from askcv_agents.staging.clock import timestamp
from askcv_agents.staging.desk import PAGE_ITEMS, Desk
from askcv_agents.staging.limits import Limits
from askcv_agents.staging.principals import Principal, Refusal, new_id
from askcv_agents.staging.repository import items, jobs, people, records, requests
from askcv_agents.staging.repository.items import Filter, Span
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.store import Store

DOCUMENT_NAME = 200


@dataclass(frozen=True)
class ImportOutcome:
    """The answer to an import. ``replayed``: it is the remembered answer of an earlier one with the same key."""

    status: int
    body: Mapping[str, Any]
    replayed: bool = False


class Service:
    """The endpoints and the review inbox over one store. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, store: Store, limits: Limits | None, now: Callable[[], int]) -> None:
        self.store = store
        self.limits = limits
        self.desk = Desk(store, now)
        self._ms = now

    # -- the four endpoints --------------------------------------------------------------------------------------------

    def import_items(self, principal: Principal, body: bytes, key: str | None) -> ImportOutcome:
        """Stages the valid items of an import body; the invalid ones come back with their issues."""
        valid, errors = _checked(_items_of(body))
        if not valid:
            shown = [error.to_wire() for error in errors]
            raise Refusal(422, wire.VALIDATION_FAILED, "No item matches its domain's schema.", errors=shown)
        digest = hashlib.sha256(body).hexdigest()
        now = self._ms()
        with self.store.write() as connection:
            if key is not None:
                people.lock_tenant(connection, principal.tenant_id)
                since = now - wire.IDEMPOTENCY_HOURS * 3_600_000
                known = requests.remembered_answer(connection, principal.tenant_id, key, since)
                if known is not None and known["body_sha256"] != digest:
                    raise Refusal(422, wire.VALIDATION_FAILED, "This idempotency key came with another body.")
                if known is not None:
                    return ImportOutcome(202, known["answer"], replayed=True)
            answer = self._stage(connection, principal.tenant_id, valid, errors)
            if key is not None:
                row = {"tenant_id": principal.tenant_id, "key": key, "body_sha256": digest}
                requests.remember_answer(connection, {**row, "answer": answer, "created_at": now})
        return ImportOutcome(202, answer)

    def _stage(
        self,
        connection: Any,
        tenant_id: str,
        valid: Sequence[tuple[int, wire.ImportItem]],
        errors: Sequence[wire.RefusedItem],
    ) -> dict[str, Any]:
        batch_id, now = new_id("bat"), self._ms()
        rows = [
            {
                "id": new_id("itm"),
                "tenant_id": tenant_id,
                "batch_id": batch_id,
                "position": index,
                "domain": found.domain,
                "payload": found.payload,
                "evidence": found.evidence.to_wire() if found.evidence else None,
                "status": "pending",
                "created_at": now,
                "document": _document(found.evidence),
            }
            for index, found in valid
        ]
        items.add_batch(connection, batch_id, tenant_id, now, rows)
        staged = Counter(found.domain for _, found in valid)
        items.add_to_tally(connection, tenant_id, now, {("pending", domain): n for domain, n in staged.items()})
        jobs.add_job(connection, tenant_id, "sketch", batch_id, now)
        return wire.ImportAnswer(
            batch_id=batch_id,
            status="pending",
            accepted=len(rows),
            rejected=len(errors),
            items=[wire.StagedItem(index=r["position"], item_id=r["id"], domain=r["domain"]) for r in rows],
            errors=list(errors),
        ).to_wire()

    def import_status(self, principal: Principal, batch_id: str) -> dict[str, Any]:
        with self.store.read() as connection:
            batch = items.batch_of_tenant(connection, principal.tenant_id, batch_id)
            if batch is None:
                raise Refusal(404, wire.NOT_FOUND, "There is no such batch.")
            rows = items.items_of_batch(connection, batch_id)
        states = [row["status"] for row in rows]
        counts = wire.StatusCounts(**{state: states.count(state) for state in ("pending", "approved", "rejected")})
        waiting = counts.pending == len(rows)
        return wire.StatusAnswer(
            batch_id=batch_id,
            status="pending" if waiting else "partially_reviewed" if counts.pending else "completed",
            created_at=timestamp(batch["created_at"]),
            counts=counts,
            items=[
                wire.ReviewedItem(
                    item_id=row["id"],
                    index=row["position"],
                    domain=row["domain"],
                    status=row["status"],
                    reviewed_at=timestamp(row["reviewed_at"]) if row["reviewed_at"] else None,
                )
                for row in rows
            ],
        ).to_wire()

    def export(self, principal: Principal, domain: str, page: int, limit: int) -> dict[str, Any]:
        offset = (page - 1) * limit
        with self.store.read() as connection:
            total = items.tallies(connection, principal.tenant_id).get(("approved", domain), (0, 0))[0]
            rows = records.record_page(connection, principal.tenant_id, domain, offset, limit)
        return wire.ExportPage(
            domain=domain,
            items=[
                wire.ExportedItem(
                    id=row["item_id"],
                    domain=row["domain"],
                    payload=row["payload"],
                    created_at=timestamp(row["created_at"]),
                    updated_at=timestamp(row["updated_at"]),
                )
                for row in rows
            ],
            page=page,
            limit=limit,
            total=total,
            has_more=offset + len(rows) < total,
        ).to_wire()

    def profile(self, principal: Principal) -> dict[str, Any]:
        with self.store.read() as connection:
            tenant = people.tenant_by_id(connection, principal.tenant_id)
            tallies = items.tallies(connection, principal.tenant_id)
        live = {domain: found for (status, domain), found in tallies.items() if status == "approved"}
        limits = {
            name: {"requests": limit.requests, "perSeconds": limit.seconds, "per": limit.per}
            for name, limit in (self.limits or {}).items()
        }
        return wire.ProfileAnswer(
            tenant_id=tenant["id"],
            name=tenant["name"],
            headline=tenant["headline"],
            email=tenant["email"],
            domains={
                name: wire.DomainCount(count=live[name][0], updated_at=timestamp(live[name][1]))
                if name in live
                else wire.DomainCount()
                for name in DOMAINS
            },
            token=wire.TokenInfo(type=principal.token_type, scopes=list(principal.scopes)),
            limits=limits,
        ).to_wire()

    # -- the inbox, for programs ---------------------------------------------------------------------------------------

    def inbox(self, tenant_id: str, status: str, domain: str | None, page: int) -> tuple[Sequence[Row], dict[Any, int]]:
        """One page of a tenant's items in one state, and all counts by state and domain."""
        with self.store.read() as connection:
            rows = items.page(connection, tenant_id, Filter(status, domain), Span(page * PAGE_ITEMS))
            counts = {key: n for key, (n, _) in items.tallies(connection, tenant_id).items()}
        return rows[(page - 1) * PAGE_ITEMS :], counts

    def review(self, tenant_id: str, item_ids: Sequence[str], verdict: wire.ItemStatus) -> int:
        """Approves or rejects those of the items that are the tenant's and still pending; how many they were."""
        return self.desk.review(tenant_id, item_ids, verdict).items


def _items_of(body: bytes) -> list[Any]:
    content = parsed(body)
    given = content.get("items") if isinstance(content, dict) else None
    if not isinstance(given, list) or not given:
        raise Refusal(400, wire.BAD_REQUEST, 'The body must be {"items": [...]} with at least one item.')
    if len(given) > wire.MAX_IMPORT_ITEMS:
        raise Refusal(413, wire.TOO_LARGE, f"At most {wire.MAX_IMPORT_ITEMS} items in a request.")
    return given


def _checked(all_given: Sequence[Any]) -> tuple[list[tuple[int, wire.ImportItem]], list[wire.RefusedItem]]:
    valid: list[tuple[int, wire.ImportItem]] = []
    errors: list[wire.RefusedItem] = []
    for index, given in enumerate(all_given):
        domain = given.get("domain") if isinstance(given, dict) else None
        try:
            item = wire.ImportItem.model_validate(given)
            payload = parse_payload(item.domain, item.payload, by_alias=True)
            issues = payload if isinstance(payload, tuple) else ()
        except ValidationError as error:
            issues = field_issues(error)
        if issues:
            errors.append(_refused(index, domain, issues))
        else:
            valid.append((index, item.model_copy(update={"payload": payload.to_wire()})))  # type: ignore[union-attr]
    return valid, errors


def _document(evidence: wire.WireEvidence | None) -> str | None:
    """The document's name, as it is filtered by."""
    named = evidence.document if evidence else None
    return named.replace("\x00", "")[:DOCUMENT_NAME] or None if named else None


def _refused(index: int, domain: Any, issues: Sequence[FieldIssue]) -> wire.RefusedItem:
    shown = [wire.WireIssue(path=issue.path, message=issue.message) for issue in issues]
    name = domain if isinstance(domain, str) and domain in DOMAINS else None  # another could be anything
    return wire.RefusedItem(index=index, domain=name, issues=shown)
