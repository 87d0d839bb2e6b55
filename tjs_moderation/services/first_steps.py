"""What an install still lacks before its first morning, step by step; gone when all is done, or when put aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import Permission, Role
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    ChannelConnection,
    ImportRun,
    Item,
    PageRules,
    RuleSet,
    Setting,
    Topic,
    TopicExpert,
    User,
)
from tjs_moderation.services.options import put_setting
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import transact, user
from tjs_moderation.services.wiring import ports

FIRST_STEPS = "first_steps"
"""What people have said about the steps: the rules accepted as they came, the whole put aside."""


_NEEDED = (Role.TIEDOTTAJA, Role.ATK_SUUNNITTELIJA)
"""Without somebody who decides and somebody who runs it, nothing gets done."""


class Step(StrEnum):
    """The steps, in the order in which they are taken."""

    PEOPLE = "people"
    SOURCE = "source"
    TOPICS = "topics"
    RULES = "rules"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which steps are done, and whether somebody has put the rest aside."""

    done: frozenset[Step]
    is_closed: bool

    @property
    def next(self) -> Step | None:
        """The first step that is not done; None where all are."""
        return next((step for step in Step if step not in self.done), None)

    @property
    def are_over(self) -> bool:
        """Whether nobody needs to be led any more."""
        return self.is_closed or self.next is None


def first_steps() -> FirstSteps:
    """How far the install is. One query, of the same cost however much has come in."""
    asked = {
        Step.PEOPLE: and_(*(exists().where(User.role == role, User.is_active) for role in _NEEDED)),
        Step.SOURCE: _has_source(),
        Step.TOPICS: _has_experts(),
        Step.RULES: or_(exists().where(RuleSet.published_by_id.is_not(None)), exists().where(PageRules.id > 0)),
        Step.ITEMS: exists().where(Item.id > 0),
    }
    said = select(Setting.value).where(Setting.name == FIRST_STEPS).scalar_subquery()
    row = db.session.execute(select(said, *(found.label(step.value) for step, found in asked.items()))).one()
    kept = row[0] or {}
    done = {step for step, is_done in zip(asked, row[1:], strict=True) if is_done}
    if kept.get("rules_accepted"):
        done.add(Step.RULES)
    return FirstSteps(frozenset(done), bool(kept.get("is_closed")))


def topics_without_expert() -> Sequence[Topic]:
    """The topics in use that nobody answers on and that are not open to all, by name."""
    return db.session.scalars(select(Topic).where(_is_lonely()).order_by(Topic.name)).all()


def accept_rules(user_id: int) -> None:
    """Say that the rules that came with the program are right as they are."""
    with transact(user(user_id)) as work:
        acting_user(work.session, user_id, Permission.EDIT_RULES)
        _say(work.session, rules_accepted=True)
        work.record("accept_rules")


def close_first_steps(user_id: int) -> None:
    """Put aside what is not done: nobody is led any more."""
    with transact(user(user_id)) as work:
        person = work.session.get_one(User, user_id)
        acting_user(work.session, user_id, Permission.SEE_DESK)
        if not person.may(Permission.EDIT_RULES):
            acting_user(work.session, user_id, Permission.RUN_SETTINGS)
        _say(work.session, is_closed=True)
        work.record("close_first_steps")


def _say(session: Session, **told: bool) -> None:
    setting = session.get(Setting, FIRST_STEPS, with_for_update=True)
    put_setting(session, FIRST_STEPS, {**(setting.value if setting else {}), **told})


def _has_source() -> ColumnElement[bool]:
    """A page is connected, by the environment or here, or a file has come in."""
    connected = exists().where(ChannelConnection.connected_at.is_not(None))
    return or_(literal(ports().settings.facebook.is_on), connected, exists().where(ImportRun.id > 0))


def _has_experts() -> ColumnElement[bool]:
    return ~exists().where(_is_lonely())


def _is_lonely() -> ColumnElement[bool]:
    answering = exists().where(TopicExpert.topic_id == Topic.id, TopicExpert.user_id == User.id, User.is_active)
    return Topic.is_active & ~Topic.is_open_to_all & ~answering
