"""Counts by day: arrivals, waits, proposals and what people decided, topics, people's load; the newest posts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MEASURES = (
    *("arrived", "topic", "first_decision", "answer", "by_category", "by_rule", "decided", "answered", "routed"),
)


def upgrade() -> None:
    """Make the table. What was there before is counted as the program starts (`services.recounting`)."""
    op.create_table(
        "day_tally",
        sa.Column(
            "measure",
            sa.Enum(*MEASURES, name="measure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "day", "key", name=op.f("pk_day_tally")),
    )
    op.create_index("ix_post_created", "post", ["created_at", "id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_post_created", table_name="post")
    op.drop_table("day_tally")
