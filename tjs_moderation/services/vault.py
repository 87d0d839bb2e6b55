"""Secrets sealed with a key that is not in the database, so that a copy of the database alone opens nothing."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tjs_moderation.errors import SecretsError
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import Settings, is_credentials_key, keep_whole


class Vault:
    """Seals with the first of its keys, opens with any of them. What was sealed for one place opens nowhere else."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self._box = MultiFernet([Fernet(key) for key in keys])

    def seal(self, place: str, secret: str) -> str:
        """`secret` as it may stand in the database, at `place`."""
        return self._box.encrypt(json.dumps([place, secret]).encode()).decode("ascii")

    def open(self, place: str, sealed: str) -> str:
        """The secret. Raises SecretsError where no key opens it, or it was sealed for another place."""
        try:
            sealed_for, secret = json.loads(self._box.decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as error:
            raise SecretsError("secrets_key_wrong") from error
        if sealed_for != place:
            raise SecretsError("secrets_key_wrong")
        return str(secret)


def open_vault() -> Vault:
    """The vault with the keys of this install. Raises SecretsError where there is no key or one that is none."""
    return Vault(known_keys(ports().settings))


def vault_to_fill() -> Vault:
    """The same, for sealing something: makes the key file where this install has no key yet."""
    settings = ports().settings
    if not settings.credentials_keys and not settings.credentials_key_path.exists():
        _write(settings.credentials_key_path, (new_key(),), is_replacing=False)
    return open_vault()


def new_key() -> str:
    """A new key: 32 random bytes in URL-safe base64."""
    return Fernet.generate_key().decode("ascii")


def known_keys(settings: Settings) -> tuple[str, ...]:
    """The keys, the one to seal with first: the environment's where it gives any, else the key file's.

    Raises SecretsError: `secrets_key_missing`, `secrets_key_unreadable`, `secrets_key_damaged`.
    """
    if settings.credentials_keys:
        return settings.credentials_keys
    path = settings.credentials_key_path
    try:
        keys = tuple(path.read_text(encoding="ascii").split())
    except FileNotFoundError as error:
        raise SecretsError("secrets_key_missing", path=str(path)) from error
    except (OSError, ValueError) as error:
        raise SecretsError("secrets_key_unreadable", path=str(path)) from error
    if not keys or not all(is_credentials_key(key) for key in keys):
        raise SecretsError("secrets_key_damaged", path=str(path))
    return keys


def add_key() -> None:
    """Put a new key before the old one in the key file; two left there by an earlier rotation stay as they are."""
    settings = ports().settings
    keys = known_keys(settings)
    if len(keys) == 1:
        _write(settings.credentials_key_path, (new_key(), *keys))


def drop_old_keys() -> None:
    """Keep only the first key in the key file: nothing is sealed with the others any more."""
    settings = ports().settings
    _write(settings.credentials_key_path, known_keys(settings)[:1])


def _write(path: Path, keys: tuple[str, ...], *, is_replacing: bool = True) -> None:
    try:
        keep_whole(path, "".join(f"{key}\n" for key in keys), is_replacing=is_replacing)
    except OSError as error:
        raise SecretsError("secrets_key_unwritable", path=str(path)) from error
