"""Lines of the log that belong together: those of a request, and of what workers do for it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import Any

import pytest
import structlog
from flask import Flask
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.testing import capture_logs

from tjs_moderation import app as console
from tjs_moderation import jobs
from tjs_moderation.web import tracing
from tjs_moderation.web.access import public


def test_a_request_has_a_mark_that_its_log_and_its_defect_tell(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tracing, console):  # what has logged before goes on as it began
        monkeypatch.setattr(module, "log", structlog.get_logger())

    @public
    def fails() -> str:
        raise ValueError("what somebody wrote")

    own_app.add_url_rule("/fails", view_func=fails, endpoint="fails")
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    with capture_logs(processors=[_with_marks]) as lines:
        answer = own_app.test_client().get("/fails?q=salaisuus")
    mark = answer.headers["X-Request-ID"]
    assert mark in answer.text
    assert {line["request"] for line in lines} == {mark}
    assert [line["event"] for line in lines] == ["request_failed", "answered"]
    assert "salaisuus" not in repr(lines)
    assert get_contextvars() == {}


def test_the_mark_of_a_proxy_is_kept_where_there_is_one(app: Flask) -> None:
    given = {"X-Request-ID": "proxy-0123456789"}
    assert app.test_client().get("/healthz", headers=given).headers["X-Request-ID"] != given["X-Request-ID"]
    wired = app.extensions["tjs_ports"]
    app.extensions["tjs_ports"] = replace(wired, settings=wired.settings.with_changes(proxies=1))
    assert app.test_client().get("/healthz", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]
    foul = app.test_client().get("/healthz", headers={"X-Request-ID": "a b=c"}).headers["X-Request-ID"]
    assert foul != "a b=c"


def test_what_a_worker_does_for_a_request_bears_its_mark(app: Flask) -> None:
    with bound_contextvars(request="of a request"):
        jobs.nudge_through(app)("beat")
    queue = app.extensions["tjs_queue"]
    task = queue.dequeue()
    assert task.args == ("beat", "of a request")
    seen: list[dict[str, object]] = []
    jobs.TASKS["look"] = lambda: seen.append(dict(get_contextvars()))
    try:
        jobs.run("look", task.args[1])
        jobs.run("look")
    finally:
        del jobs.TASKS["look"]
    asked, by_time = seen
    assert asked["request"] == "of a request"
    assert "request" not in by_time
    assert asked["job"] != by_time["job"]


def _with_marks(_logger: Any, _level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {**get_contextvars(), **event}
