"""What each person sets for themselves: language and keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Added one by one: each is a plain ALTER TABLE, and no table is written anew."""
    op.add_column("user_account", sa.Column("locale", sa.String(length=5), nullable=True))
    op.add_column("user_account", sa.Column("has_keys", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("user_account", sa.Column("keys", sa.Text(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Take them away again."""
    for column in ("keys", "has_keys", "locale"):
        op.drop_column("user_account", column)
