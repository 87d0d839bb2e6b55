"""Whose desk a question lies on: the turn, those who are heard, and who may see it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tests.waiting.told import free, newest_routing, question, routed, told
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.routing import Why
from tjs_moderation.domain.vocabulary import CaseState, NoticeKind, Role
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Item, Note, User
from tjs_moderation.services import duties, people, routing
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.transaction import CONSOLE, look_anew, user

ROUTED, HEARD, RETURNED = NoticeKind.ROUTED, NoticeKind.HEARD, NoticeKind.RETURNED


def sees(user_id: int, item: Item) -> bool:
    with Session(db.engine) as session:
        person = session.get_one(User, user_id)
        return session.scalar(select(Item.id).where(Item.id == item.id, visible_to(person))) is not None


def entry_of(verb: str) -> dict[str, Any]:
    with Session(db.engine) as session:
        found = select(AuditEntry.body).where(AuditEntry.verb == verb).order_by(AuditEntry.seq.desc()).limit(1)
        body: dict[str, Any] = json.loads(session.scalars(found).one())
        return body


def proposed(slug: str) -> tuple[Why, str]:
    look_anew()
    proposal = routing.proposal_for(db.session(), [TopicScore(slug, 0.9)])
    return proposal.why, proposal.expert.name if proposal.expert else ""


def test_the_turn_goes_round_among_the_experts_of_a_topic(house: House) -> None:
    duties.set_topics(CONSOLE, house.other_expert, ["ewc"])
    assert proposed("ewc") == (Why.LEAST_LOADED, "Inka")
    item = routed(house)
    assert proposed("ewc") == (Why.LEAST_LOADED, "Sikke")
    routing.recall(house.expert, item.id, house.item("c1").version, "Ei minun.")
    assert proposed("ewc") == (Why.TURN, "Sikke")


def test_a_person_chooses_their_own_topics(house: House) -> None:
    duties.set_topics(user(house.expert), house.expert, ["koulutus"])
    assert proposed("koulutus") == (Why.ONLY_EXPERT, "Inka")
    assert proposed("ewc") == (Why.NO_EXPERT, "")


def test_whoever_a_question_is_put_before_is_told_and_sees_it_and_nobody_else(house: House) -> None:
    item = routed(house)
    assert told(ROUTED) == [("Inka", "routed")]
    assert (sees(house.expert, item), sees(house.other_expert, item), sees(house.operator, item)) == (
        True,
        False,
        False,
    )


def test_those_who_are_heard_see_the_question_and_are_told_but_do_not_own_it(house: House) -> None:
    item = routed(house, heard=(house.other_expert, house.expert))
    assert told(HEARD) == [("Sikke", "heard")]
    assert sees(house.other_expert, item)
    assert house.item("c1").expert_id == house.expert
    with Session(db.engine) as session:
        note = session.scalars(select(Note)).one()
    assert note.text == "@sikke Kuultavaksi: Sinä tunnet tämän."
    body = entry_of("route")
    assert (body["note"], body["heard"]) == (note.id, sorted([house.expert, house.other_expert]))
    assert "Kuultavaksi" not in json.dumps(body)
    check_books()


@pytest.mark.parametrize("who", ["operator", "nobody"])
def test_who_cannot_answer_is_not_heard(house: House, who: str) -> None:
    item = question(house)
    heard = {"operator": house.operator, "nobody": 987_654}[who]
    with pytest.raises(InvalidInputError, match="unknown_expert"):
        routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Sopii.", (heard,))
    assert house.item("c1").state is CaseState.QUESTION
    assert told() == []


def test_what_anybody_may_take_is_told_to_everybody_and_belongs_to_the_first(house: House) -> None:
    item = free(house)
    assert sorted(told(ROUTED)) == [("Inka", "routed"), ("Sikke", "routed")]
    assert sees(house.expert, item)
    assert sees(house.other_expert, item)
    routing.take(house.expert, item.id, item.version)
    assert newest_routing(item).why == "Sinä tunnet tämän."
    assert not sees(house.other_expert, item)
    with pytest.raises(ConflictError) as late:
        routing.take(house.other_expert, item.id, item.version)
    assert late.value.facts["who"] == "Inka"


def test_of_a_topic_open_to_all_only_its_experts_are_told_where_it_has_any(house: House) -> None:
    duties.set_topics(CONSOLE, house.other_expert, ["yhdistystoiminta"])
    free(house)
    assert told(ROUTED) == [("Sikke", "routed")]


def test_not_mine_goes_back_to_the_tiedottaja_with_its_sentence(house: House) -> None:
    item = routed(house)
    with pytest.raises(InvalidInputError, match="routing_needs_why"):
        routing.recall(house.expert, item.id, house.item("c1").version, " ")
    routing.recall(house.expert, item.id, house.item("c1").version, "Tämä kuuluu Sikelle.")
    assert (house.item("c1").state, newest_routing(item).ended_why) == (CaseState.QUESTION, "Tämä kuuluu Sikelle.")
    assert told(RETURNED) == [("Tiina", "returned")]
    with pytest.raises(NotFoundError):
        routing.recall(house.other_expert, item.id, house.item("c1").version, "Ei minunkaan.")


def test_whoever_puts_a_question_on_their_own_desk_is_told_nothing(house: House) -> None:
    item = question(house)
    routing.route(house.tiedottaja, item.id, item.version, None, house.tiedottaja, "Teen itse.")
    assert told() == []


def test_a_colleague_who_is_gone_is_proposed_no_more(house: House) -> None:
    added, _ = people.add_user(CONSOLE, "Leo", "leo@tjs.example", Role.ASIANTUNTIJA, ("koulutus",))
    assert proposed("koulutus") == (Why.ONLY_EXPERT, "Leo")
    people.set_active(CONSOLE, added, is_active=False)
    assert proposed("koulutus") == (Why.NO_EXPERT, "")
