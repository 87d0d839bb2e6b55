"""What phones make their codes of, sealed by the vault for the person whose it is."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.models import AuditHead, CodeSecret
from tjs_moderation.services.transaction import Work
from tjs_moderation.services.vault import Vault, open_vault, vault_to_fill


def put(work: Work, user_id: int, secret: str) -> None:
    """Keep a secret in place of the one before; it proves nothing until it is confirmed. A part of verbs.

    Raises SecretsError where there is no key to seal it with.
    """
    # Nobody changes the vault's keys meanwhile: both wait for the head of the log, on either database.
    work.session.scalars(select(AuditHead).with_for_update()).one()
    sealed = vault_to_fill().seal(_place(user_id), secret)
    work.session.merge(CodeSecret(user_id=user_id, sealed=sealed, made_at=work.now, confirmed_at=None, last_step=0))


def read(kept: CodeSecret) -> str:
    """The secret (base32). Raises SecretsError where it cannot be opened."""
    return open_vault().open(_place(kept.user_id), kept.sealed)


def reseal(session: Session, vault: Vault) -> int:
    """Seal every secret anew with the vault's newest key; gives how many there were. A part of verbs."""
    kept = session.scalars(select(CodeSecret)).all()
    for row in kept:
        row.sealed = vault.seal(_place(row.user_id), vault.open(_place(row.user_id), row.sealed))
    return len(kept)


def check_opens(session: Session, vault: Vault) -> None:
    """Raises SecretsError where the vault does not open every secret."""
    for row in session.scalars(select(CodeSecret)):
        vault.open(_place(row.user_id), row.sealed)


def check_readable(session: Session) -> None:
    """The same with the vault of this install, which need not be there as long as nothing is in it."""
    if session.scalar(select(CodeSecret.user_id).limit(1)) is not None:
        check_opens(session, open_vault())


def _place(user_id: int) -> str:
    return f"codes:{user_id}"
