"""Who can answer now: people with their topics, what waits for them, and who is away. Reads for verbs and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.routing import Away, Desk, Expert
from tjs_moderation.domain.vocabulary import CaseState, Permission
from tjs_moderation.models import Absence, QueueCount, Routing, TopicExpert, User
from tjs_moderation.services.wiring import ports


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody of the house by id; of those who can be given questions, how they stand; and the ids by topic."""

    people: Mapping[int, User]
    experts: Mapping[int, Expert]
    topics_of: Mapping[int, Sequence[int]]

    def desk(self, topic_id: int, slug: str, *, is_open_to_all: bool) -> Desk:
        """A topic with its experts."""
        ids = self.topics_of.get(topic_id, ())
        return Desk(topic_id, slug, tuple(self.experts[id_] for id_ in ids if id_ in self.experts), is_open_to_all)


def staff(session: Session, loads: Mapping[int, int], today: date) -> Staff:
    """Everybody, by name; `loads` is how many questions wait at each desk. One query."""
    rows = session.execute(
        select(User, TopicExpert.topic_id, _last_routed(), Absence)
        .outerjoin(TopicExpert, TopicExpert.user_id == User.id)
        .outerjoin(Absence, and_(Absence.person_id == User.id, Absence.first_day <= today, Absence.last_day >= today))
        .order_by(User.name, User.id),
    ).all()
    topics_of: dict[int, list[int]] = {}
    for person, topic_id, *_ in rows:
        if topic_id is not None:
            topics_of.setdefault(topic_id, []).append(person.id)
    experts = {
        person.id: expert_of(person, loads.get(person.id, 0), last_at, absence)
        for person, _, last_at, absence in rows
        if person.may(Permission.DRAFT_ANSWER)
    }
    return Staff({person.id: person for person, *_ in rows}, experts, topics_of)


def expert_of(person: User, load: int, last_at: datetime | None, absence: Absence | None) -> Expert:
    """A person as routing sees them."""
    away = Away(absence.last_day, absence.substitute_id) if absence else None
    return Expert(person.id, person.name, load, last_at, away, person.may(Permission.ROUTE))


def loads(session: Session) -> dict[int, int]:
    """How many questions wait at each desk."""
    waiting = select(QueueCount.expert_id, QueueCount.count).where(QueueCount.state == CaseState.EXPERT)
    return dict(session.execute(waiting).all())


def today(now: datetime) -> date:
    """The day it is for the house."""
    return now.astimezone(ports().settings.zone).date()


def _last_routed() -> ScalarSelect[datetime]:
    """When `User` last got a question."""
    return select(func.max(Routing.routed_at)).where(Routing.expert_id == User.id).correlate(User).scalar_subquery()
