from __future__ import annotations

import pytest
from flask import Flask

from tests.web.client import PageClient, text_of
from tjs_moderation.extensions import db


def test_the_rules_of_the_page_are_open_to_all_and_tell_how_to_complain(anybody: PageClient) -> None:
    page = anybody.get("/saannot")
    assert page.heading == "Sivun säännöt"
    headings = [text_of(heading) for heading in page.elements("h2")]
    assert {"Mikä saa jäädä", "Mitä punnitaan", "Mikä poistetaan", "Jos olet eri mieltä"} <= set(headings)
    assert "Versio 1, voimassa 23. marraskuuta 2026 alkaen." in page.text


@pytest.mark.parametrize(
    ("language", "name", "heading", "appeal", "version"),
    [
        ("fi", "Suomeksi", "Sivun säännöt", "Jos olet eri mieltä", "Versio 1, voimassa 23. marraskuuta 2026 alkaen."),
        ("sv", "På svenska", "Sidans regler", "Om du är av annan åsikt", "Version 1, gäller från 23 november 2026."),
        ("en", "In English", "Rules of the page", "If you disagree", "Version 1, since November 23, 2026."),
    ],
)
def test_the_rules_of_the_page_are_told_in_three_languages(
    anybody: PageClient, language: str, name: str, heading: str, appeal: str, version: str
) -> None:
    page = anybody.get(anybody.get("/saannot").links()[name])
    [article] = page.elements("article", lang=language)
    assert page.heading == heading
    assert appeal in [text_of(found) for found in page.elements("h2")]
    assert version in text_of(article)
    assert page.elements("li")


def test_the_console_says_that_it_is_up_and_ready(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/healthz").json == {"ok": True}
    assert client.get("/readyz").json == {"ok": True, "database": True, "migrations": True, "queue": True}


def test_a_console_without_its_tables_is_up_but_not_ready(app: Flask) -> None:
    with app.app_context():
        db.drop_all()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM alembic_version")
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["migrations"] is False
