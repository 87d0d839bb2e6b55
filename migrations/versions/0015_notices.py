"""Notices with their mail, how each person wants to hear of things, and the keys to people's calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = (
    "'routed', 'heard', 'returned', 'reopened', 'due_soon', 'overdue', 'escalated', 'unread_day', 'to_approve', "
    "'mentioned', 'answered', 'channel_stopped', 'summary', 'security'"
)
MAIL = "'none', 'summary', 'due', 'claimed', 'sent', 'failed'"
INDEXES = {
    "ix_notice_unread": (["person_id"], "read_at IS NULL"),
    "ix_notice_mail": (["not_before", "id"], "mail IN ('due', 'claimed')"),
    "ix_notice_morning": (["person_id"], "mail = 'summary'"),
}


def upgrade() -> None:
    """Make the tables, and a column for what people choose."""
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_key", sa.String(length=32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=200), nullable=False),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_notice_kind")),
        sa.CheckConstraint(f"mail IN ({MAIL})", name=op.f("ck_notice_mail")),
        sa.CheckConstraint("(mail = 'claimed') = (leased_until IS NOT NULL)", name=op.f("ck_notice_lease")),
        sa.CheckConstraint("mail != 'sent' OR sent_at IS NOT NULL", name=op.f("ck_notice_sent")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_notice_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_notice_item_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "kind", "key", name=op.f("uq_notice_person_id_kind_key")),
    )
    op.create_index("ix_notice_person", "notice", ["person_id", "id"])
    for name, (columns, of_these) in INDEXES.items():
        where = sa.text(of_these)
        op.create_index(name, "notice", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.add_column("user_account", sa.Column("notices", sa.Text(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("user_account", "notices")
    op.drop_table("calendar_feed")
    op.drop_table("notice")
