"""Codes of a phone and codes on paper: who has to have them, and that each is good once."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.security.conftest import Doors, SignIn, give_password, secret_on
from tests.web.client import Page, PageClient
from tests.web.conftest import EMAILS, PASSWORD
from tjs_moderation.cli import main
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.models import CodeSecret, RecoveryCode
from tjs_moderation.services import credentials, factors, people
from tjs_moderation.services.transaction import CONSOLE

TIINA = Role.TIEDOTTAJA
CODE = "/sign-in/code"


def paper_of(page: Page) -> list[str]:
    """The codes that are shown to be kept on paper."""
    return [code.text or "" for code in page.elements("code") if (code.text or "").count("-") == 5]


def enrol(doors: Doors, role: Role = TIINA) -> tuple[pyotp.TOTP, list[str]]:
    """Somebody whose role has to have a second factor signs in for the first time and makes one."""
    doors.set(factor_roles=frozenset({str(TIINA), str(Role.ATK_SUUNNITTELIJA)}))
    person = doors.browser()
    page = give_password(person, role)
    codes = secret_on(page)
    page = person.submit(page.form("/sign-in/enrol/codes"), code=codes.at(doors.clock.now))
    doors.clock.advance(seconds=30)
    return codes, paper_of(page)


def show(doors: Doors, code: str, person: PageClient | None = None, status: int = 200) -> Page:
    """Sign in with the password and then this code."""
    person = person or doors.browser()
    page = give_password(person, TIINA)
    return person.submit(page.form(CODE), status=status, code=code)


def is_in(person: PageClient) -> bool:
    return person.client.get("/me").status_code == 200


def test_whoever_has_to_have_a_second_factor_makes_one_on_the_way_in(doors: Doors) -> None:
    doors.set(factor_roles=frozenset({str(TIINA)}))
    person = doors.browser()
    page = give_password(person, TIINA)
    assert page.heading == "Ota toinen tunniste käyttöön"
    assert not is_in(person)
    wrong = person.submit(page.form("/sign-in/enrol/codes"), status=422, code="000000")
    assert secret_on(wrong).secret == secret_on(page).secret
    shown = person.submit(wrong.form("/sign-in/enrol/codes"), code=secret_on(page).at(doors.clock.now))
    assert len(paper_of(shown)) == 10
    assert is_in(person)
    assert {"codes_added", "new_device"} <= set(doors.told(TIINA))
    assert "add_factor" in doors.verbs()


def test_whoever_need_not_have_one_comes_in_by_password(doors: Doors) -> None:
    doors.set(factor_roles=frozenset({str(TIINA)}))
    assert "Päivi Salo" in give_password(doors.browser(), Role.ASIANTUNTIJA).text


def test_the_password_alone_opens_nothing_any_more(doors: Doors) -> None:
    enrol(doors)
    person = doors.browser()
    assert give_password(person, TIINA).heading == "Vahvista kirjautuminen"
    assert not is_in(person)
    for path in ("/", "/queues", "/people", "/me/security", "/help"):
        assert person.client.get(path).location.startswith("/sign-in")


def test_a_right_code_lets_in_with_a_new_key_and_leads_where_one_wanted(doors: Doors) -> None:
    codes, _ = enrol(doors)
    person = doors.browser()
    form = person.get("/sign-in?next=/saannot").form("/sign-in")
    page = person.submit(form, email=EMAILS[TIINA], password=PASSWORD)
    half_way = person.client.get_cookie("tjs")
    assert half_way is not None
    sent = person.client.post(CODE, data={**page.form(CODE).values, "code": codes.at(doors.clock.now)})
    assert sent.location == "/saannot"
    assert is_in(person)
    person.client.set_cookie("tjs", half_way.value)
    assert not is_in(person)


def test_a_code_is_good_once(doors: Doors) -> None:
    codes, _ = enrol(doors)
    code = codes.at(doors.clock.now)
    show(doors, code)
    assert "jo käytetty" in show(doors, code, status=422).text
    doors.clock.advance(seconds=30)
    show(doors, codes.at(doors.clock.now))


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 200), (0, 200), (1, 200), (2, 422)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(doors: Doors, steps: int, status: int) -> None:
    codes, _ = enrol(doors)
    doors.clock.advance(minutes=10)
    show(doors, codes.at(doors.clock.now + timedelta(seconds=30 * steps)), status=status)


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "١٢٣٤٥٦", "1" * 40, "\x00", "😀" * 6])
def test_what_is_no_code_lets_nobody_in(doors: Doors, code: str) -> None:
    enrol(doors)
    person = doors.browser()
    show(doors, code, person, status=422)
    assert not is_in(person)


def test_guessing_codes_is_stopped(doors: Doors) -> None:
    codes, _ = enrol(doors)
    person = doors.browser()
    page = give_password(person, TIINA)
    for _ in range(10):
        person.submit(page.form(CODE), status=422, code="000000")
    person.submit(page.form(CODE), status=429, code=codes.at(doors.clock.now))


def test_half_way_in_is_over_after_half_an_hour(doors: Doors) -> None:
    codes, _ = enrol(doors)
    person = doors.browser()
    page = give_password(person, TIINA)
    doors.clock.advance(minutes=31)
    assert person.submit(page.form(CODE), code=codes.at(doors.clock.now)).heading == "Kirjaudu sisään"


def test_a_code_on_paper_is_good_once_however_it_is_typed(doors: Doors) -> None:
    _, paper = enrol(doors)
    show(doors, paper[0].lower().replace("-", " "))
    show(doors, paper[0], status=422)
    show(doors, paper[1])
    assert doors.told(TIINA).count("recovery_used") == 2
    assert doors.verbs().count("use_recovery_code") == 2


def test_neither_secret_nor_paper_stands_in_the_database(doors: Doors) -> None:
    codes, paper = enrol(doors)
    with doors.app.app_context(), Session(db.engine) as session:
        tables = (CodeSecret, RecoveryCode)
        stored = str([session.execute(select(table.__table__)).all() for table in tables])
    assert codes.secret not in stored
    assert not [code for code in paper if code in stored or code.replace("-", "") in stored]


def test_a_new_key_of_the_vault_seals_the_phones_secrets_anew(doors: Doors) -> None:
    codes, _ = enrol(doors)
    with doors.app.app_context():
        assert credentials.rotate_key() >= 1
    show(doors, codes.at(doors.clock.now))


def test_new_paper_makes_the_old_one_worthless(doors: Doors) -> None:
    codes, paper = enrol(doors)
    person = doors.browser()
    show(doors, codes.at(doors.clock.now), person)
    new = paper_of(person.submit(person.get("/me/security").form("/me/security/recovery")))
    show(doors, paper[0], status=422)
    show(doors, new[0])


def test_the_last_factor_of_whoever_has_to_have_one_stays(doors: Doors) -> None:
    codes, _ = enrol(doors)
    person = doors.browser()
    show(doors, codes.at(doors.clock.now), person)
    remove = person.get("/me/security").form("/me/security/codes/remove")
    assert "Tehtäväsi vaatii toisen tunnisteen." in person.submit(remove, status=409).text
    doors.set(factor_roles=frozenset())
    person.submit(remove)
    assert "Tiina Tiedottaja" in give_password(doors.browser(), TIINA).text
    assert "codes_removed" in doors.told(TIINA)


def test_somebody_who_need_not_takes_codes_into_use_alone(doors: Doors, signed_in: SignIn) -> None:
    paivi = signed_in(Role.ASIANTUNTIJA)
    page = paivi.submit(paivi.get("/me/security").form("/me/security/codes"))
    codes = secret_on(page)
    wrong = paivi.submit(page.form("/me/security/codes/confirm"), status=422, code="000000")
    assert "Koodi ei käynyt." in wrong.text
    paivi.submit(wrong.form("/me/security/codes/confirm"), code=codes.at(doors.clock.now))
    assert give_password(doors.browser(), Role.ASIANTUNTIJA).heading == "Vahvista kirjautuminen"


def test_codes_are_not_shown_or_taken_away_at_a_screen_left_open(doors: Doors, signed_in: SignIn) -> None:
    paivi = signed_in(Role.ASIANTUNTIJA)
    doors.clock.advance(minutes=11)
    asked = paivi.submit(paivi.get("/me/security").form("/me/security/codes"), status=401)
    assert asked.heading == "Vahvista, että se olet sinä"
    assert paivi.submit(asked.form("/me/security/codes"), proof_password=PASSWORD).heading == "Ota koodit käyttöön"


def test_the_atk_resets_the_factors_of_whoever_lost_them(doors: Doors, signed_in: SignIn) -> None:
    enrol(doors)
    arto, address = signed_in(Role.ATK_SUUNNITTELIJA), f"/people/{doors.person(TIINA).id}/sign-ins"
    arto.submit(arto.get(address).form("/reset-factors"))
    assert give_password(doors.browser(), TIINA).heading == "Ota toinen tunniste käyttöön"
    assert doors.verbs().count("reset_factors") == 1
    assert "factors_reset" in doors.told(TIINA)


def test_the_only_atk_who_lost_the_phone_gets_in_by_command_on_the_machine_itself(doors: Doors) -> None:
    enrol(doors, Role.ATK_SUUNNITTELIJA)
    instance = doors.app.extensions["tjs_ports"].settings.instance_path
    words = ["user", "reset-factors", EMAILS[Role.ATK_SUUNNITTELIJA]]
    told = CliRunner().invoke(main, words, env={"TJS_INSTANCE_PATH": str(instance)})
    assert told.exit_code == 0, told.output
    assert give_password(doors.browser(), Role.ATK_SUUNNITTELIJA).heading == "Ota toinen tunniste käyttöön"


def test_a_link_for_a_new_password_does_not_go_round_the_second_factor(doors: Doors) -> None:
    enrol(doors)
    with doors.app.app_context():
        assert factors.factors_of(doors.person(TIINA).id).has_any
        link = f"/sign-in/link/{people.reset_password(CONSOLE, EMAILS[TIINA])}"
    person = doors.browser()
    person.submit(person.get(link).form(link), password=PASSWORD, again=PASSWORD)
    assert give_password(person, TIINA).heading == "Vahvista kirjautuminen"
