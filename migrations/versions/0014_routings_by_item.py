"""All routings of an item by one index: who had it once was looked for among every routing there is."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_routing_item", "routing", ["item_id", "id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_routing_item", table_name="routing")
