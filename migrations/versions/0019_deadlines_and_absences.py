"""By when a question is answered, and who is away and has whom in their place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A check that stands in its own column can be added and taken away without making the table anew, on either database.
WITH_CHECKS = (
    (
        "ALTER TABLE topic ADD COLUMN answer_unit VARCHAR(32) "
        "CONSTRAINT ck_topic_answer_unit CHECK (answer_unit IN ('hours', 'days')) "
        "CONSTRAINT ck_topic_answer_time CHECK ((answer_amount IS NULL) = (answer_unit IS NULL))"
    ),
    (
        "ALTER TABLE routing ADD COLUMN told VARCHAR(32) DEFAULT 'ahead' NOT NULL "
        "CONSTRAINT ck_routing_told CHECK (told IN ('ahead', 'soon', 'overdue', 'escalated'))"
    ),
)
MOMENTS = ("remind_at", "due_at", "escalate_at")


def upgrade() -> None:
    """Make the table of absences, and the columns for the time an answer may take and the deadline it led to."""
    op.add_column("topic", sa.Column("answer_amount", sa.Integer(), nullable=True))
    for moment in MOMENTS:
        op.add_column("routing", sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
    for statement in WITH_CHECKS:
        op.execute(statement)
    op.create_index("ix_routing_expert", "routing", ["expert_id", "routed_at"])
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absence_days")),
        sa.CheckConstraint("substitute_id <> person_id", name=op.f("ck_absence_other")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user_account.id"], name=op.f("fk_absence_entered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name=op.f("fk_absence_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["user_account.id"], name=op.f("fk_absence_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person", "absence", ["person_id", "last_day"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("absence")
    op.drop_index("ix_routing_expert", "routing")
    for column in ("told", *MOMENTS):
        op.drop_column("routing", column)
    for column in ("answer_unit", "answer_amount"):
        op.drop_column("topic", column)
