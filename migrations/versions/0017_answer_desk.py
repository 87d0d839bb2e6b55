"""What people have typed of answers, every return of an answer, when a question was read, and threads that go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_COPY_RETURNS = """
    INSERT INTO answer_return (answer_id, revision, why, nonce, returned_at)
    SELECT id, revision, returned_why, '', created_at FROM answer WHERE returned_why <> ''
"""
_COPY_BACK = """
    UPDATE answer SET returned_why = coalesce(
        (SELECT why FROM answer_return WHERE answer_return.answer_id = answer.id ORDER BY id DESC LIMIT 1), '')
"""
_IS_PUBLISHED = sa.text("state = 'published'")


def upgrade() -> None:
    """Make the tables; the sentence that an answer kept of its last return becomes a row of its own."""
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grew_from", sa.Integer(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_draft_item_id")),
        sa.ForeignKeyConstraint(["writer_id"], ["user_account.id"], name=op.f("fk_draft_writer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_item", "draft", ["item_id", "writer_id", "id"])
    op.create_table(
        "answer_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_return_answer_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["user_account.id"], name=op.f("fk_answer_return_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_return")),
    )
    op.create_index("ix_answer_return_answer", "answer_return", ["answer_id", "id"])
    op.execute(_COPY_RETURNS)
    op.drop_column("answer", "returned_why")
    op.create_index(
        "ix_answer_published",
        "answer",
        ["published_at"],
        sqlite_where=_IS_PUBLISHED,
        postgresql_where=_IS_PUBLISHED,
    )
    op.add_column("routing", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("routing", sa.Column("is_follow_up", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take them away again; an answer keeps the sentence of its last return."""
    for column in ("is_follow_up", "read_at"):
        op.drop_column("routing", column)
    op.drop_index("ix_answer_published", table_name="answer")
    op.add_column("answer", sa.Column("returned_why", sa.Text(), server_default="", nullable=False))
    op.execute(_COPY_BACK)
    op.drop_table("answer_return")
    op.drop_table("draft")
