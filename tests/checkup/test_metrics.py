"""The figures a collector reads: what waits and for how long, and nothing that anybody wrote."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.services import casework

TOKEN = "a token for whoever collects"  # of the tests alone


def tell(app: Flask, **changes: object) -> None:
    """Change the settings of an app."""
    wired = app.extensions["tjs_ports"]
    app.extensions["tjs_ports"] = replace(wired, settings=wired.settings.with_changes(**changes))


def figures(app: Flask) -> dict[tuple[str, ...], float]:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_the_figures_say_what_waits_and_for_how_long(house: House) -> None:
    tell(house.app, metrics_token=TOKEN)
    insult = house.receive("c1", "Olet idiootti.")
    house.bring("c2", "Hei.")
    casework.decide(house.tiedottaja, insult.id, insult.version, DecisionKind.REMOVE, "insulting")
    house.clock.advance(hours=1)
    found = figures(house.app)
    assert found["tjs_queue_items", "arrived"] == 1
    assert found["tjs_queue_oldest_seconds", "arrived"] >= 3600
    assert found["tjs_acts", "planned"] == 1
    assert 0 < found["tjs_acts_overdue_seconds", "planned"] < 3600
    assert found["tjs_acts_in_trouble",] == 0
    house.wait_and_send(minutes=6)
    jobs.assess()
    jobs.run("beat")
    found = figures(house.app)
    assert (found["tjs_acts", "planned"], found["tjs_queue_items", "arrived"]) == (0, 0)
    assert found["tjs_assessed_lately",] >= 1
    assert found["tjs_assessment_wait_seconds", "0.95"] >= 3600
    assert found["tjs_worker_seen_seconds",] == 0


@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer ä"])
def test_without_the_token_there_are_no_figures(app: Flask, header: str) -> None:
    tell(app, metrics_token=TOKEN)
    assert app.test_client().get("/metrics", headers={"Authorization": header}).status_code == 404


def test_where_no_token_is_set_nobody_gets_figures(app: Flask) -> None:
    for header in ("Bearer ", "Bearer x"):
        assert app.test_client().get("/metrics", headers={"Authorization": header}).status_code == 404


def test_the_figures_hold_nothing_that_anybody_wrote(house: House) -> None:
    tell(house.app, metrics_token=TOKEN)
    house.receive("c1", "Salaisuus on kaapissa.", author_external_id="p", author_name="Kaarina Kirjoittaja")
    answer = house.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert not re.search("Salaisuus|Kaarina", answer.text)
