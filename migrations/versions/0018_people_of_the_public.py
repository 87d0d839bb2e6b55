"""What belongs to a member of the public: their key, what was erased of them, and what they complained of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OPEN = sa.text("decided_at IS NULL")


def upgrade() -> None:
    """Make the tables and add the columns. Added one by one: each is a plain ALTER TABLE, no table is written anew."""
    op.add_column("author", sa.Column("sealed_key", sa.String(length=120), nullable=True))
    op.add_column("author", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("item", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("item_text", sa.Column("is_keyed", sa.Boolean(), server_default=sa.false(), nullable=False))
    _make_erasures()
    _make_appeals()


def downgrade() -> None:
    """Take them away again. What was erased stays so."""
    for table in ("appeal", "erasure"):
        op.drop_table(table)
    for table, column in (
        ("item_text", "is_keyed"),
        ("item", "erased_at"),
        ("author", "erased_at"),
        ("author", "sealed_key"),
    ):
        op.drop_column(table, column)


def _make_erasures() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("quote_count", sa.Integer(), nullable=False),
        sa.Column("erased_by_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scrubbed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_erasure_author_id")),
        sa.ForeignKeyConstraint(["erased_by_id"], ["user_account.id"], name=op.f("fk_erasure_erased_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )


def _make_appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("why_nonce", sa.String(length=32), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('upheld', 'restored')", name=op.f("ck_appeal_outcome")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_appeal_decided"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decider_id IS NULL OR decided_by_id <> decider_id", name=op.f("ck_appeal_second")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_appeal_decided_by_id")),
        sa.ForeignKeyConstraint(["decider_id"], ["user_account.id"], name=op.f("fk_appeal_decider_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user_account.id"], name=op.f("fk_appeal_filed_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_appeal_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index("ix_appeal_item", "appeal", ["item_id", "id"])
    op.create_index("uq_appeal_open", "appeal", ["item_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
