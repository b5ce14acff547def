"""The tables, as SQLAlchemy Core sees them. What creates and changes them are the migrations.

Times are milliseconds since 1970 (UTC). Secrets (tokens, links, sessions) are kept as SHA-256 only.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# SQLite numbers rows by itself only where the key's type is INTEGER.
_serial = BigInteger().with_variant(Integer, "sqlite")

_reviewed = text("review_id IS NOT NULL")
_to_sketch = text("sketched_at IS NULL")
_to_ingest = text("findings IS NULL")
_going = text("going IS NOT NULL")

tenant = Table(
    "tenant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("headline", String(200)),
    Column("email", String(200)),
    Column("created_at", BigInteger, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("type", String(20), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("id", String(40), nullable=False, server_default=""),
    Column("name", String(200)),
    Column(
        "hint", String(24), nullable=False, server_default=""
    ),  # the prefix and a few characters: to tell tokens apart by
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
    Index("token_by_tenant", "tenant_id", "created_at"),
    Index("token_by_id", "id", unique=True),
)

batch = Table(
    "batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("sketched_at", BigInteger),  # when its items could first be found as near ones
    Index("batch_to_sketch", "tenant_id", "id", sqlite_where=_to_sketch, postgresql_where=_to_sketch),
)

item = Table(
    "item",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("batch_id", ForeignKey("batch.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("domain", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("evidence", JSON(none_as_null=True)),
    Column("status", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("reviewed_at", BigInteger),
    Column("review_id", String(40)),  # the verdict that it was part of
    Column("edited_at", BigInteger),
    Column("document", String(200)),  # of the evidence: to filter by
    Column("near_id", String(40)),  # the entry it is nearest by meaning, where an encoder is configured
    Column("near_percent", Integer),
    Index("item_by_status", "tenant_id", "status", "domain", "seq"),
    Index("item_by_state", "tenant_id", "status", "seq"),
    Index("item_by_document", "tenant_id", "status", "document", "seq"),
    Index("item_by_batch", "batch_id", "position"),
    Index("item_by_review", "review_id", sqlite_where=_reviewed, postgresql_where=_reviewed),
)

# How many items there are, kept in the transaction that changes it: counting 50,000 of them takes longer than a page.
tally = Table(
    "tally",
    metadata,
    Column("tenant_id", ForeignKey("tenant.id"), primary_key=True),
    Column("status", String(20), primary_key=True),
    Column("domain", String(40), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

review = Table(
    "review",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("items", Integer, nullable=False),  # how many were given it so far
    Column("undone_at", BigInteger),
    Column("restored", Integer, nullable=False, server_default="0"),  # how many are pending again
    Column("going", String(10)),  # deciding or undoing, while there is more to do
    Column("filter", JSON(none_as_null=True)),  # of a verdict on all that match: what it is still to be given to
    Index("review_going", "tenant_id", "at", sqlite_where=_going, postgresql_where=_going),
)

event = Table(
    "event",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),  # approved, rejected, undone, edited
    Column("change", JSON(none_as_null=True)),
    Index("event_by_item", "item_id", "seq"),
)

record = Table(
    "record",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("item_id", ForeignKey("item.id"), nullable=False, unique=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("domain", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False, server_default=""),  # its words, folded: what a search looks through
    Column("findings", JSON(none_as_null=True)),  # personal data in it; NULL until it was looked for
    Column("embedding", LargeBinary),
    Column("encoder", String(200)),  # which made it: those of two say nothing of each other
    Column("happened", String(10)),  # its most telling date: the place in the timeline
    Index("record_by_domain", "tenant_id", "domain", "seq"),
    Index("record_by_tenant", "tenant_id", "seq"),
    Index("record_to_ingest", "tenant_id", "seq", sqlite_where=_to_ingest, postgresql_where=_to_ingest),
    Index("record_by_date", "tenant_id", "happened", "seq"),
)

link = Table(
    "link",
    metadata,
    Column("skill_id", ForeignKey("item.id"), primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Index("link_by_item", "item_id"),
)

# What is missing in a record, as it was last looked at: years without entries, positions and skills without any.
gap = Table(
    "gap",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("kind", String(20), nullable=False),  # period, position, skill
    Column("item_id", ForeignKey("item.id")),
    Column("since", String(7)),
    Column("until", String(7)),
    Index("gap_by_tenant", "tenant_id", "kind", "seq"),
)

# Items that share a band of hashes probably share most of their words. The hashes are of a tenant's domain, the item is
# its ``seq``. What an item no longer says stays: whatever is found here is compared word by word.
sketch = Table(
    "sketch",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("item", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

job = Table(
    "job",
    metadata,
    Column("seq", _serial, primary_key=True, autoincrement=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("state", String(10), nullable=False),  # ready, leased, done, failed
    Column("attempts", Integer, nullable=False),
    Column("run_after", BigInteger, nullable=False),
    Column("leased_until", BigInteger),
    Column("worker", String(40)),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("error", String(200)),
    Index("job_by_state", "state", "run_after", "seq"),
    Index("job_by_tenant", "tenant_id", "seq"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("tenant_id", ForeignKey("tenant.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_sha256", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

request_event = Table(
    "request_event",
    metadata,
    Column("id", _serial, primary_key=True, autoincrement=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("bucket", String(60), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("request_event_window", "tenant_id", "bucket", "at"),
)

access = Table(
    "access",
    metadata,
    Column("sha256", String(64), nullable=False),
    Column("kind", String(10), nullable=False),  # link: opens the inbox once; session: a signed-in browser
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    UniqueConstraint("sha256", "kind"),
)
