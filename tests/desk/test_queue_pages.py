from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.web.crowd import crowd
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import casework, desk, routing


def person(house: House, user_id: int) -> User:
    with Session(db.engine) as session:
        return session.get_one(User, user_id)


@pytest.mark.parametrize("limit", [1, 4, 7, 50])
def test_the_pages_of_a_queue_hold_every_item_once_though_all_came_at_once(house: House, limit: int) -> None:
    items = crowd(house, ["Olet idiootti."] * 21)
    key, seen = None, list[int]()
    for _ in range(len(items) + 1):
        page = desk.queue_page(person(house, house.tiedottaja), CaseState.REMOVAL, key, limit)
        seen += [row.item.id for row in page.rows]
        key = page.next_key
        if key is None:
            break
    assert seen == sorted((item.id for item in items), reverse=True)


def test_the_first_of_each_queue_are_those_of_its_own_page(house: House) -> None:
    crowd(house, ["Olet idiootti.", "Hmm.", "Kuka vastaa?", "Kiitos."] * 5)
    tiedottaja = person(house, house.tiedottaja)
    states = (CaseState.REMOVAL, CaseState.WEIGH, CaseState.QUESTION, CaseState.READ, CaseState.TROUBLE)
    firsts = desk.first_of(tiedottaja, states, 3).by_state
    for state in states:
        expected = [row.item.id for row in desk.queue_page(tiedottaja, state, limit=3).rows]
        assert [row.item.id for row in firsts[state]] == expected


def test_an_experts_desk_and_what_anybody_may_take_are_told_apart(house: House) -> None:
    mine, free, others = crowd(house, ["Kuka vastaa?"] * 3)
    topic = house.topic_id("yhdistystoiminta")
    routing.route(house.tiedottaja, mine.id, mine.version, None, house.expert, "Sinulle.")
    routing.route(house.tiedottaja, free.id, free.version, topic, None, "Kaikille.")
    routing.route(house.tiedottaja, others.id, others.version, None, house.other_expert, "Toiselle.")
    expert = person(house, house.expert)
    counts = desk.counts(expert)
    assert (counts[CaseState.EXPERT], counts.at_desk_of(expert), counts.for_anybody) == (2, 1, 1)
    assert [row.item.id for row in desk.my_questions(expert)] == [mine.id]
    assert [row.item.id for row in desk.questions_for_anybody()] == [free.id]


def test_the_aftermath_of_a_decision_is_its_item_as_it_stands_now_and_its_act(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    decision = casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    now, act = desk.aftermath(decision)
    assert (now.state, now.version) == (CaseState.GOING_OUT, house.item("c1").version)
    assert act is not None
    assert [act.id] == [planned.id for planned in house.acts(item.id)]
