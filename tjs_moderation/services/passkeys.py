"""Passkeys (WebAuthn): a key in somebody's phone, computer or stick that answers only this console's address.

A device that asks for a finger or a PIN is two factors in one, so a passkey alone lets somebody in; every ceremony asks
for it. What a device is to sign is a challenge of our own making, kept until it is answered, once, within minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Passkey, PasskeyChallenge, User
from tjs_moderation.services.factors import give_recovery_codes, let_go, tell_of
from tjs_moderation.services.transaction import Actor, Work, transact, user
from tjs_moderation.services.wiring import ports

ANSWERED_WITHIN = timedelta(minutes=5)
MOST = 10
"""So many passkeys one person may have."""

LONGEST_NAME = 60
_VISITOR = Actor("visitor")


def ask_for_new(person: User) -> dict[str, Any]:
    """What a browser needs to make a passkey for this person. TransitionError where they have as many as one may."""
    own = _of(db.session(), person.id)
    if len(own) >= MOST:
        raise TransitionError("too_many_passkeys", most=MOST)
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name="TJS Moderointi",
        user_id=_handle_of(person),
        user_name=person.email,
        user_display_name=person.name,
        challenge=_new_challenge(person.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in own],
    )
    return _plain(options_to_json(options))


def add(person: User, answer: Any, name: str) -> Sequence[str]:
    """Keep the passkey that a browser has made; gives the codes to keep on paper, where the person had none.

    `answer` is the browser's JSON. InvalidInputError where it cannot be believed.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise InvalidInputError("passkey_name", limit=LONGEST_NAME)
    challenge = _answered(answer, person.id)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise InvalidInputError("passkey_unbelieved") from error
    with transact(user(person.id)) as work:
        work.session.add(
            Passkey(
                user_id=person.id,
                credential_id=bytes_to_base64url(made.credential_id),
                public_key=bytes_to_base64url(made.credential_public_key),
                sign_count=made.sign_count,
                name=name,
                made_at=work.now,
            ),
        )
        work.record("add_factor", user=person.id, kind="passkey")
        tell_of(work, person.id, "passkey_added")
        return give_recovery_codes(work, person.id)


def ask_for_known(person: User | None = None) -> dict[str, Any]:
    """What a browser needs to show a passkey: any it has for this site, or one of this person's."""
    own = _of(db.session(), person.id) if person is not None else ()
    options = webauthn.generate_authentication_options(
        rp_id=_site(),
        challenge=_new_challenge(None),
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in own],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options_to_json(options))


def recognise(answer: Any) -> User | None:
    """The person whose passkey has answered, None where it cannot be believed or its person may not come in."""
    try:
        challenge = _answered(answer, None)
        credential_id = str(answer["id"])
    except (InvalidInputError, KeyError, TypeError):
        return None
    with transact(_VISITOR) as work:
        work.leave_no_entry()
        own = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
        key = work.session.scalars(own).one_or_none()
        if key is None or not _is_signed(key, answer, challenge):
            return None
        key.used_at = work.now
        person = work.session.get(User, key.user_id)
        return person if person is not None and person.is_active else None


def remove(person: User, passkey_id: int) -> None:
    """Let a passkey go. NotFoundError where it is not theirs, TransitionError where they have to keep one factor."""
    with transact(user(person.id)) as work:
        gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == person.id).returning(Passkey.id)
        if work.session.scalar(gone) is None:
            raise NotFoundError("factor")
        let_go(work, person, "passkey")


def _is_signed(key: Passkey, credential: Any, challenge: bytes) -> bool:
    """Whether the answer is signed with the key; a counter that runs backwards tells of a copy (it raises, too)."""
    try:
        seen = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=_origin(),
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    key.sign_count = seen.new_sign_count
    return True


def _new_challenge(user_id: int | None) -> bytes:
    challenge = secrets.token_bytes(32)
    with transact(_VISITOR) as work:
        work.leave_no_entry()
        work.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.made_at < work.now - ANSWERED_WITHIN))
        kept = PasskeyChallenge(challenge_hash=_hash(challenge), user_id=user_id, made_at=work.now)
        work.session.add(kept)
    return challenge


def _answered(answer: Any, user_id: int | None) -> bytes:
    """The challenge that an answer answers, used up with that. InvalidInputError where we have asked no such thing."""
    challenge = _challenge_of(answer)
    with transact(_VISITOR) as work:
        work.leave_no_entry()
        if not _use_up(work, challenge, user_id):
            raise InvalidInputError("passkey_unbelieved")
    return challenge


def _use_up(work: Work, challenge: bytes, user_id: int | None) -> bool:
    whose = PasskeyChallenge.user_id.is_(None) if user_id is None else PasskeyChallenge.user_id == user_id
    known = delete(PasskeyChallenge).where(
        PasskeyChallenge.challenge_hash == _hash(challenge),
        PasskeyChallenge.made_at >= work.now - ANSWERED_WITHIN,
        whose,
    )
    return work.session.scalar(known.returning(PasskeyChallenge.challenge_hash)) is not None


def _challenge_of(answer: Any) -> bytes:
    try:
        told = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return base64url_to_bytes(told["challenge"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInputError("passkey_unbelieved") from error


def _handle_of(person: User) -> bytes:
    """What a device knows the person by: always the same here, and it says nothing of who it is."""
    key = ports().settings.secret_key.encode()
    return hmac.digest(key, f"passkey:{person.id}".encode(), "sha256")


def _of(session: Session, user_id: int) -> Sequence[Passkey]:
    return session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def _site() -> str:
    """The name passkeys are bound to (the RP id)."""
    return urlsplit(ports().settings.base_url).hostname or "localhost"


def _origin() -> str:
    parts = urlsplit(ports().settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _plain(options: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(options)
    return told


def _hash(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
