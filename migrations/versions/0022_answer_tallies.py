"""Counts by day of what was asked and answered: how far each answer had come by when, and whether it was in time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = (*("arrived", "topic", "first_decision", "answer", "by_category", "by_rule", "decided", "answered", "routed"),)
AFTER = (*BEFORE, "asked", "replied", "stage", "punctual")


def upgrade() -> None:
    """Make the table anew, with room for more. It is counted again as the program starts (`services.recounting`)."""
    _make_anew(AFTER)


def downgrade() -> None:
    """Make it anew as it was."""
    _make_anew(BEFORE)


def _make_anew(measures: tuple[str, ...]) -> None:
    op.drop_table("day_tally")
    op.create_table(
        "day_tally",
        sa.Column(
            "measure",
            sa.Enum(*measures, name="measure", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("measure", "day", "key", name=op.f("pk_day_tally")),
    )
