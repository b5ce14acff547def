"""What the backend does, without HTTP and without SQL: imports, status, export, profile, review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from askcv_agents import wire
from askcv_agents.domains import DOMAINS
from askcv_agents.staging.clock import timestamp
from askcv_agents.staging.desk import PAGE_ITEMS, Desk
from askcv_agents.staging.intake import ImportOutcome, Intake
from askcv_agents.staging.limits import Limits
from askcv_agents.staging.principals import Principal, Refusal
from askcv_agents.staging.repository import items, people, records
from askcv_agents.staging.repository.items import Filter, Span
from askcv_agents.staging.repository.rows import Row
from askcv_agents.staging.steps import Shop


class Service:
    """The endpoints and the review inbox over one store. ``now`` gives milliseconds since 1970 (UTC)."""

    def __init__(self, shop: Shop, limits: Limits | None, now: Callable[[], int]) -> None:
        self.store = shop.store
        self.limits = limits
        self.desk = Desk(shop, now)
        self.intake = Intake(shop.store, now)
        self._ms = now

    # -- the four endpoints --------------------------------------------------------------------------------------------

    def import_items(self, principal: Principal, body: bytes, key: str | None) -> ImportOutcome:
        """Stages the valid items of an import body; the invalid ones come back with their issues."""
        return self.intake.take(principal, body, key)

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
