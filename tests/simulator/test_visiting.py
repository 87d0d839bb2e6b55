from __future__ import annotations

import html5lib
import pytest
import requests

from tests.support.simulator import RunningSimulator

HTML = {"Accept": "text/html"}


@pytest.fixture
def page(simulator: RunningSimulator) -> RunningSimulator:
    """A page with a post, a comment, a hidden one, a reply of the page, and a conversation."""
    state = simulator.state
    state.publish("Luento työhyvinvoinnista", post_id="1", link="https://tjs.example/")
    state.comment("1", state.meet("Aino"), "Milloin <b>luento</b> alkaa?", comment_id="7")
    state.comment("7", state.page_person, "Tiistaina")
    state.comment("1", state.meet("Eero"), "Senkin pöllö", comment_id="8", is_hidden=True)
    state.write(state.meet("Aino"), "Hei")
    return simulator


def look(page: RunningSimulator, path: str, status: int = 200) -> str:
    response = requests.get(f"{page.url}{path}", headers=HTML, timeout=5)
    assert response.status_code == status
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert response.text.count("<h1>") == 1
    assert "<script" not in response.text
    assert " style=" not in response.text
    assert "script-src" not in response.headers["Content-Security-Policy"]
    return response.text


def post(page: RunningSimulator, path: str, **form: str) -> requests.Response:
    return requests.post(f"{page.url}{path}", data=form, headers=HTML, timeout=5)


def test_every_page_is_valid_and_says_that_it_is_for_practice(page: RunningSimulator) -> None:
    for path in ("/", "/?nakyma=yllapito", "/?sivu=9", "/posts/1", f"/messages/{page.state.meet('Aino').id}"):
        assert "Harjoitussivu" in look(page, path)
    for path in ("/posts/99", "/messages/99", "/nowhere"):
        assert "Sivua ei löytynyt" in look(page, path, 404)


def test_what_people_wrote_is_text(page: RunningSimulator) -> None:
    assert "Milloin &lt;b&gt;luento&lt;/b&gt; alkaa?" in look(page, "/")


def test_a_hidden_comment_is_seen_only_from_the_keepers_side(page: RunningSimulator) -> None:
    assert "Senkin pöllö" not in look(page, "/")
    kept = look(page, "/?nakyma=yllapito")
    assert "Senkin pöllö" in kept
    assert "Piilotettu – näkyy vain kirjoittajalle ja hänen kavereilleen" in kept


def test_a_visitor_comments_replies_edits_and_deletes(page: RunningSimulator) -> None:
    assert "Hyvä juttu" in post(page, "/posts/1/comments", name="Liisa", message="Hyvä juttu").text
    (made,) = [each for each in page.state.comments.values() if each.author.name == "Liisa"]
    assert "Samaa mieltä" in post(page, f"/comments/{made.id}/replies", name="Aino", message="Samaa mieltä").text
    edited = post(page, f"/comments/{made.id}/edit", message="Hyvä asia").text
    assert "Hyvä asia" in edited
    assert "muokattu" in edited
    assert "Hyvä asia" not in post(page, f"/comments/{made.id}/delete").text


def test_a_visitor_writes_to_the_page_and_sees_its_answer(page: RunningSimulator) -> None:
    liisa = post(page, "/messages", name="Liisa", message="Onko kurssilla tilaa?")
    assert "Onko kurssilla tilaa?" in liisa.text
    page.state.write(page.state.meet("Liisa"), "On vielä.", is_from_page=True)
    assert "On vielä." in requests.get(liisa.url, timeout=5).text
    assert "Kiitos" in post(page, liisa.url.removeprefix(page.url), message="Kiitos").text


@pytest.mark.parametrize(
    ("path", "form", "reason"),
    [
        ("/posts/1/comments", {"name": "Liisa", "message": "  "}, "Kirjoita ensin teksti."),
        ("/posts/1/comments", {"name": "", "message": "Hei"}, "Kirjoita nimesi."),
        ("/posts/1/comments", {"name": "Liisa", "message": "a" * 8001}, "enintään 8000 merkkiä"),
        ("/messages", {}, "Kirjoita nimesi."),
    ],
)
def test_a_form_that_is_not_filled_says_so(
    page: RunningSimulator, path: str, form: dict[str, str], reason: str
) -> None:
    response = post(page, path, **form)
    assert response.status_code == 400
    assert reason in response.text


def test_the_pages_own_comment_is_not_a_visitors_to_edit(page: RunningSimulator) -> None:
    (own,) = [each for each in page.state.comments.values() if each.message == "Tiistaina"]
    assert post(page, f"/comments/{own.id}/edit", message="Keskiviikkona").status_code == 404
    assert own.message == "Tiistaina"


def test_older_posts_are_a_page_away(page: RunningSimulator) -> None:
    for number in range(25):
        page.state.publish(f"Uutinen {number}")
    assert "Luento työhyvinvoinnista" not in look(page, "/")
    assert "Luento työhyvinvoinnista" in look(page, "/?sivu=2")


def test_a_post_that_is_deleted_takes_its_comments_along(page: RunningSimulator) -> None:
    assert "Poista julkaisu" not in look(page, "/")
    assert "Poista julkaisu" in look(page, "/?nakyma=yllapito")
    left = post(page, "/posts/1/delete")
    assert left.status_code == 200
    assert "Luento työhyvinvoinnista" not in left.text
    look(page, "/posts/1", 404)
    assert [page.state.find(each) for each in ("1", "7", "1_8")] == [None, None, None]
    assert post(page, "/posts/1/comments", name="Liisa", message="Hei").status_code == 404


def test_a_visitors_own_post_is_theirs_to_delete(page: RunningSimulator) -> None:
    shown = post(page, "/posts", name="Liisa", message="Missä olette?").text
    assert "Poista julkaisu" in shown
