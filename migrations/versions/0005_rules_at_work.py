"""What shadow rules said, what a rule may hide by itself, and decisions of the rules' own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OUTCOMES = "'keep', 'weigh', 'remove'"
STEPS = "'none', 'due', 'done', 'cap', 'rule_cap', 'left'"

# One statement for both databases: SQLite takes a column with its check, but no check afterwards.
ASSESSMENT_COLUMNS = {
    "shadows": "TEXT NOT NULL DEFAULT '[]'",
    "shadow_outcome": f"VARCHAR(32) CONSTRAINT ck_assessment_shadow_outcome CHECK (shadow_outcome IN ({OUTCOMES}))",
    "automatic": "TEXT NOT NULL DEFAULT ''",
    "automatic_step": "VARCHAR(32) NOT NULL DEFAULT 'none' "
    f"CONSTRAINT ck_assessment_automatic_step CHECK (automatic_step IN ({STEPS}))",
}

AUTOMATIC = "decided_by_id IS NULL"
DECIDER = f"({AUTOMATIC}) = (rule <> '')"
ONLY_HIDES = "decided_by_id IS NOT NULL OR (kind = 'remove' AND assessment_id IS NOT NULL AND rule_set_id IS NOT NULL)"

FORGET_AUTOMATIC = (
    (
        "UPDATE act SET decision_id = NULL WHERE decision_id IN (SELECT id FROM decision WHERE decided_by_id IS NULL "
        "OR takes_back_id IN (SELECT id FROM decision WHERE decided_by_id IS NULL))"
    ),
    "DELETE FROM decision WHERE takes_back_id IN (SELECT id FROM decision WHERE decided_by_id IS NULL)",
    "DELETE FROM decision WHERE decided_by_id IS NULL",
)


def upgrade() -> None:
    """Add the columns; a decision need not have a person behind it any more, but then a rule."""
    for name, told in ASSESSMENT_COLUMNS.items():
        op.execute(f"ALTER TABLE assessment ADD COLUMN {name} {told}")
    due, shadowed = sa.text("automatic_step = 'due'"), sa.text("shadow_outcome IS NOT NULL")
    op.create_index("ix_assessment_due", "assessment", ["id"], sqlite_where=due, postgresql_where=due)
    op.create_index(
        "ix_assessment_shadows", "assessment", ["created_at", "id"], sqlite_where=shadowed, postgresql_where=shadowed
    )
    with op.batch_alter_table("decision", copy_from=_decision(is_automatic=False)) as decision:
        decision.add_column(sa.Column("rule", sa.Text(), nullable=False, server_default=""))
        decision.alter_column("decided_by_id", existing_type=sa.Integer(), nullable=True)
        decision.create_check_constraint(op.f("ck_decision_decider"), DECIDER)
        decision.create_check_constraint(op.f("ck_decision_automatic"), ONLY_HIDES)
    automatic = sa.text(AUTOMATIC)
    op.create_index(
        "uq_decision_automatic",
        "decision",
        ["item_id", "text_version"],
        unique=True,
        sqlite_where=automatic,
        postgresql_where=automatic,
    )
    op.create_index(
        "ix_decision_automatic_at", "decision", ["decided_at"], sqlite_where=automatic, postgresql_where=automatic
    )


def downgrade() -> None:
    """Take them away again, and with them the decisions that no person made."""
    for name in ("ix_decision_automatic_at", "uq_decision_automatic"):
        op.drop_index(name, "decision")
    for statement in FORGET_AUTOMATIC:
        op.execute(statement)
    with op.batch_alter_table("decision", copy_from=_decision(is_automatic=True)) as decision:
        decision.drop_constraint(op.f("ck_decision_automatic"), type_="check")
        decision.drop_constraint(op.f("ck_decision_decider"), type_="check")
        decision.alter_column("decided_by_id", existing_type=sa.Integer(), nullable=False)
        decision.drop_column("rule")
    for name in ("ix_assessment_shadows", "ix_assessment_due"):
        op.drop_index(name, "assessment")
    for name in reversed(ASSESSMENT_COLUMNS):
        op.drop_column("assessment", name)


def _decision(*, is_automatic: bool) -> sa.Table:
    """The table as it stands before the change: SQLite, which makes it anew, cannot be asked for its checks."""
    added = [
        sa.Column("rule", sa.Text(), nullable=False, server_default=""),
        sa.CheckConstraint(DECIDER, name=op.f("ck_decision_decider")),
        sa.CheckConstraint(ONLY_HIDES, name=op.f("ck_decision_automatic")),
    ]
    kinds = ("keep", "remove", "delete", "no_answer", "take_back")
    return sa.Table(
        "decision",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("rule_set_id", sa.Integer(), nullable=True),
        sa.Column("takes_back_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=is_automatic),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN {kinds}", name=op.f("ck_decision_kind")),
        sa.CheckConstraint("(kind = 'take_back') = (takes_back_id IS NOT NULL)", name=op.f("ck_decision_take_back")),
        sa.CheckConstraint(
            "kind NOT IN ('remove', 'delete') OR reason_id IS NOT NULL", name=op.f("ck_decision_removal_reason")
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_decision_assessment_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_decision_item_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["decision_reason.id"], name=op.f("fk_decision_reason_id")),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_decision_rule_set_id")),
        sa.ForeignKeyConstraint(["takes_back_id"], ["decision.id"], name=op.f("fk_decision_takes_back_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("item_id", "item_version", name=op.f("uq_decision_item_id_item_version")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_decision_takes_back_id")),
        *(added if is_automatic else ()),
    )
