"""The reasons people choose from when they decide: added, worded anew, taken out of use and back. Never deleted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.domain.wording import Wording
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import DecisionReason
from tjs_moderation.services.automatic import USUAL_REASONS
from tjs_moderation.services.changes import check_actor, keep_change, numbers_of
from tjs_moderation.services.transaction import Actor, transact

LONGEST_LABEL = 200
LAST = "other_"
"""How the codes of the reasons begin that stand last in their list: what fits nothing else."""

_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A reason as a page shows it; `number` says how often it was changed, `by_rules` whether rules give it as well."""

    reason: DecisionReason
    number: int
    by_rules: bool


def subject_of(reason: DecisionReason) -> str:
    """Under what the changes of a reason are kept."""
    return f"reason:{reason.id}"


def all_reasons() -> Sequence[Seen]:
    """Every reason, those for removals first, in the order in which they are chosen from. Two queries."""
    found = db.session.scalars(select(DecisionReason).order_by(DecisionReason.position, DecisionReason.id)).all()
    numbers = numbers_of(db.session(), [subject_of(reason) for reason in found])
    by_rules = set(USUAL_REASONS.values())
    listed = sorted(found, key=lambda reason: not reason.for_removal)
    return [Seen(reason, numbers.get(subject_of(reason), 0), reason.code in by_rules) for reason in listed]


def reason_by_id(reason_id: int) -> DecisionReason:
    """One reason. NotFoundError where there is none."""
    found = db.session.get(DecisionReason, reason_id)
    if found is None:
        raise NotFoundError("reason")
    return found


def add_reason(actor: Actor, code: str, words: Wording, *, for_removal: bool) -> int:
    """Add a reason to one of the two lists, before the one that fits nothing else; gives its id.

    Raises InvalidInputError where code or words cannot be used, ConflictError where the code is taken.
    """
    words = _checked(words)
    if not _CODE.fullmatch(code):
        raise InvalidInputError("reason_code")
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        if work.session.scalar(select(DecisionReason.id).where(DecisionReason.code == code)) is not None:
            raise ConflictError("reason_code_in_use", code=code)
        reason = DecisionReason(
            code=code,
            label=words.fi,
            label_sv=words.sv,
            label_en=words.en,
            for_removal=for_removal,
            position=_free_place(work.session, for_removal),
            is_active=True,
        )
        work.session.add(reason)
        work.session.flush()
        work.record("add_reason", reason=reason.id, code=code, for_removal=for_removal, after=asdict(words))
    return reason.id


def change_reason(actor: Actor, reason_id: int, words: Wording, seen: int | None = None) -> bool:
    """Word a reason anew; what was decided with it says the new words, too. Gives whether anything became another."""
    words = _checked(words)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        reason = _held(work.session, reason_id)
        entry = keep_change(work, subject_of(reason), seen, asdict(reason.wording), asdict(words))
        if not entry:
            work.leave_no_entry()
            return False
        reason.label, reason.label_sv, reason.label_en = words.fi, words.sv, words.en
        work.record("change_reason", reason=reason.id, code=reason.code, **entry)
    return True


def set_reason_in_use(actor: Actor, reason_id: int, is_active: bool, seen: int | None = None) -> bool:
    """Take a reason out of use, or back into it; gives whether anything became another.

    TransitionError for the last one of a removal: without a reason nothing can be removed.
    """
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        reason = _held(work.session, reason_id)
        if not is_active and reason.for_removal and _is_last(work.session, reason):
            raise TransitionError("last_reason")
        was, becomes = {"is_active": reason.is_active}, {"is_active": is_active}
        entry = keep_change(work, subject_of(reason), seen, was, becomes)
        if not entry:
            work.leave_no_entry()
            return False
        reason.is_active = is_active
        verb = "revive_reason" if is_active else "retire_reason"
        work.record(verb, reason=reason.id, code=reason.code, **entry)
    return True


def _checked(words: Wording) -> Wording:
    kept = Wording(*(storable(" ".join(each.split())) for each in (words.fi, words.sv, words.en)))
    if not kept.fi or max(map(len, (kept.fi, kept.sv, kept.en))) > LONGEST_LABEL:
        raise InvalidInputError("reason_words", limit=LONGEST_LABEL)
    return kept


def _held(session: Session, reason_id: int) -> DecisionReason:
    reason = session.get(DecisionReason, reason_id, with_for_update=True)
    if reason is None:
        raise NotFoundError("reason")
    return reason


def _is_last(session: Session, reason: DecisionReason) -> bool:
    others = select(DecisionReason.id).where(
        DecisionReason.for_removal, DecisionReason.is_active, DecisionReason.id != reason.id
    )
    # Held, so that two who each take one of the last two out of use do not both find another left.
    return session.scalars(others.with_for_update()).first() is None


def _free_place(session: Session, for_removal: bool) -> int:
    """The place before the reason that fits nothing else; whatever stands there or behind moves on."""
    of_list = DecisionReason.for_removal.is_(for_removal)
    last = select(func.min(DecisionReason.position)).where(
        of_list, DecisionReason.code.startswith(LAST, autoescape=True), DecisionReason.is_active
    )
    place = session.scalar(last)
    if place is None:
        newest = session.scalar(select(func.max(DecisionReason.position)).where(of_list))
        return 0 if newest is None else newest + 1
    behind = update(DecisionReason).where(DecisionReason.position >= place)
    session.execute(behind.values(position=DecisionReason.position + 1))
    return place
