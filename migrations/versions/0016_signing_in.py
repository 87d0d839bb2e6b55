"""Sign-ins kept on the server, and what proves who somebody is beside the password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STAGES = "'factor', 'enrolment', 'in'"
TABLES = ("outer_identity", "passkey_challenge", "passkey", "recovery_code", "code_secret", "user_session")


def _person(table: str, *, is_known: bool = True) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("user_id", sa.Integer(), nullable=not is_known),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id")),
    )


def _moment(name: str, *, is_known: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not is_known)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        *_person("user_session"),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        *(_moment(name) for name in ("made_at", "seen_at", "proved_at")),
        sa.Column("agent", sa.String(length=60), nullable=False),
        sa.CheckConstraint(f"stage IN ({STAGES})", name=op.f("ck_user_session_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_user_session_key_hash")),
    )
    op.create_table(
        "code_secret",
        *_person("code_secret"),
        sa.Column("sealed", sa.Text(), nullable=False),
        _moment("made_at"),
        _moment("confirmed_at", is_known=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_code_secret")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        *_person("recovery_code"),
        _moment("used_at", is_known=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        *_person("passkey"),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        _moment("made_at"),
        _moment("used_at", is_known=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        *_person("passkey_challenge", is_known=False),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_table(
        "outer_identity",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        *_person("outer_identity"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_outer_identity")),
    )
    for table in ("user_session", "recovery_code", "passkey", "outer_identity"):
        op.create_index(f"ix_{table}_user", table, ["user_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
