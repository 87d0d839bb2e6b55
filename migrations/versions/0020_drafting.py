"""Help with drafting: ready answers, earlier answers by the words of their questions, links looked at, sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LINK_STATES = ("due", "opens", "broken", "forbidden", "unsure")
MARKED = "INSERT INTO search_due (item_id) VALUES (new.item_id);"


def upgrade() -> None:
    """Make the tables; what has been answered so far waits to be indexed by a worker."""
    op.add_column("answer", sa.Column("sources", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "ready_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("from_answer_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_ready_answer_topic_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_ready_answer_owner_id")),
        sa.ForeignKeyConstraint(["from_answer_id"], ["answer.id"], name=op.f("fk_ready_answer_from_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ready_answer")),
    )
    op.create_index("ix_ready_answer_topic", "ready_answer", ["topic_id", "is_active"])
    op.create_table(
        "earlier_answer",
        sa.Column("answer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_earlier_answer_answer_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_earlier_answer_item_id")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_earlier_answer")),
    )
    op.create_index("ix_earlier_answer_item_id", "earlier_answer", ["item_id"])
    op.create_table(
        "earlier_word",
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("answer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("word", "answer_id", name=op.f("pk_earlier_word")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checked_link",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(sa.column("state").in_(LINK_STATES), name=op.f("ck_checked_link_state")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_checked_link")),
    )
    _mark_answers()
    op.execute("INSERT INTO search_due (item_id) SELECT item_id FROM answer WHERE state IN ('approved', 'published')")


def downgrade() -> None:
    """Take them away again."""
    if _is_sqlite():
        op.execute("DROP TRIGGER search_answer_moved")
    else:
        op.execute("DROP TRIGGER search_answer_moved ON answer")
        op.execute("DROP FUNCTION search_answer_moved()")
    for table in ("checked_link", "earlier_word", "earlier_answer", "ready_answer"):
        op.drop_table(table)
    op.drop_column("answer", "sources")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _mark_answers() -> None:
    """A trigger that marks the item of an answer that has come to another state."""
    event = "AFTER UPDATE OF state ON answer"
    if _is_sqlite():
        op.execute(f"CREATE TRIGGER search_answer_moved {event} BEGIN {MARKED} END")
        return
    body = f"BEGIN {MARKED} RETURN NULL; END"
    op.execute(f"CREATE FUNCTION search_answer_moved() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    op.execute(f"CREATE TRIGGER search_answer_moved {event} FOR EACH ROW EXECUTE FUNCTION search_answer_moved()")
