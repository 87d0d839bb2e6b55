"""Weighing by two: one asks, another says what they would do and why, then it is decided; both words stay."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind, OpinionKind
from tjs_moderation.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, Opinion, User
from tjs_moderation.services import casework, second_looks
from tjs_moderation.services.opinions import ask_opinion, give_opinion, withdraw_opinion


def in_doubt(house: House) -> Item:
    return house.receive("c1", "Hmm.")


def asked(house: House) -> Item:
    item = in_doubt(house)
    ask_opinion(house.tiedottaja, item.id, house.expert, "Onko tämä huumoria?")
    return item


def newest(item: Item) -> Opinion:
    with Session(db.engine) as session:
        return session.scalars(select(Opinion).where(Opinion.item_id == item.id).order_by(Opinion.id.desc())).first()  # type: ignore[return-value]  # there is one


def desk_of(user_id: int) -> list[tuple[int, bool]]:
    with Session(db.engine) as session:
        person = session.get_one(User, user_id)
    db.session.rollback()
    return [(waiting.item.id, waiting.is_answer) for waiting in second_looks.waiting_for(person).opinions]


def test_both_words_stay_with_the_item_and_the_asker_decides(house: House) -> None:
    item = asked(house)
    assert (desk_of(house.expert), desk_of(house.tiedottaja)) == ([(item.id, False)], [])
    give_opinion(house.expert, item.id, OpinionKind.KEEP, "Vitsi on kulunut mutta kiltti.")
    assert (desk_of(house.expert), desk_of(house.tiedottaja)) == ([], [(item.id, True)])
    told = newest(item)
    assert (told.question, told.kind, told.words) == (
        "Onko tämä huumoria?",
        OpinionKind.KEEP,
        "Vitsi on kulunut mutta kiltti.",
    )
    assert house.item("c1").version == item.version, "nobody's form is stale"
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    assert house.trail(item.id)[-3:] == [
        (f"user:{house.tiedottaja}", "ask_opinion"),
        (f"user:{house.expert}", "give_opinion"),
        (f"user:{house.tiedottaja}", "keep"),
    ]
    assert desk_of(house.tiedottaja) == []
    check_books()


def test_deciding_withdraws_what_was_asked_and_the_one_who_was_asked_is_told_who_decided(house: House) -> None:
    item = asked(house)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    assert newest(item).withdrawn_at == house.clock.now
    assert desk_of(house.expert) == []
    with pytest.raises(ConflictError) as refused:
        give_opinion(house.expert, item.id, OpinionKind.KEEP, "Antaa olla.")
    assert (refused.value.facts["who"], refused.value.facts["what"]) == ("Tiina", "remove")


def test_leaving_it_to_be_weighed_goes_on_waiting_for_the_opinion(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    ask_opinion(house.tiedottaja, item.id, house.expert)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.WEIGH)
    assert house.item("c1").state is CaseState.WEIGH
    assert newest(item).is_open


def test_an_opinion_can_be_asked_no_longer_and_then_of_somebody_else(house: House) -> None:
    item = asked(house)
    with pytest.raises(TransitionError, match="opinion_awaited"):
        ask_opinion(house.tiedottaja, item.id, house.other_expert)
    withdraw_opinion(house.tiedottaja, item.id)
    ask_opinion(house.tiedottaja, item.id, house.other_expert)
    assert (desk_of(house.expert), desk_of(house.other_expert)) == ([], [(item.id, False)])


def test_nobody_gives_an_opinion_on_their_own_request(house: House) -> None:
    item = asked(house)
    with pytest.raises(InvalidInputError, match="opinion_of_oneself"):
        ask_opinion(house.tiedottaja, item.id, house.tiedottaja)
    with pytest.raises(NotAllowedError):
        give_opinion(house.tiedottaja, item.id, OpinionKind.REMOVE, "Minusta tämä loukkaa.")
    assert newest(item).is_open


def test_only_the_one_who_was_asked_sees_the_item_and_answers(house: House) -> None:
    item = asked(house)
    with pytest.raises(NotFoundError):
        give_opinion(house.other_expert, item.id, OpinionKind.KEEP, "Minäkin sanon.")
    with pytest.raises(NotAllowedError):
        ask_opinion(house.expert, item.id, house.other_expert)
    with pytest.raises(NotAllowedError):
        withdraw_opinion(house.expert, item.id)
    with pytest.raises(InvalidInputError, match="unknown_expert"):
        ask_opinion(house.tiedottaja, in_doubt(house).id, house.operator)


def test_an_opinion_needs_a_sentence_and_an_item_that_is_undecided(house: House) -> None:
    item = asked(house)
    with pytest.raises(InvalidInputError, match="opinion_needs_words"):
        give_opinion(house.expert, item.id, OpinionKind.KEEP, "  ")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    with pytest.raises(TransitionError, match="opinion_on_decided"):
        ask_opinion(house.tiedottaja, item.id, house.expert)
