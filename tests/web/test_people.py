from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Form, Page, PageClient
from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import audit, people

NEW = "aivan uusi salasana"


def link_on(page: Page) -> str:
    """The path of the one-time link that a page shows."""
    [area] = page.elements("textarea", id="link")
    return "".join(area.itertext()).strip().removeprefix("http://127.0.0.1:8000")


def add(person: PageClient, name: str = "Leo Aalto", email: str = "leo@esimerkki.fi", status: int = 200) -> Page:
    form = person.get("/people").form("/people")
    return person.submit(form, status=status, name=name, email=email, role="asiantuntija")


def form_of(page: Page, user_id: int, end: str) -> Form:
    return page.form(f"/people/{user_id}/{end}")


def test_everybody_is_listed_with_what_they_do(atk_suunnittelija: PageClient) -> None:
    page = atk_suunnittelija.get("/people")
    for words in ("Tiina Tiedottaja", "asiantuntija", "paivi@esimerkki.fi", "Aiheet: Pätkätyöt"):
        assert words in page.text


def test_somebody_added_chooses_a_password_by_the_link_and_comes_in(
    app: Flask, atk_suunnittelija: PageClient, anybody: PageClient
) -> None:
    link = link_on(add(atk_suunnittelija))
    anybody.submit(anybody.get(link).form(link), password=NEW, again=NEW)
    assert "Leo Aalto" in anybody.sign_in("leo@esimerkki.fi", NEW).text


def test_the_link_is_shown_once_and_kept_nowhere(app: Flask, atk_suunnittelija: PageClient) -> None:
    form = atk_suunnittelija.get("/people").form("/people")
    data = {**form.values, "name": "Leo Aalto", "email": "leo@esimerkki.fi", "role": "asiantuntija"}
    answer = atk_suunnittelija.client.post("/people", data=data)
    token = re.search(r"/sign-in/link/([\w-]+)", answer.text)
    assert token is not None
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert token[1] not in str(answer.headers)
    assert "/sign-in/link/" not in atk_suunnittelija.get("/people").text


def test_the_link_leads_to_the_address_of_the_install(atk_suunnittelija: PageClient) -> None:
    [area] = add(atk_suunnittelija).elements("textarea", id="link")
    assert "".join(area.itertext()).strip().startswith("http://127.0.0.1:8000/sign-in/link/")


@pytest.mark.parametrize(
    ("name", "email", "status", "said"),
    [
        ("", "leo@esimerkki.fi", 422, "Kirjoita nimi."),
        ("  ", "leo@esimerkki.fi", 422, "Kirjoita nimi."),
        ("Leo", "leo", 422, "ei ole sähköpostiosoite"),
        ("Leo", EMAILS[Role.TIEDOTTAJA], 409, "on jo käyttäjä"),
    ],
)
def test_a_faulty_form_says_what_is_wrong_and_keeps_the_rest(
    atk_suunnittelija: PageClient, name: str, email: str, status: int, said: str
) -> None:
    page = add(atk_suunnittelija, name, email, status)
    assert said in page.text
    assert page.form("/people").values["email"] == email


def test_topics_are_set_in_place_of_those_before(app: Flask, office: Office, atk_suunnittelija: PageClient) -> None:
    form = form_of(atk_suunnittelija.get("/people"), office.house.expert, "topics")
    data = {"csrf_token": form.values["csrf_token"], "topics": ["ewc", "koulutus"]}
    atk_suunnittelija.client.post(form.action, data=data)
    with app.app_context():
        paivi = next(person for person in people.everybody() if person.id == office.house.expert)
        assert {topic.slug for topic in paivi.topics} == {"ewc", "koulutus"}


def test_a_topic_that_is_none_changes_nothing(app: Flask, office: Office, atk_suunnittelija: PageClient) -> None:
    form = form_of(atk_suunnittelija.get("/people"), office.house.expert, "topics")
    data = {"csrf_token": form.values["csrf_token"], "topics": ["ewc", "keksitty"]}
    assert atk_suunnittelija.client.post(form.action, data=data).status_code == 422
    with app.app_context():
        paivi = next(person for person in people.everybody() if person.id == office.house.expert)
        assert [topic.slug for topic in paivi.topics] == ["patkatyot"]


def test_another_role_is_given_on_the_page_and_the_topic_tells_of_its_experts(
    office: Office, atk_suunnittelija: PageClient, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    paivi = office.house.expert
    page = atk_suunnittelija.submit(form_of(atk_suunnittelija.get("/people"), paivi, "role"), role="tiedottaja")
    assert "Tehtävä on vaihdettu." in page.text
    assert asiantuntija.client.get("/").location.startswith("/sign-in")
    atk_suunnittelija.submit(form_of(page, paivi, "role"), role="atk-suunnittelija")
    with office.inside() as house:
        topic_id = house.topic_id("patkatyot")
    topic = tiedottaja.get(f"/settings/topics/{topic_id}")
    assert "Asiantuntijat Päivi Salo → –" in " ".join(topic.text.split())


def test_the_last_atk_suunnittelija_keeps_that_role(office: Office, atk_suunnittelija: PageClient) -> None:
    form = form_of(atk_suunnittelija.get("/people"), office.house.operator, "role")
    assert "Anna se ensin jollekulle toiselle." in atk_suunnittelija.submit(form, status=409, role="tiedottaja").text


def test_a_closed_account_is_out_at_once_and_comes_back_when_opened(
    office: Office, atk_suunnittelija: PageClient, tiedottaja: PageClient, anybody: PageClient
) -> None:
    tiina = office.house.tiedottaja
    page = atk_suunnittelija.submit(form_of(atk_suunnittelija.get("/people"), tiina, "active"), button="is_active=no")
    assert "suljettu" in page.text
    assert tiedottaja.client.get("/").location.startswith("/sign-in")
    atk_suunnittelija.submit(form_of(page, tiina, "active"), button="is_active=yes")
    assert "Tiina Tiedottaja" in anybody.sign_in(EMAILS[Role.TIEDOTTAJA], PASSWORD).text


def test_nobody_closes_their_own_account(office: Office, atk_suunnittelija: PageClient) -> None:
    own = office.house.operator
    page = atk_suunnittelija.get("/people")
    assert not [form for form in page.root.iter("form") if form.get("action", "") == f"/people/{own}/active"]
    token = page.form("/people").values["csrf_token"]
    sent = atk_suunnittelija.client.post(f"/people/{own}/active", data={"csrf_token": token, "is_active": "no"})
    assert sent.status_code == 409
    assert "Omaa tunnustasi et voi sulkea." in sent.text


def test_a_new_link_ends_the_old_password(
    office: Office, atk_suunnittelija: PageClient, tiedottaja: PageClient, anybody: PageClient
) -> None:
    page = atk_suunnittelija.submit(form_of(atk_suunnittelija.get("/people"), office.house.tiedottaja, "link"))
    assert "Vanha salasana ei enää kelpaa." in page.text
    assert tiedottaja.client.get("/").location.startswith("/sign-in")
    link = link_on(page)
    anybody.submit(anybody.get(link).form(link), password=NEW, again=NEW)
    assert "Tiina Tiedottaja" in anybody.sign_in(EMAILS[Role.TIEDOTTAJA], NEW).text


def test_whatever_is_done_for_people_is_in_the_log_by_whoever_did_it(
    app: Flask, office: Office, atk_suunnittelija: PageClient
) -> None:
    add(atk_suunnittelija)
    with app.app_context():
        [last] = audit.page_of_entries(None, 1)
        assert (last.verb, last.actor) == ("add_user", f"user:{office.house.operator}")
        assert "leo" not in last.body.lower()


def test_the_page_keeps_to_its_budget(app: Flask, atk_suunnittelija: PageClient) -> None:
    with queries_of(app) as asked:
        atk_suunnittelija.get("/people")
    assert len(asked) <= BUDGET
