"""How a channel is reached, its secrets, when it was stopped and how busy it is; when a worker was last seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and give the channels their new columns."""
    op.create_table(
        "channel_connection",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("app_id", sa.String(length=100), nullable=False),
        sa.Column("app_name", sa.String(length=200), nullable=False),
        sa.Column("page_id", sa.String(length=100), nullable=False),
        sa.Column("page_name", sa.String(length=200), nullable=False),
        sa.Column("token_kind", sa.String(length=20), nullable=False),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_access_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("permissions", sa.Text(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("subscribed", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_failure", sa.Text(), nullable=False),
        sa.Column("webhook_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_channel_connection_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_connection")),
    )
    op.create_table(
        "channel_secret",
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_channel_secret_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "name", name=op.f("pk_channel_secret")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )
    op.add_column("channel", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channel", sa.Column("usage_percent", sa.Float(), nullable=True))
    op.add_column("channel", sa.Column("usage_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away again; connections are made anew afterwards."""
    for name in ("usage_at", "usage_percent", "stopped_at"):
        op.drop_column("channel", name)
    for name in ("worker_beat", "channel_secret", "channel_connection"):
        op.drop_table(name)
