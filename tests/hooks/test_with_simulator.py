"""The simulated page's news over real HTTP, with everything going wrong that can: we end where the page is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from tests.hooks.meta import VERIFY_TOKEN
from tests.hooks.test_disorder import what_stands_here
from tests.simulator.calls import call
from tests.support.house import House
from tests.support.simulator import APP_SECRET, RunningSimulator, simulator
from tjs_moderation import jobs
from tjs_moderation.gateways.facebook import FacebookHook
from tjs_moderation.simulator import BackgroundServer
from tjs_moderation.simulator.faults import FOR_NEWS

__all__ = ["simulator"]

FIELDS = "feed,messages,message_echoes"


def subscribe(simulator: RunningSimulator, console: str) -> None:
    token = f"{simulator.access.app_id}|{APP_SECRET}"
    form = {
        "object": "page",
        "callback_url": f"{console}/hooks/facebook",
        "verify_token": VERIFY_TOKEN,
        "fields": FIELDS,
    }
    answer: requests.Response = call(simulator, "POST", f"{simulator.access.app_id}/subscriptions", token=token, **form)
    assert answer.json() == {"success": True}
    call(simulator, "POST", "1000/subscribed_apps", subscribed_fields=FIELDS)


def connect(app: Flask, simulator: RunningSimulator) -> None:
    hook, channel = FacebookHook("1000", APP_SECRET, VERIFY_TOKEN), simulator.channel()
    app.extensions["tjs_ports"] = replace(
        app.extensions["tjs_ports"], hooks=lambda: {"facebook": hook}, channels=lambda: {"facebook": channel}
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_on_the_way_we_end_where_the_page_is(
    app: Flask, house: House, door: FlaskClient, simulator: RunningSimulator, seed: int
) -> None:
    connect(app, simulator)
    chance, state = random.Random(seed), simulator.state  # noqa: S311  # the same for the same seed
    state.publish("Luento", post_id="1")
    with BackgroundServer(app) as console:
        subscribe(simulator, console.url)
        simulator.faults.at_random(seed, 0.4, frozenset(FOR_NEWS) - {"lost_news"})
        standing: list[str] = []
        for number in range(40):
            step = chance.choice(["add", "add", "edit", "hide", "remove"])
            if step == "add" or not standing:
                standing.append(state.comment("1", state.meet(f"Kävijä {number % 5}"), f"kommentti {number}").id)
            elif step == "edit":
                state.edit(chance.choice(standing), f"toisin {number}")
            elif step == "hide":
                state.set_hidden(chance.choice(standing), chance.random() < 0.5)
            else:
                state.remove(standing.pop(chance.randrange(len(standing))))
        state.write(state.meet("Aino"), "Yksityisesti")
        assert simulator.postman.wait_until_empty(30)
    jobs.work_hints()
    page = {f"1_{each}": state.comments[each] for each in standing}
    here = what_stands_here()
    (message,) = [name for name in here if name.startswith("m_")]
    assert house.item(message).conversation_external_id == next(iter(state.conversations))
    told = {name: (text, hidden) for name, (text, hidden, *_) in here.items() if name != message}
    assert told == {name: (each.message, each.is_hidden) for name, each in page.items()}


def test_a_deleted_post_takes_its_comments_along_in_their_stories_alone(
    app: Flask, house: House, door: FlaskClient, simulator: RunningSimulator
) -> None:
    connect(app, simulator)
    state = simulator.state
    for number in ("1", "2"):
        state.publish(f"julkaisu {number}", post_id=number)
    with BackgroundServer(app) as console:
        subscribe(simulator, console.url)
        state.comment("1", state.meet("Aino"), "Milloin?", comment_id="7")
        state.comment("7", state.meet("Eero"), "Samaa mietin.", comment_id="8")
        state.comment("2", state.meet("Aino"), "Kiitos!", comment_id="9")
        assert simulator.postman.wait_until_empty(30)
        jobs.work_hints()
        state.remove_post("1")
        assert simulator.postman.wait_until_empty(30)
    jobs.work_hints()
    items = {name: house.item(name) for name in ("1_7", "1_8", "2_9")}
    assert {name: item.is_gone for name, item in items.items()} == {"1_7": True, "1_8": True, "2_9": False}
    assert house.trail(items["1_8"].id)[-1][1] == "hear_of_removal"
    assert what_stands_here()["2_9"][0] == "Kiitos!"
