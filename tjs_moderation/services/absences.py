"""Who is away, from when to when, and who answers in their place; and what was on their desks when they left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.routing import Expert, stand_in
from tjs_moderation.domain.vocabulary import CaseState, NoticeKind, Permission
from tjs_moderation.errors import InvalidInputError, NotAllowedError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Absence, Item, Routing, User
from tjs_moderation.services import notices, placing
from tjs_moderation.services.handing import key_of, open_routing, put_on_desk, take_off
from tjs_moderation.services.reach import acting_user, touch
from tjs_moderation.services.staffing import loads, staff, today
from tjs_moderation.services.transaction import CONSOLE, Work, reading, transact, user
from tjs_moderation.services.wiring import ports

LONGEST_DAYS = 366
"""How long one absence may be."""


def add_absence(user_id: int, person_id: int, first_day: date, last_day: date, substitute_id: int | None) -> int:
    """Say that somebody is away from the first to the last day, both included; gives the absence's id.

    Oneself, or anybody for those who route or run people. InvalidInputError where the days are in the wrong order, in
    the past, too many or taken by another absence, or the substitute cannot answer.
    """
    with transact(user(user_id)) as work:
        person = _person_held(work, user_id, person_id)
        _check_days(work, first_day, last_day)
        _check_substitute(work.session, person, substitute_id)
        overlapping = select(Absence.id).where(
            Absence.person_id == person_id, Absence.first_day <= last_day, Absence.last_day >= first_day
        )
        if work.session.scalars(overlapping.limit(1)).first() is not None:
            raise InvalidInputError("absence_overlaps")
        absence = Absence(
            person_id=person_id,
            first_day=first_day,
            last_day=last_day,
            substitute_id=substitute_id,
            entered_by_id=user_id,
            entered_at=work.now,
        )
        work.session.add(absence)
        work.session.flush()
        work.record("add_absence", **_told(absence))
        work.nudge("deadlines")
    return absence.id


def end_absence(user_id: int, absence_id: int) -> None:
    """Take an absence away, also one that has begun. What was handed on stays where it is."""
    with transact(user(user_id)) as work:
        absence = work.session.get(Absence, absence_id, with_for_update=True)
        if absence is None:
            raise NotFoundError("absence")
        _person_held(work, user_id, absence.person_id)
        work.record("end_absence", **_told(absence))
        work.session.delete(absence)


def coming(person_id: int | None = None) -> Sequence[Absence]:
    """The absences that are not over, of everybody or of one, by their first day; each with its people."""
    statement = (
        select(Absence)
        .where(Absence.last_day >= today(ports().clock()))
        .options(joinedload(Absence.person), joinedload(Absence.substitute))
        .order_by(Absence.first_day, Absence.id)
    )
    if person_id is not None:
        statement = statement.where(Absence.person_id == person_id)
    return db.session.scalars(statement).all()


def substitutes() -> Sequence[User]:
    """Who can answer in somebody's place, by name."""
    people = db.session.scalars(select(User).where(User.is_active).order_by(User.name, User.id)).all()
    return [person for person in people if person.may(Permission.DRAFT_ANSWER)]


def hand_on() -> int:
    """Hand on what lies with people who are away and is due before they are back; gives how many questions were.

    It goes to whoever stands in, or back to the tiedottaja where nobody does. What somebody put there knowing of the
    absence stays. For any number of workers, at any time.
    """
    with reading() as session:
        day = today(ports().clock())
        waiting = session.execute(
            select(Routing.id, Routing.item_id, Routing.due_at, Routing.routed_at, Absence)
            .join(Item, Item.id == Routing.item_id)
            .join(Absence, Absence.person_id == Routing.expert_id)
            .where(Routing.ended_at.is_(None), Item.state == CaseState.EXPERT)
            .where(Absence.first_day <= day, Absence.last_day >= day)
            .order_by(Routing.id)
        ).all()
    due = [row for row in waiting if _is_to_go_on(row.due_at, row.routed_at, row.Absence)]
    return sum(_hand_on_one(row.item_id, row.id, row.Absence) for row in due)


def _is_to_go_on(due_at: datetime | None, routed_at: datetime, absence: Absence) -> bool:
    """Whether it was there before the absence was known of and had begun, and cannot wait for its end."""
    zone = ports().settings.zone
    begins = datetime.combine(absence.first_day, time(0), zone)
    came_before = routed_at < max(begins, absence.entered_at)
    return came_before and due_at is not None and due_at.astimezone(zone).date() <= absence.last_day


def _hand_on_one(item_id: int, routing_id: int, absence: Absence) -> bool:
    """Whether this was it: another worker, or a colleague, may have been faster."""
    with transact(CONSOLE) as work:
        item = work.session.scalars(select(Item).where(Item.id == item_id).with_for_update(of=Item)).one()
        routing = open_routing(work.session, item_id)
        if routing is None or routing.id != routing_id or item.state is not CaseState.EXPERT:
            work.leave_no_entry()
            return False
        known = staff(work.session, loads(work.session), today(work.now))
        away = known.experts.get(absence.person_id)
        found = stand_in(away, known.experts) if away else None
        _move(work, item, routing, absence, known.people[absence.person_id].name, found)
    return True


def _move(work: Work, item: Item, before: Routing, absence: Absence, name: str, to: Expert | None) -> None:
    last = f"{absence.last_day.day}.{absence.last_day.month}."
    if to is None:
        take_off(work, before, f"{name} on poissa {last} asti, eikä sijaista ole.")
        officers = notices.holders(work.session, Permission.ROUTE)
        notices.tell_all(work, officers, NoticeKind.RETURNED, item.id, key_of(before))
    else:
        take_off(work, before)
        why = f"{name} on poissa {last} asti. Sijaisena on {to.name}."
        put_on_desk(work, item, before.topic_id, to.id, why, by_id=absence.entered_by_id)
    placing.settle(work, [item])
    touch(item, work.now)
    expert = to.id if to else before.expert_id
    work.record("reroute" if to else "recall", items=[item.id], topic=before.topic_id, expert=expert, away=absence.id)


def _person_held(work: Work, user_id: int, person_id: int) -> User:
    """Somebody whose absences this person may tell of, held: two who enter days at once do so one after the other."""
    acting = acting_user(work.session, user_id, Permission.SEE_DESK)
    if user_id != person_id and not (acting.may(Permission.ROUTE) or acting.may(Permission.RUN_PEOPLE)):
        raise NotAllowedError("absence_of_another")
    person = work.session.get(User, person_id, with_for_update=True)
    if person is None or not person.is_active:
        raise NotFoundError("user")
    return person


def _check_days(work: Work, first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise InvalidInputError("absence_order")
    if last_day < today(work.now):
        raise InvalidInputError("absence_over")
    if (last_day - first_day).days >= LONGEST_DAYS:
        raise InvalidInputError("absence_too_long", most=LONGEST_DAYS)


def _check_substitute(session: Session, person: User, substitute_id: int | None) -> None:
    if substitute_id is None:
        return
    substitute = session.get(User, substitute_id)
    if substitute is None or substitute_id == person.id or not substitute.may(Permission.DRAFT_ANSWER):
        raise InvalidInputError("absence_substitute")


def _told(absence: Absence) -> dict[str, Any]:
    return {
        "user": absence.person_id,
        "absence": absence.id,
        "first_day": absence.first_day.isoformat(),
        "last_day": absence.last_day.isoformat(),
        "substitute": absence.substitute_id,
    }
