"""Connecting as the atk-suunnittelija does it: step by step, with every no told at its step and nothing lost."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.connecting.conftest import BASE_URL
from tests.support.house import House
from tests.support.queries import BUDGET, queries_of
from tests.support.simulator import APP_SECRET, PAGE_TOKEN, USER_TOKEN, RunningSimulator
from tests.web.client import Page, PageClient
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import ActState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Channel, ChannelConnection, ChannelSecret, Item, Pace
from tjs_moderation.services import casework, connection_checks, walking
from tjs_moderation.services.credentials import facebook_access
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import FacebookSettings
from tjs_moderation.simulator.access import TokenKind

APP_ID = "4000"


class Connecting:
    """The page of the connection, filled in as a person would."""

    def __init__(self, house: House, operator: PageClient) -> None:
        self.client = operator
        self.path = f"/channels/{house.channel_id()}/connection"

    def look(self) -> Page:
        return self.client.get(self.path)

    def give_app(self, secret: str = APP_SECRET, status: int = 200, app_id: str = APP_ID) -> Page:
        form = self.look().form("/app")
        return self.client.submit(form, status, app_id=app_id, app_secret=secret)

    def give_token(self, token: str = USER_TOKEN, status: int = 200) -> Page:
        return self.client.submit(self.look().form("/token"), status, token=token)

    def choose(self, page_id: str, status: int = 200) -> Page:
        return self.client.submit(self.look().form("/page"), status, page_id=page_id)

    def subscribe(self, status: int = 200) -> Page:
        return self.client.submit(self.look().form("/events"), status)

    def start(self, since: str = "30") -> Page:
        return self.client.submit(self.look().form("/start"), since=since)

    def connect(self) -> Page:
        self.give_app()
        self.give_token()
        return self.start()

    def disconnect(self) -> Page:
        asked = self.client.get(self.look().links()["Katkaise yhteys…"])
        return self.client.submit(asked.form("/disconnect"))


@pytest.fixture
def connecting(house: House, operator: PageClient) -> Connecting:
    return Connecting(house, operator)


def row() -> ChannelConnection:
    with Session(db.engine) as session:
        return session.scalars(select(ChannelConnection)).one()


def test_from_nothing_to_a_channel_that_is_read(connecting: Connecting, simulator: RunningSimulator) -> None:
    post = simulator.state.publish("Luento torstaina")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Tulossa!")
    page = connecting.give_app()
    assert "Sovellus Harjoitussovellus, tunnus 4000. Salaisuus on tallennettu." in page.text
    page = connecting.give_token()
    assert "Sivun avain, päättyy" in page.text  # its access to data ends in ninety days
    assert "Sivu Harjoitussivu, tunnus 1000." in page.text
    page = connecting.subscribe()
    assert "Sivu lähettää tapahtumansa sovellukselle." in page.text
    assert "feed" in simulator.state.subscribed_fields
    assert "Kanava on käytössä." in connecting.start(since="all").text
    walking.walk_all()
    with Session(db.engine) as session:
        assert session.scalars(select(Item.external_id)).all()
    assert "yhteydessä" in connecting.client.get("/channels").text


def test_the_token_that_is_kept_never_expires_and_the_persons_own_is_forgotten(
    connecting: Connecting, simulator: RunningSimulator
) -> None:
    connecting.connect()
    assert facebook_access().page_token == PAGE_TOKEN
    assert row().token_expires_at is None
    with Session(db.engine) as session:
        assert "user_token" not in set(session.scalars(select(ChannelSecret.name)))


def test_one_of_several_pages_is_chosen(connecting: Connecting, simulator: RunningSimulator) -> None:
    simulator.access.other_pages["2000"] = "Paikallisosasto"
    connecting.give_app()
    page = connecting.give_token()
    assert "Paikallisosasto (2000)" in page.text
    assert "form" not in [f.get("action", "").rsplit("/", 1)[-1] for f in page.elements("form") if "start" in str(f)]
    page = connecting.choose("2000")
    assert "Sivu Paikallisosasto, tunnus 2000." in page.text
    connecting.start()
    assert facebook_access().page_id == "2000"


@pytest.mark.parametrize(("since", "days"), [("0", 0), ("30", 30), ("all", None)])
def test_one_says_from_when_on_the_page_is_read(
    connecting: Connecting, house: House, since: str, days: int | None
) -> None:
    connecting.give_app()
    connecting.give_token()
    connecting.start(since)
    with Session(db.engine) as session:
        told = session.scalars(select(Pace)).one().baseline_at
    assert (None if told is None else (house.clock.now - told).days) == days


def test_an_app_and_a_secret_that_do_not_belong_together_are_told(connecting: Connecting) -> None:
    page = connecting.give_app(secret="wrong", status=422)
    assert "Facebook ei tunnista tätä tunnusta ja salaisuutta yhdessä." in page.text
    assert page.form("/app").values["app_id"] == APP_ID


@pytest.mark.parametrize("app_id", ["abc", "12 34", "٤٠٠٠", "4" * 40])
def test_an_app_id_that_is_no_number_is_told_without_asking_anybody(connecting: Connecting, app_id: str) -> None:
    assert "pelkkiä numeroita" in connecting.give_app(app_id=app_id, status=422).text


def issue(simulator: RunningSimulator, kind: TokenKind, **facts: object) -> str:
    return simulator.access.issue("some-token", kind, **facts)  # type: ignore[arg-type]  # each its own


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        (TokenKind.USER, {"app_id": "4001"}, "Käyttöavain kuuluu toiselle sovellukselle."),
        (TokenKind.USER, {"subcode": 463}, "Käyttöavain on vanhentunut."),
        (TokenKind.USER, {"subcode": 460}, "Käyttöavain ei kelpaa"),
        (TokenKind.APP, {}, "Tämä on sovelluksen avain"),
    ],
)
def test_a_token_that_cannot_be_used_says_why_and_where_to_get_another(
    connecting: Connecting, simulator: RunningSimulator, kind: TokenKind, facts: dict[str, object], told: str
) -> None:
    connecting.give_app()
    page = connecting.give_token(issue(simulator, kind, **facts), status=422)
    assert told in page.text
    assert "Graph API Explorer" in page.text
    assert "Aiemmin annetut tiedot säilyivät." in page.text
    assert "Salaisuus on tallennettu." in connecting.look().text


def test_a_token_nobody_gave_out_and_one_with_odd_characters_are_told(connecting: Connecting) -> None:
    connecting.give_app()
    assert "Käyttöavain ei kelpaa" in connecting.give_token("EAABunknown", status=422).text
    assert "siinä on vääriä merkkejä" in connecting.give_token("kaksi sanaa", status=422).text


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("pages_show_list", "puuttuu oikeus pages_show_list"),
        ("pages_read_user_content", "puuttuu oikeus lukea sivua"),
    ],
)
def test_a_permission_without_which_nothing_works_is_asked_for(
    connecting: Connecting, simulator: RunningSimulator, missing: str, told: str
) -> None:
    simulator.access.scopes -= {missing}
    connecting.give_app()
    assert told in connecting.give_token(status=422).text


def test_a_permission_without_which_some_is_done_by_hand_is_named_and_lets_one_go_on(
    connecting: Connecting, simulator: RunningSimulator
) -> None:
    simulator.access.scopes -= {"pages_messaging"}
    connecting.give_app()
    page = connecting.give_token()
    assert "pages_messaging: yksityisviestien lukeminen ja niihin vastaaminen" in page.text
    assert "Avaimelta puuttuu oikeuksia." in page.text
    assert "Kanava on käytössä." in connecting.start().text


def test_a_pages_own_token_is_taken_as_it_is(connecting: Connecting) -> None:
    connecting.give_app()
    page = connecting.give_token(PAGE_TOKEN)
    assert "Sivun avain" in page.text
    assert "Sivu Harjoitussivu" in page.text


def test_a_system_users_token_is_not_exchanged(connecting: Connecting, simulator: RunningSimulator) -> None:
    connecting.give_app()
    connecting.give_token(issue(simulator, TokenKind.SYSTEM_USER))
    assert "some-token-long" not in simulator.access.issued
    connecting.start()
    assert facebook_access().page_token == PAGE_TOKEN


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("throttle", "pyytää odottamaan"),
        ("temporary", "tilapäinen häiriö"),
        ("500", "Facebook"),
        ("html", "ei vastannut kunnolla"),
        ("blocked", "Facebook on estänyt"),
    ],
)
def test_trouble_at_facebook_is_told_at_the_step_and_nothing_is_lost(
    connecting: Connecting, simulator: RunningSimulator, fault: str, told: str
) -> None:
    connecting.give_app()
    simulator.fail(fault, path_regex="me/accounts")
    assert told in connecting.give_token(status=502).text
    assert "Sivu Harjoitussivu" in connecting.give_token().text


def test_the_verify_token_is_shown_to_be_copied_until_facebook_has_used_it(connecting: Connecting) -> None:
    connecting.give_app()
    connecting.give_token()
    token = facebook_access().verify_token
    page = connecting.look()
    assert len(token) >= 24
    assert token in page.text
    assert f"{BASE_URL}/hooks/facebook" in page.text
    with Session(db.engine) as session:
        found = session.scalars(select(ChannelConnection)).one()
        found.webhook_seen_at = found.checked_at
        session.commit()
    assert token not in connecting.look().text


def test_a_secret_is_shown_on_no_page_and_in_no_log(
    connecting: Connecting, officer: PageClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = [connecting.give_app(secret="wrong-and-secret", status=422), connecting.give_app(), connecting.give_token()]
    pages += [
        connecting.start(),
        connecting.look(),
        connecting.client.get("/channels"),
        connecting.client.get("/proof"),
    ]
    pages += [officer.get("/")]
    told = "".join(page.text + str([e.attrib for e in page.root.iter()]) for page in pages)
    printed = capfd.readouterr()
    told += caplog.text + printed.out + printed.err
    for secret in (APP_SECRET, "wrong-and-secret", USER_TOKEN, PAGE_TOKEN):
        assert secret not in told
    with Session(db.engine) as session:
        log = "".join(session.scalars(select(AuditEntry.body)))
    assert not [secret for secret in (APP_SECRET, USER_TOKEN, PAGE_TOKEN) if secret in log]


def test_disconnecting_takes_two_steps_and_deletes_every_secret(
    connecting: Connecting, house: House, simulator: RunningSimulator
) -> None:
    connecting.connect()
    connecting.subscribe()
    assert "yhteys on katkaistu" in connecting.disconnect().text.lower()
    with Session(db.engine) as session:
        assert session.scalars(select(ChannelSecret)).all() == []
        assert session.scalars(select(ChannelConnection)).all() == []
    assert not facebook_access().is_on
    assert simulator.state.subscribed_fields == ()


def test_asking_to_disconnect_changes_nothing_yet(connecting: Connecting) -> None:
    connecting.connect()
    connecting.client.get(connecting.look().links()["Katkaise yhteys…"])
    assert facebook_access().is_on


def test_what_waited_for_a_channel_that_was_disconnected_leaves_by_hand_or_not_at_all(
    connecting: Connecting, house: House, simulator: RunningSimulator
) -> None:
    connecting.connect()
    item = house.receive("500_1", "Senkin idiootti")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    connecting.disconnect()
    house.wait_and_send()
    assert [act.state for act in house.acts(item.id)] == [ActState.BY_HAND]
    assert simulator.ledger.deeds_of("hide") == ()


def test_without_the_key_the_page_says_one_clear_word_and_the_rest_goes_on(
    connecting: Connecting, house: House, officer: PageClient
) -> None:
    connecting.connect()
    ports().settings.credentials_key_path.unlink()
    page = connecting.look()
    assert "Salaisuuksien avain puuttuu." in page.text
    assert "Kanava on pois päältä" in page.text
    assert "Salaisuuksien avain puuttuu." in connecting.client.get("/channels").text
    assert "Salaisuuksien avain puuttuu." in officer.get("/").text
    jobs.run_all()
    connecting.disconnect()
    assert "Kanava on käytössä." in connecting.connect().text


def test_where_the_environment_connects_the_channel_the_page_only_says_so(connecting: Connecting, house: House) -> None:
    wired = ports()
    given = FacebookSettings(page_id="1000", page_token="from-the-environment")
    object.__setattr__(wired, "settings", wired.settings.with_changes(facebook=given))
    page = connecting.look()
    assert "määritetty palvelimen ympäristössä" in page.text
    assert [form.get("action") for form in page.elements("form") if "/connection" in form.get("action", "")] == []


def test_a_token_that_was_taken_back_stops_the_channel_at_the_daily_check(
    connecting: Connecting, house: House, simulator: RunningSimulator
) -> None:
    connecting.connect()
    assert connection_checks.check_connections() == 0
    house.clock.advance(days=1)
    simulator.access.issue(PAGE_TOKEN, TokenKind.PAGE, page_id="1000", subcode=460)
    assert connection_checks.check_connections() == 1
    with Session(db.engine) as session:
        assert session.get_one(Channel, house.channel_id()).stopped_reason == "190/460"
    assert "Sivun valtuus ei enää kelpaa." in connecting.client.get("/channels").text


def test_a_check_that_facebook_does_not_answer_stops_nothing(
    connecting: Connecting, house: House, simulator: RunningSimulator
) -> None:
    connecting.connect()
    simulator.fail("temporary", path_regex="debug_token")
    page = connecting.client.submit(connecting.look().form("/check"))
    assert "tilapäinen häiriö" in page.text
    assert facebook_access().is_on
    assert row().check_failure.startswith("2")


def test_steps_cannot_be_taken_out_of_turn(connecting: Connecting) -> None:
    connecting.give_app()
    form = connecting.look().form("/token")
    form.action = form.action.replace("/token", "/start")
    form.fields.add("since")
    assert "Valitse ensin sivu." in connecting.client.submit(form, 409, since="0").text


def test_only_those_who_run_channels_connect_them(house: House, officer: PageClient) -> None:
    officer.get(f"/channels/{house.channel_id()}/connection", status=403)


def test_a_channel_of_files_has_no_connection(house: House, operator: PageClient) -> None:
    operator.get(f"/channels/{house.channel_id('kasin')}/connection", status=404)


def test_the_page_keeps_to_its_budget(connecting: Connecting, house: House) -> None:
    connecting.connect()
    with queries_of(house.app) as asked:
        connecting.look()
    assert len(asked) <= BUDGET
