"""Whatever fails, wherever: the log tells the kind and the place, and nothing the public wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.web.conftest import signed_in
from tests.web.test_permissions import SIGNS_OUT, questions
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import GRANTS, Role
from tjs_moderation.extensions import db
from tjs_moderation.web.access import access_of

WORDS = "Variksenpelättimen salaisuus"
NAME = "Vanamo Pihlajisto"


def fail(*_: object, **__: object) -> None:
    """As the database fails: its error holds the statement with what the public wrote."""
    db.session.execute(
        text("SELECT :words FROM there_is_no_such_table WHERE name = :name"), {"words": WORDS, "name": NAME}
    )


@contextmanager
def failing(table: MutableMapping[str, Callable[..., Any]], name: str) -> Iterator[None]:
    """Have what stands under `name` fail, as it is marked."""
    whole = table[name]
    table[name] = wraps(whole)(fail)
    try:
        yield
    finally:
        table[name] = whole


def check(told: list[MutableMapping[str, Any]], library_lines: str) -> None:
    for kept_back in (WORDS, NAME, "Variksen", "Pihlajisto"):
        assert kept_back not in str(told)
        assert kept_back not in library_lines


def test_a_failure_on_any_route_leaves_nothing_of_the_public_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    clients = {role: signed_in(app, role).client for role in (Role.TIEDOTTAJA, Role.ATK_SUUNNITTELIJA)}
    failed = set()
    for endpoint, method, address, _ in list(questions(app)):
        mark = access_of(app.view_functions[endpoint])
        role = next((role for role in clients if mark and mark.any_of & GRANTS[role]), Role.TIEDOTTAJA)
        with failing(app.view_functions, endpoint), capture_logs() as told:
            answer = clients[role].open(
                f"{address}?words={WORDS}", method=method, data={"words": NAME} if method == "POST" else None
            )
        assert answer.status_code == 500, endpoint
        assert "request_failed" in [line["event"] for line in told], endpoint
        check(told, caplog.text)
        failed.add(endpoint)
    assert len(failed) > 60
    assert SIGNS_OUT in failed


@pytest.mark.parametrize("name", [*jobs.TASKS, *jobs.NIGHTLY])
def test_a_failure_of_any_task_leaves_nothing_of_the_public_in_the_log(
    app: Flask, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    table = jobs.TASKS if name in jobs.TASKS else jobs.NIGHTLY
    with app.app_context(), failing(table, name), capture_logs() as told:
        jobs.run(name)
    assert "task_failed" in [line["event"] for line in told]
    check(told, caplog.text)
