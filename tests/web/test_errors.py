from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.web.client import Page, PageClient
from tests.web.conftest import NOW
from tjs_moderation import errors as domain
from tjs_moderation.web.access import public
from tjs_moderation.web.sentences import SENTENCES, sentence


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An app that these tests may put pages on."""
    return own_app


def raising(app: Flask, error: Exception) -> None:
    @public
    def view() -> str:
        raise error

    app.add_url_rule("/refuses", view_func=view, endpoint="refuses", methods=["GET", "POST"])


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (domain.InvalidInputError("note_empty"), 422, "Muistiinpano on tyhjä."),
        (domain.InvalidInputError("answer_too_long", limit=8000, length=9001), 422, "9001 merkkiä"),
        (domain.InvalidInputError("something nobody foresaw"), 422, "jotain, mitä ei voitu käyttää"),
        (domain.NotFoundError("item"), 404, "ei löytynyt"),
        (domain.NotAllowedError("decide"), 403, "ei anna oikeutta"),
        (domain.TransitionError("hide_before_delete"), 409, "jo piilotettu"),
        (domain.GatewayError(domain.GatewayFailure.THROTTLED, "code 4"), 502, "Kanava sanoi: code 4"),
        (domain.OutcomeUnknownError(), 502, "Ei tiedetä"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(
    app: Flask, anybody: PageClient, error: Exception, status: int, said: str
) -> None:
    raising(app, error)
    assert said in anybody.get("/refuses", status=status).text


def test_a_conflict_tells_who_did_what_and_when(app: Flask, anybody: PageClient) -> None:
    at = NOW - timedelta(minutes=2)
    raising(app, domain.ConflictError("item_changed", item_id=1, who="Leo Aalto", what="remove", at=at))
    assert "Leo Aalto ehti ensin: poisti näkyvistä, 2 minuuttia sitten." in anybody.get("/refuses", status=409).text


def test_what_a_person_had_written_is_given_back(app: Flask) -> None:
    raising(app, domain.ConflictError("item_changed"))
    app.config["WTF_CSRF_ENABLED"] = False
    headers = {"Sec-Fetch-Site": "same-origin"}
    response = app.test_client().post("/refuses", data={"words": "Pitkä <perustelu>"}, headers=headers)
    kept = Page(response).elements("textarea")
    assert [area.text for area in kept] == ["Pitkä <perustelu>"]


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}],
    ids=["fetch", "origin", "none"],
)
def test_what_another_site_sent_is_not_repeated_in_our_name(app: Flask, headers: dict[str, str]) -> None:
    response = app.test_client().post("/sign-in", data={"words": "Soita numeroon"}, headers=headers)
    assert response.status_code == 400
    assert "Soita numeroon" not in response.text


def test_a_form_without_our_token_is_refused_with_what_to_do(app: Flask) -> None:
    page = Page(app.test_client().post("/sign-in", data={"email": "a@b.fi"}))
    assert (page.status, page.heading) == (400, "Lomake on vanhentunut")


def test_a_defect_shows_a_page_and_nothing_of_itself(app: Flask) -> None:
    raising(app, RuntimeError("the secret inside"))
    response = app.test_client().get("/refuses")
    assert response.status_code == 500
    assert Page(response).heading == "Konsolissa on vika"
    assert "secret" not in response.text


def test_an_unknown_address_and_a_wrong_method_get_a_page(anybody: PageClient) -> None:
    assert anybody.get("/no-such-page", status=404).heading == "Ei löytynyt"
    assert anybody.get("/sign-out", status=405).heading == "Näin tätä sivua ei voi käyttää"


def test_the_way_back_is_the_page_one_came_from(app: Flask) -> None:
    response = app.test_client().get("/no-such-page", headers={"Referer": "http://localhost/saannot?a=1"})
    assert Page(response).links()["Takaisin"] == "/saannot?a=1"
    response = app.test_client().get("/no-such-page", headers={"Referer": "http://evil.example/saannot"})
    assert Page(response).links()["Takaisin"] == "/"


def test_faults_of_a_text_are_all_told_with_their_lines(app: Flask) -> None:
    faults = (domain.Fault(2, "tuntematon sana"), domain.Fault(7, "puuttuva pilkku"))
    with app.test_request_context():
        assert sentence(domain.FaultsError(faults)) == "Rivi 2: tuntematon sana Rivi 7: puuttuva pilkku"


def test_every_sentence_can_be_said_even_without_its_facts(app: Flask) -> None:
    with app.test_request_context():
        for message in sorted(SENTENCES):
            assert sentence(domain.InvalidInputError(message)), message
