"""review desk and ingestion"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("worker", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("job_by_state", "job", ["state", "run_after", "seq"], unique=False)
    op.create_index("job_by_tenant", "job", ["tenant_id", "seq"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "tally",
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("domain", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
        ),
        sa.PrimaryKeyConstraint("tenant_id", "status", "domain"),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("change", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
        ),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("event_by_item", "event", ["item_id", "seq"], unique=False)

    op.create_table(
        "link",
        sa.Column("skill_id", sa.String(length=40), nullable=False),
        sa.Column("item_id", sa.String(length=40), nullable=False),
        sa.Column("tenant_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
        ),
        sa.PrimaryKeyConstraint("skill_id", "item_id"),
    )
    op.create_index("link_by_item", "link", ["item_id"], unique=False)

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
    op.add_column("item", sa.Column("review_id", sa.String(length=40), nullable=True))
    op.add_column("item", sa.Column("edited_at", sa.BigInteger(), nullable=True))
    op.add_column("item", sa.Column("document", sa.String(length=200), nullable=True))
    op.add_column("item", sa.Column("near_id", sa.String(length=40), nullable=True))
    op.add_column("item", sa.Column("near_percent", sa.Integer(), nullable=True))
    op.create_index("item_by_document", "item", ["tenant_id", "status", "document", "seq"], unique=False)
    reviewed = sa.text("review_id IS NOT NULL")
    op.create_index("item_by_review", "item", ["review_id"], sqlite_where=reviewed, postgresql_where=reviewed)
    op.create_index("item_by_state", "item", ["tenant_id", "status", "seq"], unique=False)

    op.add_column("record", sa.Column("text", sa.Text(), server_default="", nullable=False))
    op.add_column("record", sa.Column("findings", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("record", sa.Column("embedding", sa.LargeBinary(), nullable=True))
    op.add_column("record", sa.Column("happened", sa.String(length=10), nullable=True))
    op.create_index("record_by_date", "record", ["tenant_id", "happened", "seq"], unique=False)
    op.create_index("record_by_tenant", "record", ["tenant_id", "seq"], unique=False)

    op.add_column("token", sa.Column("id", sa.String(length=40), server_default="", nullable=False))
    op.add_column("token", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("token", sa.Column("hint", sa.String(length=24), server_default="", nullable=False))
    op.add_column("token", sa.Column("last_used_at", sa.BigInteger(), nullable=True))
    op.add_column("token", sa.Column("revoked_at", sa.BigInteger(), nullable=True))
    op.create_index("token_by_tenant", "token", ["tenant_id", "created_at"], unique=False)
    _carry_over()
    op.create_index("token_by_id", "token", ["id"], unique=True)


def _carry_over() -> None:
    """What the new columns and tables say of rows that were there before."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    document = "json_extract(evidence, '$.document')" if sqlite else "evidence ->> 'document'"
    for statement in (
        "UPDATE token SET id = 'tok_' || substr(sha256, 1, 24), hint = type",
        f"UPDATE item SET document = substr({document}, 1, 200) WHERE evidence IS NOT NULL",  # noqa: S608 - of two words above
        (
            "INSERT INTO tally (tenant_id, status, domain, n, updated_at) SELECT tenant_id, status, domain, count(*), "
            "max(coalesce(reviewed_at, created_at)) FROM item GROUP BY tenant_id, status, domain"
        ),
        (
            "INSERT INTO job (tenant_id, kind, subject, state, attempts, run_after, created_at) "
            "SELECT tenant_id, 'sketch', id, 'ready', 0, created_at, created_at FROM batch ORDER BY created_at"
        ),
        (
            "INSERT INTO job (tenant_id, kind, subject, state, attempts, run_after, created_at) "
            "SELECT id, 'ingest', '', 'ready', 0, created_at, created_at FROM tenant"
        ),
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("token_by_id", table_name="token")
    op.drop_index("token_by_tenant", table_name="token")
    op.drop_column("token", "revoked_at")
    op.drop_column("token", "last_used_at")
    op.drop_column("token", "hint")
    op.drop_column("token", "name")
    op.drop_column("token", "id")

    op.drop_index("record_by_tenant", table_name="record")
    op.drop_index("record_by_date", table_name="record")
    op.drop_column("record", "happened")
    op.drop_column("record", "embedding")
    op.drop_column("record", "findings")
    op.drop_column("record", "text")

    op.drop_index("item_by_state", table_name="item")
    op.drop_index("item_by_review", table_name="item")
    op.drop_index("item_by_document", table_name="item")
    op.drop_column("item", "near_percent")
    op.drop_column("item", "near_id")
    op.drop_column("item", "document")
    op.drop_column("item", "edited_at")
    op.drop_column("item", "review_id")

    op.drop_table("sketch")
    op.drop_index("link_by_item", table_name="link")

    op.drop_table("link")
    op.drop_index("event_by_item", table_name="event")

    op.drop_table("event")
    op.drop_table("tally")
    op.drop_table("review")
    op.drop_index("job_by_tenant", table_name="job")
    op.drop_index("job_by_state", table_name="job")

    op.drop_table("job")
