"""The health page: the same findings as the doctor's, for those who run the console."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.connecting.conftest import app, officer, operator, simulator
from tests.support.house import House
from tests.web.client import PageClient
from tjs_moderation import jobs
from tjs_moderation.domain.health import Depth, Finding, Health, by_age, by_amount, worst
from tjs_moderation.extensions import db
from tjs_moderation.gateways.heads import HeadFile
from tjs_moderation.models import Channel, QueueCount
from tjs_moderation.services import checkup
from tjs_moderation.web.health_words import TITLES, WORDS

__all__ = ["app", "officer", "operator", "simulator"]


def test_what_is_wrong_stands_first_with_the_next_step(operator: PageClient) -> None:
    page = operator.get("/health")
    assert "Jokin ei toimi." in page.text
    assert page.text.index("Viat") < page.text.index("Kunnossa")
    assert "Tee näin: Käynnistä työprosessi" in page.text


def test_once_a_worker_works_all_is_well(operator: PageClient, house: House) -> None:
    outside = {"file": HeadFile(house.instance / "heads.txt")}
    house.app.extensions["tjs_ports"] = replace(house.app.extensions["tjs_ports"], head_outlets=outside)
    jobs.run_all()
    house.instance.chmod(0o700)
    assert "Kaikki on kunnossa." in operator.get("/health").text
    house.clock.advance(minutes=20)
    assert "Työprosessia ei ole nähty 20 minuuttiin" in operator.get("/health").text


def test_only_those_who_run_the_console_see_it(officer: PageClient, app: Flask) -> None:
    officer.get("/health", status=403)
    assert "Kunto" not in officer.get("/").links()


def test_the_page_loads_neither_dictionary_nor_model(operator: PageClient) -> None:
    assert "Sanasto on paikallaan" in operator.get("/health").text


def test_page_and_command_look_with_the_same_eyes(house: House) -> None:
    with Session(db.engine) as session:
        glance = {finding.name for finding in checkup.look_over(session, Depth.GLANCE)}
        look = {finding.name for finding in checkup.look_over(session, Depth.LOOK)}
    assert glance == look


def test_a_check_that_breaks_hides_nothing_else(house: House) -> None:
    found = {finding.name: finding for finding in checkup.look_over(Broken(), Depth.GLANCE)}  # type: ignore[arg-type]  # breaks on purpose
    assert found["audit"].health is Health.UNKNOWN
    assert found["disk"].health is Health.OK


class Broken:
    """A session that answers nothing."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)


def test_counters_that_differ_from_a_recount_are_found(house: House) -> None:
    house.receive("c1", "Senkin idiootti")
    with Session(db.engine) as session:
        session.execute(update(QueueCount).values(count=QueueCount.count + 1))
        session.commit()
        found = {finding.name: finding for finding in checkup.look_over(session, Depth.LOOK)}
    assert found["counters"].code == "counters_differ"


def test_a_stopped_channel_is_told_once_to_both_who_can_do_something_and_gone_when_mended(
    house: House, operator: PageClient, officer: PageClient
) -> None:
    with Session(db.engine) as session:
        channel = session.get_one(Channel, house.channel_id())
        channel.stopped_reason, channel.stopped_at = "190/463", house.clock.now
        session.commit()
    for _ in range(3):
        house.clock.advance(minutes=1)
        jobs.run_all()
    for client, what_to_do in ((operator, "Korjaa yhteys"), (officer, "Atk-suunnittelija näkee saman ilmoituksen")):
        page = client.get("/")
        assert page.text.count("Kanava on pysähtynyt") == 1
        assert what_to_do in page.text
    operator.submit(operator.get("/channels").form("/resume"))
    assert "Kanava on pysähtynyt" not in operator.get("/").text
    assert "Kanava on pysähtynyt" not in officer.get("/").text


def test_every_word_names_its_facts_plainly(app: Flask) -> None:
    plain = {code: ["%" not in str(words).replace("%(", "") for words in WORDS[code]] for code in WORDS}
    assert [code for code, are_plain in plain.items() if not all(are_plain)] == []


def test_the_worst_of_all_is_told() -> None:
    findings = [Finding("a", Health.OK, "x"), Finding("b", Health.UNKNOWN, "x"), Finding("c", Health.WARN, "x")]
    assert worst(findings) is Health.WARN
    assert worst([]) is Health.OK
    assert worst([*findings, Finding("d", Health.BAD, "x")]) is Health.BAD


def test_ages_and_amounts_have_their_limits(house: House) -> None:
    now, minute = house.clock.now, timedelta(minutes=1)
    ages = [
        by_age("a", "a", now - n * minute, now, warn_after=5 * minute, bad_after=9 * minute).health for n in (5, 6, 10)
    ]
    assert ages == [Health.OK, Health.WARN, Health.BAD]
    assert by_age("a", "a", None, now, warn_after=minute, bad_after=minute).code == "a_never"
    amounts = [by_amount("a", "a", n, warn_from=2, bad_from=4).health for n in (1, 2, 4)]
    assert amounts == [Health.OK, Health.WARN, Health.BAD]


def test_everything_that_is_looked_at_has_a_name(house: House) -> None:
    with Session(db.engine) as session:
        found = checkup.look_over(session, Depth.GLANCE)
    assert {finding.name for finding in found} <= TITLES.keys()
