"""The house's settings: who changes what, everything wrong told at once, and nobody overwrites another unseen."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Form, Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import ActKind, Hours
from tjs_moderation.domain.working_time import OfficeHours
from tjs_moderation.extensions import db
from tjs_moderation.services import audit, options
from tjs_moderation.services.transaction import user

PATHS = ("hold-back", "four-eyes", "bulk-cap", "automatic", "office-hours", "languages")


def form_of(client: PageClient, path: str) -> Form:
    return client.get(f"/settings/{path}").form(f"/settings/{path}")


def now(office: Office) -> options.Options:
    with office.inside():
        return options.everything(db.session())


def errors(page: Page) -> list[str]:
    return [text_of(error) for error in page.elements("p", class_="field__error")]


def test_the_page_says_what_is_set_and_what_only_the_environment_sets(tiedottaja: PageClient) -> None:
    page = tiedottaja.get("/settings")
    assert "Kaikki lähtevä odottaa: 5 min." in page.text
    assert "klo 8.00–16.00." in page.text
    assert "Europe/Helsinki (oletus)" in page.text
    assert {"Varoajat", "Aiheet", "Päätösten perusteet", "Työajat"} <= set(page.links())


def test_times_are_set_for_each_kind_of_act_in_minutes(office: Office, atk_suunnittelija: PageClient) -> None:
    page = atk_suunnittelija.submit(form_of(atk_suunnittelija, "hold-back"), hide="1,5", reply="30")
    assert "Tallennettu." in page.text
    assert page.form("/settings/hold-back").values["hide"] == "1,5"
    assert now(office).hold_back == {
        ActKind.HIDE: 90,
        ActKind.DELETE: 300,
        ActKind.REPLY: 1800,
        ActKind.PRIVATE_MESSAGE: 300,
    }
    with office.inside():
        [last] = audit.page_of_entries(None, 1)
    assert (last.verb, last.actor) == ("set_hold_back", f"user:{office.house.operator}")
    assert '"before":{"hide":300,"reply":300}' in last.body
    assert '"after":{"hide":90,"reply":1800}' in last.body


def test_everything_wrong_is_told_at_once_and_what_was_typed_stays(
    office: Office, atk_suunnittelija: PageClient
) -> None:
    sent = {"hide": "viisi", "delete": "1441", "reply": "2", "private_message": ""}
    page = atk_suunnittelija.submit(form_of(atk_suunnittelija, "hold-back"), 422, **sent)
    assert len(errors(page)) == 3
    values = page.form("/settings/hold-back").values
    assert {name: values[name] for name in sent} == sent
    assert set(now(office).hold_back.values()) == {300}


def test_office_hours_that_end_before_they_begin_without_a_day_have_two_faults(
    office: Office, atk_suunnittelija: PageClient
) -> None:
    form = form_of(atk_suunnittelija, "office-hours")
    form.values.pop("days")
    page = atk_suunnittelija.submit(form, 422, opens="16.00", closes="8")
    assert errors(page) == [
        "Työaika päättyy ennen kuin se alkaa. Tarkista kellonajat.",
        "Valitse ainakin yksi työpäivä.",
    ]
    assert now(office).office_hours == OfficeHours()


def test_four_eyes_are_switched_on_where_no_approver_can_switch_them_off(
    office: Office, atk_suunnittelija: PageClient, tiedottaja: PageClient
) -> None:
    atk_suunnittelija.submit(form_of(atk_suunnittelija, "four-eyes"), is_on="y")
    assert now(office).has_four_eyes
    page = tiedottaja.get("/settings/four-eyes")
    assert "Tämän muuttaa atk-suunnittelija." in page.text
    assert not [button for button in page.elements("button") if text_of(button) == "Tallenna"]
    form = page.form("/settings/four-eyes")
    form.values.pop("is_on")
    tiedottaja.submit(form, 403)
    assert now(office).has_four_eyes


def test_the_tiedottaja_sets_what_rules_may_hide(office: Office, tiedottaja: PageClient) -> None:
    tiedottaja.submit(form_of(tiedottaja, "automatic"), is_on="y", cap_per_day="7", hours="always")
    assert now(office).automation == options.Automation(is_on=True, cap_per_day=7, hours=Hours.ALWAYS)
    page = tiedottaja.submit(form_of(tiedottaja, "automatic"), 422, cap_per_day="-1", hours="joskus")
    assert len(errors(page)) == 2


def test_whoever_is_overtaken_sees_what_the_other_changed_and_loses_nothing(
    office: Office, atk_suunnittelija: PageClient
) -> None:
    opened = form_of(atk_suunnittelija, "hold-back")
    with office.inside() as house:
        options.set_hold_back(user(house.operator), {ActKind.REPLY: 600})
    page = atk_suunnittelija.submit(opened, 409, hide="1")
    assert "Arto Laine" in text_of(page.elements("section", **{"aria-labelledby": "overtaken"})[0])
    assert "Julkinen vastaus 5 min → 10 min" in page.text
    again = page.form("/settings/hold-back")
    assert (again.values["hide"], again.values["reply"]) == ("1", "10")
    assert now(office).hold_back[ActKind.HIDE] == 300
    atk_suunnittelija.submit(again)
    assert (now(office).hold_back[ActKind.HIDE], now(office).hold_back[ActKind.REPLY]) == (60, 600)


def test_the_public_reads_the_rules_in_the_languages_chosen(atk_suunnittelija: PageClient, anybody: PageClient) -> None:
    form = form_of(atk_suunnittelija, "languages")
    atk_suunnittelija.submit(form, public="fi")
    assert "In English" not in anybody.get("/saannot").links()
    anybody.get("/saannot/en", 404)
    anybody.get("/saannot/fi")


def test_a_language_nobody_offered_is_refused_in_one_sentence(office: Office, atk_suunnittelija: PageClient) -> None:
    before = now(office).languages
    page = atk_suunnittelija.submit(form_of(atk_suunnittelija, "languages"), 422, public="' OR 1=1 --")
    assert errors(page) == ["Valitse arvo luettelosta."]
    assert now(office).languages == before


def test_what_was_changed_stands_on_the_page_and_in_the_log(atk_suunnittelija: PageClient) -> None:
    atk_suunnittelija.submit(form_of(atk_suunnittelija, "office-hours"), opens="9.00")
    assert "Alkaa 08:00 → 09:00" in atk_suunnittelija.get("/settings/office-hours").text
    assert "Alkaa: 08:00 → 09:00" in atk_suunnittelija.get("/proof").text


@pytest.mark.parametrize("path", ["", *(f"/{path}" for path in PATHS)])
def test_the_pages_ask_little_of_the_database(app: Flask, tiedottaja: PageClient, path: str) -> None:
    with queries_of(app) as asked:
        tiedottaja.get(f"/settings{path}")
    assert len(asked) <= BUDGET
