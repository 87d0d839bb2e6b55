"""Deciding many items as one, a second person's opinion, and leaving an item to be weighed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BULK_KINDS = "'keep', 'remove', 'weigh', 'route', 'take_back'"
KINDS_BEFORE = ("keep", "remove", "delete", "no_answer", "take_back")
KINDS = ("keep", "remove", "weigh", "delete", "no_answer", "take_back")

AUTOMATIC = sa.text("decided_by_id IS NULL")
UNDER_WAY = sa.text("finished_at IS NULL")
AWAITED = sa.text("given_at IS NULL AND withdrawn_at IS NULL")

FORGET_WEIGHING = (
    "DELETE FROM decision WHERE takes_back_id IN (SELECT id FROM decision WHERE kind = 'weigh')",
    "DELETE FROM decision WHERE kind = 'weigh'",
)


def upgrade() -> None:
    """Make the tables, and let a decision leave an item to be weighed."""
    _make_bulks()
    _make_opinions()
    _let_kinds_be(KINDS_BEFORE, KINDS)


def downgrade() -> None:
    """Take them away again, and with them what was left to be weighed."""
    for table in ("bulk_item", "bulk", "opinion"):
        op.drop_table(table)
    for statement in FORGET_WEIGHING:
        op.execute(statement)
    _let_kinds_be(KINDS, KINDS_BEFORE)


def _make_bulks() -> None:
    op.create_table(
        "bulk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({BULK_KINDS})", name=op.f("ck_bulk_kind")),
        sa.CheckConstraint("(kind = 'take_back') = (undoes_id IS NOT NULL)", name=op.f("ck_bulk_take_back")),
        sa.CheckConstraint("kind <> 'remove' OR reason_id IS NOT NULL", name=op.f("ck_bulk_removal_reason")),
        sa.CheckConstraint("done_count + skipped_count <= item_count", name=op.f("ck_bulk_counts")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_bulk_by_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["user_account.id"], name=op.f("fk_bulk_expert_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["decision_reason.id"], name=op.f("fk_bulk_reason_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_bulk_topic_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["bulk.id"], name=op.f("fk_bulk_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk")),
        sa.UniqueConstraint("key", name=op.f("uq_bulk_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_bulk_undoes_id")),
    )
    op.create_index("ix_bulk_under_way", "bulk", ["id"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_version", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("routing_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.CheckConstraint("step IN ('waiting', 'done', 'skipped')", name=op.f("ck_bulk_item_step")),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk.id"], name=op.f("fk_bulk_item_bulk_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_bulk_item_decision_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_bulk_item_item_id")),
        sa.ForeignKeyConstraint(["routing_id"], ["routing.id"], name=op.f("fk_bulk_item_routing_id")),
        sa.PrimaryKeyConstraint("bulk_id", "number", name=op.f("pk_bulk_item")),
        sa.UniqueConstraint("bulk_id", "item_id", name=op.f("uq_bulk_item_bulk_id_item_id")),
    )


def _make_opinions() -> None:
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_of_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('keep', 'remove')", name=op.f("ck_opinion_kind")),
        sa.CheckConstraint("asked_of_id <> asked_by_id", name=op.f("ck_opinion_second")),
        sa.CheckConstraint("(kind IS NULL) = (given_at IS NULL)", name=op.f("ck_opinion_given")),
        sa.CheckConstraint("given_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_opinion_ending")),
        sa.CheckConstraint("kind IS NULL OR words <> ''", name=op.f("ck_opinion_words")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_opinion_asked_by_id")),
        sa.ForeignKeyConstraint(["asked_of_id"], ["user_account.id"], name=op.f("fk_opinion_asked_of_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_opinion_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
    )
    op.create_index("ix_opinion_item", "opinion", ["item_id", "id"])
    op.create_index(
        "uq_opinion_open", "opinion", ["item_id"], unique=True, sqlite_where=AWAITED, postgresql_where=AWAITED
    )
    op.create_index("ix_opinion_asked", "opinion", ["asked_of_id"], sqlite_where=AWAITED, postgresql_where=AWAITED)


def _let_kinds_be(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """SQLite makes the table anew for this, without its indexes."""
    for name in ("ix_decision_automatic_at", "uq_decision_automatic"):
        op.drop_index(name, "decision")
    with op.batch_alter_table("decision", copy_from=_decision(before)) as decision:
        decision.drop_constraint(op.f("ck_decision_kind"), type_="check")
        decision.create_check_constraint(op.f("ck_decision_kind"), f"kind IN {after}")
    for name, columns, is_unique in (
        ("uq_decision_automatic", ["item_id", "text_version"], True),
        ("ix_decision_automatic_at", ["decided_at"], False),
    ):
        op.create_index(name, "decision", columns, unique=is_unique, sqlite_where=AUTOMATIC, postgresql_where=AUTOMATIC)


def _decision(kinds: tuple[str, ...]) -> sa.Table:
    """The table as it stands before the change: SQLite, which makes it anew, cannot be asked for its checks."""
    only_hides = (
        "decided_by_id IS NOT NULL OR (kind = 'remove' AND assessment_id IS NOT NULL AND rule_set_id IS NOT NULL)"
    )
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
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, server_default=""),
        sa.CheckConstraint(f"kind IN {kinds}", name=op.f("ck_decision_kind")),
        sa.CheckConstraint("(kind = 'take_back') = (takes_back_id IS NOT NULL)", name=op.f("ck_decision_take_back")),
        sa.CheckConstraint(
            "kind NOT IN ('remove', 'delete') OR reason_id IS NOT NULL", name=op.f("ck_decision_removal_reason")
        ),
        sa.CheckConstraint("(decided_by_id IS NULL) = (rule <> '')", name=op.f("ck_decision_decider")),
        sa.CheckConstraint(only_hides, name=op.f("ck_decision_automatic")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_decision_assessment_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_decision_decided_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_decision_item_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["decision_reason.id"], name=op.f("fk_decision_reason_id")),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_decision_rule_set_id")),
        sa.ForeignKeyConstraint(["takes_back_id"], ["decision.id"], name=op.f("fk_decision_takes_back_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("item_id", "item_version", name=op.f("uq_decision_item_id_item_version")),
        sa.UniqueConstraint("takes_back_id", name=op.f("uq_decision_takes_back_id")),
    )
