"""What approval sets going: an approved item enters the record, in the transaction that approves it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from askcv_agents.staging import repository
from askcv_agents.staging.repository import Row


def ingest(connection: Connection, approved: Sequence[Row], now: int) -> None:
    """Makes approved items live. ``approved`` are rows of the item table; an item enters the record once."""
    repository.add_records(
        connection,
        [
            {
                "item_id": row["id"],
                "tenant_id": row["tenant_id"],
                "domain": row["domain"],
                "payload": row["payload"],
                "created_at": now,
                "updated_at": now,
            }
            for row in approved
        ],
    )
