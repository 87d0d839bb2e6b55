"""Settings changed in the console: every change with what was and what became, topics and reasons out of use, words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WORDS = {
    "insulting": ("Kränker eller smädar", "Insults somebody"),
    "degrading": ("Förnedrar", "Degrades somebody"),
    "inappropriate": ("Är osaklig eller oanständig", "Is improper or obscene"),
    "threat": ("Hotar", "Threatens"),
    "discriminating": ("Diskriminerar eller hetsar till hat", "Discriminates or incites hatred"),
    "harassment": ("Trakasserar eller ofredar", "Harasses somebody"),
    "personal_data": ("Berättar någon annans personuppgifter", "Tells somebody else's personal data"),
    "spam": ("Är reklam, skräppost eller bedrägeri", "Is advertising, spam or a scam"),
    "other_removal": ("Annan orsak, berätta med egna ord", "Another reason, tell it in your own words"),
    "criticism": ("Kritisk men saklig", "Critical but fair"),
    "harsh": ("Tillspetsad men tillåten", "Sharp but allowed"),
    "quoted": ("Berättar vad någon annan har sagt", "Tells what somebody else said"),
    "mistaken": ("Förslaget var fel", "The proposal was wrong"),
    "other_keep": ("Annan orsak, berätta med egna ord", "Another reason, tell it in your own words"),
}
"""The words of the shipped reasons in Swedish and English, by code; whatever an install has added has none yet."""

OLD_HOLD_BACK, HOLD_BACK = "hold_back_seconds", "hold_back"
KINDS = ("hide", "delete", "reply", "private_message")


def upgrade() -> None:
    """Make the table, add the columns, give the shipped reasons their words, and the hold-back a time per kind."""
    op.create_table(
        "setting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user_account.id"], name=op.f("fk_setting_change_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_change")),
        sa.UniqueConstraint("subject", "number", name=op.f("uq_setting_change_subject_number")),
    )
    op.add_column("topic", sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("topic", sa.Column("kept_words", sa.Text(), nullable=True))
    op.add_column("decision_reason", sa.Column("label_sv", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("decision_reason", sa.Column("label_en", sa.String(length=200), nullable=False, server_default=""))
    say = sa.text("UPDATE decision_reason SET label_sv = :sv, label_en = :en WHERE code = :code")
    for code, (swedish, english) in WORDS.items():
        op.execute(say.bindparams(sv=swedish, en=english, code=code))
    seconds = op.get_bind().scalar(sa.text("SELECT value FROM setting WHERE name = :name"), {"name": OLD_HOLD_BACK})
    if seconds is not None:
        value = "{" + ",".join(f'"{kind}":{int(seconds)}' for kind in KINDS) + "}"
        rename = sa.text("UPDATE setting SET name = :new, value = :value WHERE name = :old")
        op.execute(rename.bindparams(new=HOLD_BACK, value=value, old=OLD_HOLD_BACK))


def downgrade() -> None:
    """Take them away again; the hold-back is what the environment says."""
    op.execute("DELETE FROM setting WHERE name IN ('hold_back', 'office_hours', 'languages', 'first_steps')")
    for column in ("label_en", "label_sv"):
        op.drop_column("decision_reason", column)
    for column in ("kept_words", "is_active"):
        op.drop_column("topic", column)
    op.drop_table("setting_change")
