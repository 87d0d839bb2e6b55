"""What open pages are told: in the order of the log, of what the person may see, and nothing twice."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.support.house import House
from tests.web.crowd import crowd
from tjs_moderation.domain.vocabulary import BulkKind, CaseState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import bulk, casework, desk, live, notes, routing
from tjs_moderation.services.bulk import Order, Pick
from tjs_moderation.services.live import News


def person(user_id: int) -> User:
    with Session(db.engine) as session:
        return session.get_one(User, user_id)


def told(user_id: int, after: int | None) -> tuple[int, list[tuple[int, str, str, CaseState]]]:
    found: News = live.news(person(user_id), after)
    return found.last, [(deed.item_id, deed.who, deed.verb, deed.state) for deed in found.deeds]


def test_a_page_is_told_what_came_after_its_counts_and_nothing_twice(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    seq = desk.counts(person(house.tiedottaja)).seq
    assert told(house.tiedottaja, seq) == (seq, [])
    notes.write_note(house.tiedottaja, item.id, "Tämä ei muuta mitään.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    last, deeds = told(house.tiedottaja, seq)
    assert deeds == [(item.id, "Tiina", "remove", CaseState.GOING_OUT)]
    assert told(house.tiedottaja, last) == (last, [])


def test_without_a_cursor_or_with_one_that_is_not_there_yet_nothing_is_told(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    last, deeds = told(house.tiedottaja, None)
    assert deeds == []
    assert told(house.tiedottaja, last + 1000) == (last, [])


def test_an_expert_is_told_of_what_they_may_see_and_of_what_was_taken_before_them(house: House) -> None:
    mine, free, other, secret = crowd(house, ["Kuka vastaa?"] * 4)
    routing.route(house.tiedottaja, free.id, free.version, house.topic_id("yhdistystoiminta"), None, "Kaikille.")
    seq = desk.counts(person(house.expert)).seq
    routing.route(house.tiedottaja, mine.id, mine.version, None, house.expert, "Sinulle.")
    routing.route(house.tiedottaja, other.id, other.version, None, house.other_expert, "Toiselle.")
    casework.decide(house.tiedottaja, secret.id, secret.version, DecisionKind.KEEP)
    routing.take(house.other_expert, free.id, house.item(free.external_id).version)
    _, deeds = told(house.expert, seq)
    assert deeds == [
        (mine.id, "Tiina", "route", CaseState.EXPERT),
        (free.id, "Sikke", "take", CaseState.EXPERT),
    ]
    assert len(told(house.tiedottaja, seq)[1]) == 4


def test_every_item_of_a_bulk_is_told(house: House) -> None:
    items = crowd(house, ["Olet idiootti."] * 3)
    seq = desk.counts(person(house.tiedottaja)).seq
    bulk.start(house.tiedottaja, Order(BulkKind.KEEP), [Pick(item.id, item.version) for item in items], "k")
    assert told(house.tiedottaja, seq)[1] == [(item.id, "Tiina", "keep", CaseState.DONE) for item in items]
