"""Signed heads of the audit log, and the places outside that are told of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tjs_moderation.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "signed_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_entry.seq"], name=op.f("fk_signed_head_seq_audit_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_head")),
    )
    op.create_table(
        "head_telling",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=200), nullable=False),
        sa.Column("retry_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["head_id"], ["signed_head.id"], name=op.f("fk_head_telling_head_id_signed_head")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_head_telling")),
    )


def downgrade() -> None:
    """Take them away again; the entries that tell of the signing stay."""
    op.drop_table("head_telling")
    op.drop_table("signed_head")
