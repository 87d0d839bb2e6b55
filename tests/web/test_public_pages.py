from __future__ import annotations

from flask import Flask

from tests.web.client import PageClient
from tjs_moderation.extensions import db


def test_the_rules_of_the_page_are_open_to_all_and_tell_how_to_complain(anybody: PageClient) -> None:
    page = anybody.get("/saannot")
    assert page.heading == "Sivun säännöt"
    for heading in ("Mikä saa jäädä", "Mitä punnitaan", "Mikä poistetaan", "Jos olet eri mieltä"):
        assert heading in page.text


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
