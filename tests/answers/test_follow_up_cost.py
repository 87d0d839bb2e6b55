"""What looking for continuations costs: it is done after every batch that comes in, however much waits to be read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.extensions import db
from tjs_moderation.services.follow_ups import follow_up
from tjs_moderation.services.intake import take_in
from tjs_moderation.services.transaction import channel


@pytest.fixture
def database_url(peopled_sqlite: Path, tmp_path: Path) -> str:
    """SQLite alone: it tells its steps, and has no statistics to find the way by."""
    shutil.copy(peopled_sqlite, tmp_path)
    return f"sqlite:///{tmp_path / 'tjs.db'}"


def steps() -> int:
    """How many steps of a hundred instructions SQLite takes to look for continuations."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    @event.listens_for(db.engine, "before_cursor_execute")
    def count(connection: Any, *_: Any) -> None:
        connection.connection.driver_connection.set_progress_handler(step, 100)

    try:
        follow_up()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return taken


def test_untouched_questions_do_not_slow_the_search_for_continuations(house: House) -> None:
    asked = house.receive("asked", "Milloin kurssi on?")
    assert asked.is_question
    few = steps()
    channel_id = house.channel_id("facebook")
    waiting = [
        Incoming(
            f"w{number}",
            text=f"Milloin kurssi numero {number} on?",
            post_external_id="1000_1",
            author_external_id=f"a{number}",
            author_name="Kysyjä",
            created_at=house.clock.now,
        )
        for number in range(400)
    ]
    take_in(channel(channel_id), channel_id, waiting)
    jobs.assess()
    assert steps() <= few + 20
