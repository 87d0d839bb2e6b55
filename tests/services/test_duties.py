"""What somebody does here becomes another: their role, their topics, and what the topics tell of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.vocabulary import Permission, Role, SignInStage
from tjs_moderation.errors import InvalidInputError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import audit, changes, duties, people, routing, topics, user_sessions
from tjs_moderation.services.transaction import CONSOLE, user


def person(user_id: int) -> User:
    with Session(db.engine) as session:
        return session.get_one(User, user_id)


def experts_told(house: House, slug: str) -> list[tuple[object, object]]:
    """What the history of a topic says of its experts, the newest first."""
    with Session(db.engine) as session:
        history = changes.changes_of(session, topics.subject_of(house.topic_id(slug)))
    return [(change.before["experts"], change.after["experts"]) for change in history]


def topics_of(user_id: int) -> set[str]:
    db.session.remove()
    return {topic.slug for one in people.everybody() if one.id == user_id for topic in one.topics}


def test_another_role_gives_its_rights_and_ends_the_sign_ins(house: House) -> None:
    key = user_sessions.begin(house.expert, SignInStage.IN)
    assert duties.set_role(user(house.operator), house.expert, Role.TIEDOTTAJA)
    after = person(house.expert)
    assert after.may(Permission.DECIDE)
    assert user_sessions.find(key) is None
    assert topics_of(house.expert) == {"ewc", "historiahanke"}
    [last] = audit.page_of_entries(None, 1)
    assert (last.verb, last.actor) == ("set_role", f"user:{house.operator}")


def test_the_role_one_has_already_changes_nothing(house: House) -> None:
    before = person(house.expert).session_key
    assert not duties.set_role(user(house.operator), house.expert, Role.ASIANTUNTIJA)
    assert person(house.expert).session_key == before


def test_the_last_who_runs_the_console_cannot_give_that_up(house: House) -> None:
    with pytest.raises(TransitionError, match="last_operator"):
        duties.set_role(user(house.operator), house.operator, Role.TIEDOTTAJA)
    duties.set_role(user(house.operator), house.other_expert, Role.ATK_SUUNNITTELIJA)
    people.set_active(CONSOLE, house.other_expert, is_active=False)
    with pytest.raises(TransitionError, match="last_operator"):
        duties.set_role(user(house.operator), house.operator, Role.TIEDOTTAJA)
    people.set_active(CONSOLE, house.other_expert, is_active=True)
    assert duties.set_role(user(house.operator), house.operator, Role.TIEDOTTAJA)


def test_whoever_answers_nothing_any_more_has_no_topics_and_leaves_no_question_behind(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    routed = routing.route(house.tiedottaja, item.id, item.version, None, house.expert, "Sopii.")
    with pytest.raises(TransitionError, match="questions_on_desk"):
        duties.set_role(CONSOLE, house.expert, Role.ATK_SUUNNITTELIJA)
    routing.unroute(house.tiedottaja, routed.routing_id, routed.version)
    assert duties.set_role(CONSOLE, house.expert, Role.ATK_SUUNNITTELIJA)
    assert topics_of(house.expert) == set()
    assert experts_told(house, "ewc")[0] == ([house.expert], [])
    with pytest.raises(TransitionError, match="answers_nothing"):
        duties.set_topics(CONSOLE, house.expert, ["ewc"])


def test_topics_are_set_anew_and_each_that_changes_tells_it_in_its_history(house: House) -> None:
    first = len(experts_told(house, "ewc"))
    duties.set_topics(user(house.operator), house.expert, ["ewc", "patkatyot"])
    assert topics_of(house.expert) == {"ewc", "patkatyot"}
    assert experts_told(house, "patkatyot")[0] == ([house.other_expert], sorted([house.other_expert, house.expert]))
    assert experts_told(house, "historiahanke")[0] == ([house.expert], [])
    assert len(experts_told(house, "ewc")) == first
    with pytest.raises(InvalidInputError, match="unknown_topic"):
        duties.set_topics(CONSOLE, house.expert, ["kalastus"])
    assert topics_of(house.expert) == {"ewc", "patkatyot"}
