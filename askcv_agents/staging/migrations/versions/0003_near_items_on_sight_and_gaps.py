"""near items on sight, verdicts in parts, gaps"""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TO_SKETCH = sa.text("sketched_at IS NULL")
GOING = sa.text("going IS NOT NULL")
TO_INGEST = sa.text("findings IS NULL")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_table("sketch")
    op.create_table(
        "sketch",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("band", "item"),
        sqlite_with_rowid=False,
    )
    op.add_column("batch", sa.Column("sketched_at", sa.BigInteger(), nullable=True))
    op.create_index("batch_to_sketch", "batch", ["tenant_id", "id"], sqlite_where=TO_SKETCH, postgresql_where=TO_SKETCH)
    op.execute("UPDATE item SET near_id = NULL, near_percent = NULL")
    op.execute("DELETE FROM job WHERE kind IN ('sketch', 'resketch')")

    op.add_column("review", sa.Column("restored", sa.Integer(), server_default="0", nullable=False))
    op.add_column("review", sa.Column("going", sa.String(length=10), nullable=True))
    op.add_column("review", sa.Column("filter", sa.JSON(none_as_null=True), nullable=True))
    op.create_index("review_going", "review", ["tenant_id", "at"], sqlite_where=GOING, postgresql_where=GOING)
    op.execute("UPDATE review SET restored = items WHERE undone_at IS NOT NULL")

    op.add_column("record", sa.Column("encoder", sa.String(length=200), nullable=True))
    op.create_index(
        "record_to_ingest", "record", ["tenant_id", "seq"], sqlite_where=TO_INGEST, postgresql_where=TO_INGEST
    )
    op.create_table(
        "gap",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=True),
        sa.Column("since", sa.String(length=7), nullable=True),
        sa.Column("until", sa.String(length=7), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("gap_by_tenant", "gap", ["tenant_id", "kind", "seq"], unique=False)
    # Embeddings are made again, by an encoder that has a name from now on; gaps are looked for with them.
    op.execute(
        "INSERT INTO job (tenant_id, kind, subject, state, attempts, run_after, created_at) "
        "SELECT id, 'ingest', '', 'ready', 0, created_at, created_at FROM tenant WHERE id NOT IN "
        "(SELECT tenant_id FROM job WHERE kind = 'ingest' AND subject = '' AND state = 'ready')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind NOT IN ('ingest')")
    op.drop_index("gap_by_tenant", table_name="gap")
    op.drop_table("gap")
    op.drop_index("record_to_ingest", table_name="record")
    op.drop_column("record", "encoder")
    op.drop_index("review_going", table_name="review")
    op.drop_column("review", "filter")
    op.drop_column("review", "going")
    op.drop_column("review", "restored")
    op.drop_index("batch_to_sketch", table_name="batch")
    op.drop_column("batch", "sketched_at")
    op.drop_table("sketch")
    op.create_table(
        "sketch",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("tenant_id", "domain", "band", "item_id"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO job (tenant_id, kind, subject, state, attempts, run_after, created_at) "
        "SELECT tenant_id, 'sketch', id, 'ready', 0, created_at, created_at FROM batch ORDER BY created_at"
    )
