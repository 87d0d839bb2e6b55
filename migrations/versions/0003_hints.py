"""What channels send by themselves: raw bodies, hints that could not be worked, what is gone, refused bodies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATES = ("waiting", "stuck", "set_aside")
TROUBLES = (
    "unreadable",
    "other_page",
    "other_object",
    "unknown_field",
    "unknown_shape",
    "without_id",
    "visitor_post",
    "too_many",
    "not_connected",
    "channel_said_no",
    "defect",
)
FRESH = sa.text("worked_at IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "raw_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hint_count", sa.Integer(), nullable=True),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_raw_event_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_event")),
    )
    op.create_index("ix_raw_event_fresh", "raw_event", ["id"], sqlite_where=FRESH, postgresql_where=FRESH)
    op.create_table(
        "unworked_hint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("raw_event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "trouble",
            sa.Enum(*TROUBLES, name="trouble", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["raw_event_id"], ["raw_event.id"], name=op.f("fk_unworked_hint_raw_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unworked_hint")),
        sa.UniqueConstraint("raw_event_id", "position", name=op.f("uq_unworked_hint_raw_event_id_position")),
    )
    op.create_index("ix_unworked_hint_state", "unworked_hint", ["state", "id"])
    op.create_index("ix_unworked_hint_due", "unworked_hint", ["state", "not_before"])
    op.create_table(
        "gone_mark",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_gone_mark_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "external_id", name=op.f("pk_gone_mark")),
    )
    op.create_index(op.f("ix_gone_mark_told_at"), "gone_mark", ["told_at"])
    op.create_table(
        "hint_turn",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("lease_key", sa.String(length=32), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_hint_turn_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_hint_turn")),
    )
    op.create_table(
        "refused_hook",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_refused_hook")),
    )


def downgrade() -> None:
    """Take them away again; the walk brings what was in them."""
    for name in ("refused_hook", "hint_turn", "gone_mark", "unworked_hint", "raw_event"):
        op.drop_table(name)
