"""A key for each member of the public, under which the commitments to their texts in the audit log are made.

The keys lie in the database, sealed with one key of the house; that one is sealed by the vault, whose key is no part of
the database. To destroy somebody's key is to delete what is sealed: no commitment to their texts can be opened then.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain import chain
from tjs_moderation.errors import SecretsError
from tjs_moderation.models import AuditHead, Author, ItemText, Setting
from tjs_moderation.services.transaction import Work
from tjs_moderation.services.vault import Vault, open_vault, vault_to_fill

log = structlog.get_logger()

HOUSE_KEY = "people_key"
"""The setting that holds the house's key, sealed by the vault."""

KEY_BYTES = 16
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Makes and opens people's keys with the key of the house; `house_key` is empty where that cannot be had."""

    house_key: bytes = field(default=b"", repr=False)

    def new(self, channel_id: int, external_id: str) -> tuple[bytes, str] | None:
        """A new key for a person, and the same sealed for them alone; None where none can be sealed."""
        if not self.house_key:
            return None
        key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(self.house_key).encrypt(nonce, key, _whose(channel_id, external_id))
        return key, base64.urlsafe_b64encode(sealed).decode("ascii")

    def open(self, author: Author) -> bytes | None:
        """A person's key; None where they have none, it was destroyed, or nothing opens it."""
        if not self.house_key or not author.sealed_key:
            return None
        sealed = base64.urlsafe_b64decode(author.sealed_key)
        try:
            whose = _whose(author.channel_id, author.external_id)
            return AESGCM(self.house_key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], whose)
        except InvalidTag:
            log.warning("person_key_shut", author=author.id)
            return None


def ring_to_fill(work: Work) -> KeyRing:
    """The ring for making keys; makes the house's key where there is none. A part of verbs.

    What comes in must come in: where the vault cannot be opened the ring is empty, commitments are made under the
    texts' own nonces alone, and the check-up says what is wrong with the vault.
    """
    try:
        return KeyRing(_house_key(work.session) or _make_house_key(work))
    except SecretsError as error:
        log.warning("people_key_shut", reason=str(error))
        return KeyRing()


def ring(session: Session) -> KeyRing:
    """The ring for opening keys. Raises SecretsError where the vault cannot be opened."""
    return KeyRing(_house_key(session))


def key_of_text(text: ItemText, person_key: bytes | None) -> str:
    """The key that the commitment to a text was made with (hexadecimal); empty where it is not to be had any more."""
    if not text.nonce or not text.is_keyed:
        return text.nonce
    return chain.text_key(person_key, text.nonce) if person_key else ""


def reseal(session: Session, vault: Vault) -> int:
    """Seal the house's key anew with the vault's newest key; gives how many keys that were. A part of verbs."""
    kept = session.get(Setting, HOUSE_KEY)
    if kept is not None:
        kept.value = vault.seal(HOUSE_KEY, vault.open(HOUSE_KEY, kept.value))
    return 0 if kept is None else 1


def check_opens(session: Session, vault: Vault) -> None:
    """Raises SecretsError where the vault does not open the house's key."""
    kept = session.get(Setting, HOUSE_KEY)
    if kept is not None:
        vault.open(HOUSE_KEY, kept.value)


def _house_key(session: Session) -> bytes:
    kept = session.get(Setting, HOUSE_KEY)
    return bytes.fromhex(open_vault().open(HOUSE_KEY, kept.value)) if kept else b""


def _make_house_key(work: Work) -> bytes:
    # As with channels' secrets: nobody changes the vault's keys meanwhile, and no other worker makes a second one.
    work.session.scalars(select(AuditHead).with_for_update()).one()
    made = _house_key(work.session)
    if made:
        return made
    key = AESGCM.generate_key(bit_length=256)
    work.session.add(Setting(name=HOUSE_KEY, value=vault_to_fill().seal(HOUSE_KEY, key.hex())))
    work.session.flush()
    return key


def _whose(channel_id: int, external_id: str) -> bytes:
    return f"{channel_id}:{external_id}".encode()
