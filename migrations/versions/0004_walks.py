"""How channels are walked, thread by thread; how busy they may be kept; what their posts were counted for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. What a walk had come to before is read once more, which changes nothing."""
    op.create_table(
        "pace",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("baseline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("walk_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("is_round_over", sa.Boolean(), nullable=False),
        sa.Column("is_round_thorough", sa.Boolean(), nullable=False),
        sa.Column("walk_failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_pace_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_pace")),
    )
    op.create_table(
        "walk_thread",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_round", sa.Integer(), nullable=False),
        sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("born_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_count", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_count", sa.Integer(), nullable=True),
        sa.Column("read_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_walk_thread_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "kind", "external_id", name=op.f("pk_walk_thread")),
    )
    op.create_table(
        "walk_sight",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("thread_external_id", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_walk_sight_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "thread_external_id", "external_id", name=op.f("pk_walk_sight")),
    )
    op.create_table(
        "post_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_count_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_count")),
    )
    op.create_index("ix_post_count_post", "post_count", ["post_id", "kind", "id"])
    op.drop_table("walk_cursor")


def downgrade() -> None:
    """Take them away again; every thread is walked anew afterwards."""
    op.create_table(
        "walk_cursor",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_walk_cursor_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "subject", name=op.f("pk_walk_cursor")),
    )
    for name in ("post_count", "walk_sight", "walk_thread", "pace"):
        op.drop_table(name)
