"""What a search is narrowed by, in one index: a search without words looks no further where little lies within."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_item_bounds", "item", ["outcome", "state", "category", "kind", "channel_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_item_bounds", table_name="item")
