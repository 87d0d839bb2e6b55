"""What pages draw once and show again."""

from __future__ import annotations

import weakref
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from tests.support.fakes import MovableClock


class Words:
    """What a page was told to draw."""


@pytest.mark.parametrize("step", [timedelta(minutes=11), timedelta(hours=-1)], ids=["later", "clock_set_back"])
def test_what_was_drawn_leaves_memory_within_minutes(app: Flask, clock: MovableClock, step: timedelta) -> None:
    remembered: Any = app.jinja_env.globals["remembered"]
    words = Words()
    held = weakref.ref(words)
    times_drawn = 0

    def draw(_: object) -> Markup:
        nonlocal times_drawn
        times_drawn += 1
        return Markup("<p>")

    with app.test_request_context("/"):
        remembered(draw, words)
        remembered(draw, words)
        assert times_drawn == 1
        del words
        assert held() is not None
        clock.now += step
        remembered(draw, "something else")
    assert held() is None
