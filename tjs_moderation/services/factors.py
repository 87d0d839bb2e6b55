"""What proves who somebody is beside the password: codes of a phone (TOTP, RFC 6238), codes on paper, and passkeys."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import NoticeKind, SignInStage
from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import CodeSecret, Passkey, RecoveryCode, User
from tjs_moderation.services import code_secrets, notices
from tjs_moderation.services.transaction import Actor, Work, transact, user
from tjs_moderation.services.wiring import ports

STEP_SECONDS = 30
STEPS_AROUND = 1
"""So many steps a phone's clock may be early or late."""

RECOVERY_CODES = 10
_RECOVERY_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs, none of which is taken for another: 24 of them hold 120 bits, so that their plain SHA-256 may be kept."""

UNFINISHED = timedelta(hours=1)
"""So long a secret that was shown, but has not made a code yet, is shown again."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has: since when codes, which passkeys, how many codes on paper that are not used yet."""

    codes_since: datetime | None
    passkeys: Sequence[Passkey]
    recovery_left: int

    @property
    def has_any(self) -> bool:
        return bool(self.codes_since or self.passkeys)


def factors_of(user_id: int) -> Factors:
    """What somebody has."""
    return _factors(db.session(), user_id)


def stage_of(person: User) -> SignInStage:
    """How far a right password leads this person."""
    if factors_of(person.id).has_any:
        return SignInStage.FACTOR
    return SignInStage.ENROLMENT if is_required(person) else SignInStage.IN


def is_required(person: User) -> bool:
    """Whether this person's role has to show a second factor."""
    return str(person.role) in ports().settings.sign_in.factor_roles


# -- codes of a phone --------------------------------------------------------------------------------------------------


def begin_codes(person: User) -> str:
    """The secret to put into a phone (base32), as long as it has made no code; nothing depends on it before.

    Raises TransitionError where they have codes already, SecretsError where there is no key to seal it with.
    """
    with transact(user(person.id)) as work:
        work.leave_no_entry()
        kept = work.session.get(CodeSecret, person.id)
        if kept is not None and kept.confirmed_at is not None:
            raise TransitionError("has_codes")
        if kept is not None and work.now - kept.made_at < UNFINISHED:
            return code_secrets.read(kept)
        secret = pyotp.random_base32()
        code_secrets.put(work, person.id, secret)
        return secret


def address_of(person: User, secret: str) -> str:
    """What the QR code says to an app that makes codes."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="TJS Moderointi")


def confirm_codes(person: User, code: str) -> Sequence[str]:
    """Begin to use the codes of a phone; gives the codes to keep on paper, new ones where there were none.

    InvalidInputError where this is no code of the secret that was shown.
    """
    with transact(user(person.id)) as work:
        kept = work.session.get(CodeSecret, person.id, with_for_update=True)
        if kept is None or kept.confirmed_at is not None or not _take(kept, code, work.now):
            raise InvalidInputError("factor_code")
        kept.confirmed_at = work.now
        work.record("add_factor", user=person.id, kind="codes")
        tell_of(work, person.id, "codes_added")
        return give_recovery_codes(work, person.id)


def pass_code(person: User, code: str) -> bool:
    """Whether this is a code of the person's phone, or one of their paper; either is good once."""
    written = "".join(sign for sign in code if sign.isalnum()).upper()
    return _pass_paper(person, written) if len(written) > 6 else _pass_phone(person, written)


def _pass_phone(person: User, code: str) -> bool:
    with transact(user(person.id)) as work:
        work.leave_no_entry()
        kept = work.session.get(CodeSecret, person.id, with_for_update=True)
        return kept is not None and kept.confirmed_at is not None and _take(kept, code, work.now)


def _pass_paper(person: User, code: str) -> bool:
    with transact(user(person.id)) as work:
        unused = RecoveryCode.user_id == person.id, RecoveryCode.used_at.is_(None)
        use = update(RecoveryCode).where(RecoveryCode.code_hash == _hash(code), *unused).values(used_at=work.now)
        if work.session.scalar(use.returning(RecoveryCode.code_hash)) is None:
            work.leave_no_entry()
            return False
        work.record("use_recovery_code", user=person.id)
        tell_of(work, person.id, "recovery_used")
    return True


def _take(kept: CodeSecret, code: str, now: datetime) -> bool:
    """Whether the code is of now, or of a step beside it, and newer than the last one that was taken."""
    codes = pyotp.TOTP(code_secrets.read(kept))
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1):
        if hmac.compare_digest(codes.generate_otp(step).encode(), code.strip().encode("utf-8", "replace")):
            if step <= kept.last_step:
                return False
            kept.last_step = step
            return True
    return False


# -- codes on paper ----------------------------------------------------------------------------------------------------


def renew_recovery_codes(person: User) -> Sequence[str]:
    """New codes to keep on paper in place of those before. TransitionError where there is nothing they stand in for."""
    with transact(user(person.id)) as work:
        if not _factors(work.session, person.id).has_any:
            raise TransitionError("no_factor")
        work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
        work.record("renew_recovery_codes", user=person.id)
        tell_of(work, person.id, "recovery_renewed")
        return give_recovery_codes(work, person.id)


def give_recovery_codes(work: Work, user_id: int) -> Sequence[str]:
    """Codes to keep on paper, shown now and never again; none where somebody has some left. A part of verbs."""
    if _factors(work.session, user_id).recovery_left:
        return ()
    codes = tuple(_new_recovery_code() for _ in range(RECOVERY_CODES))
    work.session.add_all(RecoveryCode(code_hash=_hash(code.replace("-", "")), user_id=user_id) for code in codes)
    return codes


def _new_recovery_code() -> str:
    signs = "".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(24))
    return "-".join(signs[at : at + 4] for at in range(0, 24, 4))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


# -- taking away -------------------------------------------------------------------------------------------------------


def remove_codes(person: User) -> None:
    """Let the phone's codes go. TransitionError where this is the last factor of somebody who has to have one."""
    with transact(user(person.id)) as work:
        if work.session.get(CodeSecret, person.id) is None:
            raise NotFoundError("factor")
        work.session.execute(delete(CodeSecret).where(CodeSecret.user_id == person.id))
        let_go(work, person, "codes")


def let_go(work: Work, person: User, kind: str) -> None:
    """Record that a factor of this `kind` is gone; paper stands in for nothing once it was the last. A part of verbs.

    TransitionError where somebody has to have a factor and this was the last one.
    """
    work.session.flush()
    if not _factors(work.session, person.id).has_any:
        if is_required(person):
            raise TransitionError("last_factor")
        work.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
    work.record("remove_factor", user=person.id, kind=kind)
    tell_of(work, person.id, f"{kind}_removed")


def reset_factors(actor: Actor, user_id: int) -> None:
    """Take every factor of somebody away, because the phone is lost; their sign-ins end. NotFoundError for nobody.

    Where their role has to have one, they make another when they next sign in.
    """
    with transact(actor) as work:
        person = work.session.get(User, user_id, with_for_update=True)
        if person is None:
            raise NotFoundError("user")
        for table in (CodeSecret, RecoveryCode, Passkey):
            work.session.execute(delete(table).where(table.user_id == user_id))
        person.session_key = secrets.token_hex(16)
        work.record("reset_factors", user=user_id)
        tell_of(work, user_id, "factors_reset")


def tell_of(work: Work, user_id: int, what: str) -> None:
    """Tell somebody that something about their signing in has changed, whoever did it. A part of verbs."""
    notices.tell(work, user_id, NoticeKind.SECURITY, None, f"{what}:{secrets.token_hex(8)}")


def _factors(session: Session, user_id: int) -> Factors:
    since = session.scalar(select(CodeSecret.confirmed_at).where(CodeSecret.user_id == user_id))
    passkeys = session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()
    unused = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    left = session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0
    return Factors(since, passkeys, left)
