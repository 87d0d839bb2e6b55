"""The morning's summary: once a working day, for each what waits for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.notices.telling import choose, question_for, tell, told
from tests.support.house import House
from tests.support.mailbox import PostmanInMemory
from tjs_moderation.domain.mail import Mail
from tjs_moderation.domain.vocabulary import (
    Delivery,
    MailState,
    NoticeGroup,
    NoticeKind,
)
from tjs_moderation.models import Absence
from tjs_moderation.services import mailing, routing
from tjs_moderation.services.transaction import CONSOLE, transact


def mornings(postman: PostmanInMemory) -> list[Mail]:
    return [mail for mail in postman.kept if mail.subject == "Mikä odottaa tänään"]


def test_what_can_wait_is_told_in_the_morning_once(house: House, postman: PostmanInMemory) -> None:
    choose(house.expert, NoticeGroup.MENTIONS, Delivery.SUMMARY)
    house.clock.advance(hours=3)
    mailing.begin_morning()
    mailing.send_due()
    postman.kept.clear()
    for key in ("1", "2"):
        tell(house.expert, key=key)
    mailing.send_due()
    assert postman.kept == []
    for _ in range(36):
        house.clock.advance(hours=1)
        mailing.begin_morning()
        mailing.send_due()
    [mail] = [mail for mail in mornings(postman) if mail.to == "inka@tjs.example"]
    assert mail.text.count("Sinut mainittiin muistiinpanossa") == 2
    assert {notice.mail for notice in told() if notice.kind is NoticeKind.MENTIONED} == {MailState.SENT}


def test_who_wants_nothing_gets_nothing(house: House, postman: PostmanInMemory) -> None:
    choose(house.expert, NoticeGroup.MENTIONS, Delivery.NONE)
    tell(house.expert)
    mailing.send_due()
    assert (postman.kept, told()[0].mail, told()[0].read_at) == ([], MailState.NONE, None)


@pytest.mark.parametrize(
    ("days", "hours", "is_begun"),
    [(0, -1.0, False), (0, 0.5, True), (0, 9.0, False), (5, 1.0, False), (32, 1.0, False), (35, 1.0, True)],
    ids=["before opening", "open", "closed", "Saturday", "Christmas Day, a Friday", "the Monday after"],
)
def test_a_summary_begins_a_working_day(
    house: House, postman: PostmanInMemory, days: int, hours: float, is_begun: bool
) -> None:
    house.clock.advance(days=7)  # whoever came today begins tomorrow
    house.clock.advance(days=days, hours=hours)
    assert (mailing.begin_morning() > 0) is is_begun
    assert mailing.begin_morning() == 0


def in_the_morning(house: House, postman: PostmanInMemory, days: int = 7) -> dict[str, Mail]:
    """The summaries of a working day, by whom they are for."""
    house.clock.advance(days=days, minutes=30)
    mailing.begin_morning()
    mailing.send_due()
    return {mail.to.partition("@")[0]: mail for mail in mornings(postman)}


def test_the_morning_tells_each_what_waits_for_them(house: House, postman: PostmanInMemory) -> None:
    item = question_for(house, "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    house.receive("c2", "Olet idiootti.")
    mails = in_the_morning(house, postman)
    # Nothing waits for Sikke, and Aatos works with no questions.
    assert set(mails) == {"inka", "tiina"}
    assert f"Asia {item.id}, myöhässä: määräaika oli ti 17.11. 16.00" in mails["inka"].text
    assert f"https://moderointi.tjs.example/items/{item.id}" in mails["inka"].html
    assert "Ehdotettu poistettavaksi: 1" in mails["tiina"].text
    assert "(Inka)" in mails["tiina"].text
    assert "ewc" not in mails["inka"].text + mails["tiina"].text


def test_who_is_away_or_wants_none_gets_no_summary(house: House, postman: PostmanInMemory) -> None:
    for external_id, expert in (("c1", house.expert), ("c2", house.other_expert)):
        item = house.receive(external_id, "Kuinka ewc perustetaan?")
        routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), expert, "Aihe on EWC.")
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        first, last = house.clock().date(), house.clock().date() + timedelta(days=7)
        work.session.add(
            Absence(
                person_id=house.expert,
                first_day=first,
                last_day=last,
                entered_by_id=house.expert,
                entered_at=work.now,
            )
        )
    choose(house.other_expert, NoticeGroup.MORNING, Delivery.NONE)
    assert set(in_the_morning(house, postman)) == {"tiina"}
    choose(house.expert, NoticeGroup.MENTIONS, Delivery.SUMMARY)
    tell(house.expert)
    postman.kept.clear()
    assert "Sinut mainittiin muistiinpanossa" in in_the_morning(house, postman, days=1)["inka"].text
