"""What somebody does here: their role, and the topics they answer on."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import GRANTS, Permission, Role
from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.models import Routing, Topic, TopicExpert, User
from tjs_moderation.services.changes import keep_change
from tjs_moderation.services.topics import subject_of
from tjs_moderation.services.transaction import Actor, Work, transact


def set_topics(actor: Actor, user_id: int, topics: Sequence[str]) -> None:
    """Say on which topics (slugs) somebody answers, in place of those before.

    InvalidInputError where one is unknown, TransitionError where somebody with this role answers on none.
    """
    with transact(actor) as work:
        person = person_held(work.session, user_id)
        if topics and not can_answer(person.role):
            raise TransitionError("answers_nothing")
        give_topics(work, user_id, topics)
        work.record("set_topics", user=user_id, topics=sorted(topics))


def set_role(actor: Actor, user_id: int, role: Role) -> bool:
    """Give somebody another role; their sign-ins end. Gives whether it became another.

    Who answers nothing any more gives up their topics. TransitionError where nobody would be left who runs the console,
    or where questions lie on a desk that is to be taken away.
    """
    with transact(actor) as work:
        person = person_held(work.session, user_id)
        if person.role is role:
            work.leave_no_entry()
            return False
        _check_runs_on(work.session, person, role)
        was, person.role = person.role, role
        if not can_answer(role):
            _check_desk_is_empty(work.session, user_id)
            give_topics(work, user_id, ())
        person.session_key = secrets.token_hex(16)
        work.record("set_role", user=user_id, role=str(role), was=str(was))
    return True


def can_answer(role: Role) -> bool:
    """Whether somebody with this role answers questions, and so can have topics and a desk."""
    return Permission.DRAFT_ANSWER in GRANTS[role]


def person_held(session: Session, user_id: int) -> User:
    """Somebody, locked for this transaction. NotFoundError where there is nobody with this id."""
    person = session.get(User, user_id, with_for_update=True)
    if person is None:
        raise NotFoundError("user")
    return person


def give_topics(work: Work, user_id: int, slugs: Sequence[str]) -> None:
    """Put these topics in place of those before; each topic keeps the change. A part of verbs.

    InvalidInputError where one is unknown.
    """
    found = {topic.slug: topic.id for topic in work.session.scalars(select(Topic).where(Topic.slug.in_(slugs)))}
    unknown = sorted(set(slugs) - found.keys())
    if unknown:
        raise InvalidInputError("unknown_topic", topics=", ".join(unknown))
    before = set(work.session.scalars(select(TopicExpert.topic_id).where(TopicExpert.user_id == user_id)))
    wanted = set(found.values())
    for topic_id in sorted(before ^ wanted):
        _keep_experts(work, topic_id, user_id, is_given=topic_id in wanted)
    gone = TopicExpert.topic_id.in_(before - wanted)
    work.session.execute(delete(TopicExpert).where(TopicExpert.user_id == user_id, gone))
    work.session.add_all(TopicExpert(user_id=user_id, topic_id=topic_id) for topic_id in sorted(wanted - before))
    work.session.flush()


def _keep_experts(work: Work, topic_id: int, user_id: int, *, is_given: bool) -> None:
    """The same change as when the topic's own page makes it, in the topic's history."""
    experts = set(work.session.scalars(select(TopicExpert.user_id).where(TopicExpert.topic_id == topic_id)))
    after = experts | {user_id} if is_given else experts - {user_id}
    keep_change(work, subject_of(topic_id), None, {"experts": sorted(experts)}, {"experts": sorted(after)})


def _check_runs_on(session: Session, person: User, role: Role) -> None:
    """Somebody can still open the door to everybody else."""
    if not person.may(Permission.RUN_PEOPLE) or Permission.RUN_PEOPLE in GRANTS[role]:
        return
    running = [each for each in Role if Permission.RUN_PEOPLE in GRANTS[each]]
    # Held, so that two who take the right from each other do so one after the other.
    who = select(User.id).where(User.role.in_(running), User.is_active).order_by(User.id).with_for_update()
    if set(session.scalars(who)) <= {person.id}:
        raise TransitionError("last_operator")


def _check_desk_is_empty(session: Session, user_id: int) -> None:
    on_desk = select(func.count()).select_from(Routing).where(Routing.expert_id == user_id, Routing.ended_at.is_(None))
    if session.scalar(on_desk):
        raise TransitionError("questions_on_desk")
