"""The tiedottaja writes what the public reads of the rules; nothing written is lost, and it stays plain text."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.services import page_rules

WORDS = "/rules/words"
FINNISH = "Ole *reilu*.\n\n# Poistamme\n\n- huijaukset\n- uhkaukset\n\nKysy: [sivulta](https://esimerkki.fi)"


def write(client: PageClient, why: str, status: int = 200, page: Page | None = None, text: str = FINNISH) -> Page:
    form = (page or client.get(WORDS)).form(WORDS)
    return client.submit(form, status, text_fi=text, why=why)


def test_what_the_tiedottaja_writes_is_what_the_public_reads(tiedottaja: PageClient, anybody: PageClient) -> None:
    assert "Voimassa on nyt versio 2." in write(tiedottaja, "Lyhyemmin").text
    page = anybody.get("/saannot")
    assert "Versio 2, voimassa 2. maaliskuuta 2026 alkaen." in page.text
    assert [text_of(heading) for heading in page.elements("h2")] == ["Poistamme"]
    assert {"huijaukset", "uhkaukset"} <= {text_of(entry) for entry in page.elements("li")}
    assert page.links()["sivulta"] == "https://esimerkki.fi"
    assert "Sidans regler" in anybody.get("/saannot/sv").text


def test_what_is_written_is_text_and_nothing_else(tiedottaja: PageClient, anybody: PageClient) -> None:
    nasty = '# <script>alert(1)</script>\n\n- <b onclick="x">a</b>\n\n[x](javascript:alert(1)) #12 @tiina'
    write(tiedottaja, "Kokeilu", text=nasty)
    page = anybody.get("/saannot")
    assert "<script>alert(1)</script>" in page.text
    assert '<b onclick="x">a</b>' in page.text
    assert "#12 @tiina" in page.text
    assert not page.elements("b")
    assert "x" not in page.links()


def test_without_a_reason_nothing_is_published_and_everything_written_stays(tiedottaja: PageClient) -> None:
    page = write(tiedottaja, " ", 422)
    assert "Kirjoita, miksi julkaiset säännöt." in page.text
    assert page.form(WORDS).values["text_fi"] == FINNISH
    assert "Sidans" not in tiedottaja.get("/saannot").heading
    assert "Versio 1," in tiedottaja.get("/saannot").text


def test_who_is_overtaken_keeps_what_was_written(office: Office, tiedottaja: PageClient) -> None:
    opened = tiedottaja.get(WORDS)
    with office.inside() as house:
        texts = dict.fromkeys(("fi", "sv", "en"), "Toinen ehti.")
        page_rules.publish_public_rules(house.tiedottaja, texts, "Ensin", 1)
    page = write(tiedottaja, "Minun syyni", 409, opened)
    assert "Tiina Tiedottaja ehti ensin" in page.text
    assert page.form(WORDS).values["text_fi"] == FINNISH
    assert page.form(WORDS).values["why"] == "Minun syyni"


def test_a_form_that_has_grown_old_gives_back_what_was_written(tiedottaja: PageClient) -> None:
    form = tiedottaja.get(WORDS).form(WORDS)
    form.values["csrf_token"] = "old"
    assert "Poistamme" in tiedottaja.submit(form, 400, text_fi=FINNISH, why="Syy").text


def test_an_earlier_version_comes_back_by_publishing_it_again(tiedottaja: PageClient) -> None:
    page = write(tiedottaja, "Lyhyemmin")
    earlier = tiedottaja.get(page.links()["Versio 1"])
    tiedottaja.submit(earlier.form(WORDS), why="Pitkä oli parempi")
    assert "Mitä punnitaan" in tiedottaja.get("/saannot").text
    assert "Versio 3," in tiedottaja.get("/saannot").text


@pytest.mark.parametrize("path", [WORDS, "/saannot", "/saannot/sv"])
def test_the_pages_ask_little_of_the_database(app: Flask, office: Office, tiedottaja: PageClient, path: str) -> None:
    with office.inside() as house:
        for number in range(1, 15):
            texts = dict.fromkeys(("fi", "sv", "en"), f"Teksti {number}")
            page_rules.publish_public_rules(house.tiedottaja, texts, "Uusi", number)
    with queries_of(app) as asked:
        tiedottaja.get(path)
    assert len(asked) <= BUDGET
