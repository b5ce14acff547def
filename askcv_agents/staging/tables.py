"""The tables, as SQLAlchemy Core sees them. What creates and changes them are the migrations.

Times are milliseconds since 1970 (UTC). Secrets (tokens, links, sessions) are kept as SHA-256 only.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

# SQLite numbers rows by itself only where the key's type is INTEGER.
_serial = BigInteger().with_variant(Integer, "sqlite")

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
)

batch = Table(
    "batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("tenant_id", ForeignKey("tenant.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
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
    Index("item_by_status", "tenant_id", "status", "domain", "seq"),
    Index("item_by_batch", "batch_id", "position"),
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
    Index("record_by_domain", "tenant_id", "domain", "seq"),
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
