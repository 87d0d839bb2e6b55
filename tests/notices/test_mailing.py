"""Who is told of what, once; and what leaves the house by mail, once, whatever happens on the way."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests.notices.telling import QUESTION, found_of_mail, question_for, tell, told
from tests.support.fakes import WorkerKilled
from tests.support.house import House
from tests.support.mailbox import PostmanInMemory, mail_server
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import (
    DecisionKind,
    ItemKind,
    MailState,
    NoticeKind,
    Permission,
    Quoting,
)
from tjs_moderation.errors import GatewayError, GatewayFailure, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.gateways.mail import MailServer
from tjs_moderation.mail_settings import mailbox
from tjs_moderation.models import User
from tjs_moderation.services import calendar_feed, casework, mailing, notices, options, routing
from tjs_moderation.services.transaction import CONSOLE, transact, user

# -- telling -----------------------------------------------------------------------------------------------------------


def test_the_same_thing_is_told_once(house: House, postman: PostmanInMemory) -> None:
    assert tell(house.expert)
    assert not tell(house.expert)
    assert tell(house.other_expert)
    assert tell(house.expert, key="2")
    mailing.send_due()
    mailing.send_due()
    assert sorted(postman.addressees) == ["inka@tjs.example", "inka@tjs.example", "sikke@tjs.example"]


def test_a_deed_that_is_not_done_is_not_told(house: House, postman: PostmanInMemory) -> None:
    def fail() -> None:
        with transact(CONSOLE) as work:
            notices.tell(work, house.expert, NoticeKind.ROUTED, None, "1")  # and leaves no entry

    with pytest.raises(RuntimeError):
        fail()
    assert (told(), mailing.send_due()) == ([], 0)


def test_nobody_is_told_of_their_own_deeds_except_of_their_own_keys(house: House, postman: PostmanInMemory) -> None:
    me = user(house.expert)
    assert not tell(house.expert, by=me)
    assert tell(house.expert, NoticeKind.SECURITY, key="password_chosen:1", by=me)
    mailing.send_due()
    assert [mail.subject for mail in postman.kept] == ["Salasanasi on vaihdettu"]


def test_a_permission_says_who_is_told(house: House) -> None:
    with Session(db.engine) as session:
        assert notices.holders(session, Permission.APPROVE_ANSWER) == [house.tiedottaja]


def test_without_a_mail_server_a_notice_stays_in_the_console_for_good(house: House) -> None:
    tell(house.expert)
    assert (told()[0].mail, mailing.send_due(), mailing.begin_morning()) == (MailState.NONE, 0, 0)


# -- what a mail says --------------------------------------------------------------------------------------------------


def test_a_mail_leads_to_the_case_and_says_it_in_the_persons_language(house: House, postman: PostmanInMemory) -> None:
    item = question_for(house)
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.get_one(User, house.tiedottaja).locale = "sv"
    for person in (house.tiedottaja, house.other_expert):
        tell(person, NoticeKind.ROUTED, item.id, by=user(house.expert))
    mailing.send_due()
    [mail] = postman.kept  # the other one may not see the case
    assert (mail.to, mail.subject) == ("tiina@tjs.example", f"Du har fått en fråga (ärende {item.id})")
    for part in (mail.text, mail.html):
        assert f"https://moderointi.tjs.example/items/{item.id}" in part
        assert "Inka" in part
        assert "Läs frågan och skriv ett svar." in part
    assert [notice.mail for notice in told()] == [MailState.SENT, MailState.NONE]


@pytest.mark.parametrize(
    ("quoting", "kind", "is_quoted"),
    [
        (None, ItemKind.COMMENT, True),
        (None, ItemKind.MESSAGE, False),
        (Quoting.NOTHING, ItemKind.COMMENT, False),
        (Quoting.EVERYTHING, ItemKind.MESSAGE, True),
    ],
)
def test_no_more_is_quoted_than_the_house_allows(
    house: House, postman: PostmanInMemory, quoting: Quoting | None, kind: ItemKind, is_quoted: bool
) -> None:
    if quoting is not None:
        options.set_mail_quoting(user(house.operator), quoting)
    item = question_for(house, "<b>" + QUESTION, kind=kind)
    tell(house.tiedottaja, NoticeKind.ROUTED, item.id)
    mailing.send_due()
    [mail] = postman.kept
    assert ("> <b>Kuinka ewc perustetaan?" in mail.text) is is_quoted
    assert ("&lt;b&gt;Kuinka ewc perustetaan?" in mail.html) is is_quoted
    assert "<b>" not in mail.html
    assert max(len(line) for line in mail.text.splitlines()) < 220


def test_what_is_removed_or_proposed_to_be_is_quoted_nowhere(house: House, postman: PostmanInMemory) -> None:
    asked = question_for(house)
    casework.decide(house.tiedottaja, asked.id, asked.version, DecisionKind.REMOVE, "insulting")
    insult = house.receive("c2", "Olet idiootti, ewc!")
    for item in (asked, insult):
        tell(house.tiedottaja, NoticeKind.MENTIONED, item.id, key=str(item.id))
    mailing.send_due()
    assert [("ewc" in mail.text, "ewc" in mail.html) for mail in postman.kept] == [(False, False)] * 2


def test_what_was_read_in_the_console_needs_no_mail(house: House, postman: PostmanInMemory) -> None:
    tell(house.expert)
    tell(house.expert, key="2")
    notices.mark_read(house.expert, told()[0].id)
    mailing.send_due()
    assert (len(postman.kept), told()[0].mail) == (1, MailState.NONE)


# -- what can go wrong on the way --------------------------------------------------------------------------------------


def test_a_server_that_is_away_loses_nothing(house: House, postman: PostmanInMemory) -> None:
    postman.failure = GatewayError(GatewayFailure.TRANSIENT, "ConnectionRefusedError")
    tell(house.expert)
    for _ in range(6):
        mailing.send_due()
        house.clock.advance(minutes=61)
    assert found_of_mail(house) == ("mails_late", "ConnectionRefusedError")
    postman.failure = None
    mailing.send_due()
    house.clock.advance(days=1)
    mailing.send_due()
    assert (len(postman.kept), told()[0].mail, told()[0].attempts) == (1, MailState.SENT, 7)


def test_tries_lie_further_and_further_apart(house: House, postman: PostmanInMemory) -> None:
    postman.failure = GatewayError(GatewayFailure.TRANSIENT, "status 451")
    tell(house.expert)
    for _ in range(60):
        mailing.send_due()
        house.clock.advance(minutes=1)
    assert 4 <= told()[0].attempts <= 8


@pytest.mark.parametrize(
    ("failure", "days"), [(GatewayFailure.REFUSED, 0), (GatewayFailure.TRANSIENT, 3)], ids=["for good", "three days"]
)
def test_what_cannot_be_delivered_is_given_up_visibly(
    house: House, postman: PostmanInMemory, failure: GatewayFailure, days: int
) -> None:
    postman.failure = GatewayError(failure, "status 550")
    tell(house.expert)
    mailing.send_due()
    house.clock.advance(days=days)
    mailing.send_due()
    assert (found_of_mail(house), told()[0].mail) == (("mails_failed", "status 550"), MailState.FAILED)
    house.clock.advance(days=8)
    assert mailing.send_due() == 0
    assert found_of_mail(house) == ("mails", "")


def test_a_letter_that_cannot_be_written_keeps_no_other(house: House, postman: PostmanInMemory) -> None:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.get_one(User, house.expert).locale = "xx"
    for person in (house.expert, house.other_expert):
        tell(person)
    mailing.send_due()
    assert postman.addressees == ["sikke@tjs.example"]
    assert [(notice.mail, notice.failure) for notice in told()] == [
        (MailState.DUE, "UnknownLocaleError"),
        (MailState.SENT, ""),
    ]


def test_a_worker_killed_before_it_wrote_down_what_it_sent_sends_what_folds_into_one(
    house: House, postman: PostmanInMemory
) -> None:
    tell(house.expert)
    postman.death = WorkerKilled()
    with pytest.raises(WorkerKilled):
        mailing.send_due()
    postman.death = None
    assert mailing.send_due() == 0  # the dead one's lease still runs
    house.clock.advance(seconds=mailing.LEASE_SECONDS)
    mailing.send_due()
    house.clock.advance(days=1)
    assert mailing.send_due() == 0
    first, second = postman.kept
    assert first == second


def test_two_workers_send_each_mail_once(house: House, postman: PostmanInMemory) -> None:
    for number in range(6):
        tell(house.expert, key=str(number))
    begin = threading.Barrier(3)

    def send() -> None:
        with house.app.app_context():
            begin.wait()
            mailing.send_due()

    workers = [threading.Thread(target=send) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({mail.id for mail in postman.kept}) == len(postman.kept) == 6


def test_a_notice_says_by_when_to_answer(house: House, postman: PostmanInMemory) -> None:
    item = question_for(house)
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    mailing.send_due()
    [mail] = [mail for mail in postman.kept if mail.to == "inka@tjs.example"]
    assert "Määräaika: ti 17.11. 16.00" in mail.text


def test_a_worker_mails_over_a_real_server(house: House, postman: PostmanInMemory) -> None:
    item = question_for(house)
    tell(house.tiedottaja, NoticeKind.ROUTED, item.id, by=user(house.expert))
    wired = house.app.extensions["tjs_ports"]
    with mail_server() as box:
        server = MailServer("127.0.0.1", box.port, "smtp", mailbox("TJS <moderointi@tjs.example>"))
        house.app.extensions["tjs_ports"] = replace(wired, postman=server)
        jobs.mail()
    [message] = box.kept
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert message["To"] == "tiina@tjs.example"
    for part in (text.get_content(), html.get_content()):
        assert f"https://moderointi.tjs.example/items/{item.id}" in part
        assert "https://moderointi.tjs.example/notices/choices" in part


def test_after_a_restore_no_old_mail_leaves_and_no_old_calendar_opens(house: House, postman: PostmanInMemory) -> None:
    tell(house.expert)
    key = calendar_feed.make(house.expert)
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        notices.stop_mails(work.session)
    with pytest.raises(NotFoundError):
        calendar_feed.read(key)
    assert (mailing.send_due(), postman.kept) == (0, [])


def test_old_notices_are_let_go_of_once_nothing_waits_for_them(house: House, postman: PostmanInMemory) -> None:
    tell(house.expert)
    mailing.send_due()
    tell(house.expert, key="2")
    house.clock.advance(days=401)
    notices.let_go()
    assert [notice.key for notice in told()] == ["2"]
