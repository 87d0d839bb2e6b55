"""The indexes by which threads are found hold what stands in one: most items do not, and pay for them no longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# (name, columns, the one that has to be told)
INDEXES = (
    (
        "ix_item_conversation",
        ("channel_id", "conversation_external_id", "sorted_at", "id"),
        "conversation_external_id",
    ),
    ("ix_item_parent_external", ("channel_id", "parent_external_id"), "parent_external_id"),
    ("ix_item_parent_id", ("parent_id",), "parent_id"),
)


def upgrade() -> None:
    """Make them anew, of what is told alone."""
    for name, columns, told in INDEXES:
        is_told = sa.text(f"{told} IS NOT NULL")
        op.drop_index(name, "item")
        op.create_index(name, "item", columns, sqlite_where=is_told, postgresql_where=is_told)


def downgrade() -> None:
    """Make them anew, of everything."""
    for name, columns, _ in INDEXES:
        op.drop_index(name, "item")
        op.create_index(name, "item", columns)
