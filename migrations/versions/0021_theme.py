"""Light or dark pages, as each person wants them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: a plain ALTER TABLE."""
    op.add_column("user_account", sa.Column("theme", sa.String(length=10), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("user_account", "theme")
