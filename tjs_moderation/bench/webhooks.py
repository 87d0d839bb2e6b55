"""How fast a webhook is answered, beside the least it could cost: a bare Flask view and one FULL commit."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tjs_moderation.app import create_app
from tjs_moderation.bench.frame import Goal, Held, Measurement, Sample, Sitting
from tjs_moderation.extensions import db
from tjs_moderation.gateways.facebook import SIGNATURE_HEADER, signature_of
from tjs_moderation.services import install
from tjs_moderation.settings import FacebookSettings, Settings

PATH, SECRET = "/hooks/facebook", "bench-secret"  # opens nothing but a throwaway install
SECONDS, QUICK_SECONDS = 4.0, 0.4
ROUNDS = 10
"""The two take turns, so that a machine that is busy for a while is busy for both."""


@dataclass(frozen=True, slots=True)
class WebhookFigures:
    """Bodies a second, of ours and of the floor, each by one thread, and seconds for a body of 1,000 changes."""

    posts_per_second: float
    floor_per_second: float
    thousand_changes_seconds: float


def measure(seconds: float = SECONDS) -> WebhookFigures:
    """Measure both for `seconds` in all, in turns. Nothing but the answers is waited for, as Meta does."""
    with tempfile.TemporaryDirectory(prefix="tjs-webhooks-") as name:
        folder = Path(name)
        ours, floor = _ours(folder), _floor(folder)
        body = _body(1)
        spent = {ours: 0.0, floor: 0.0}
        done = {ours: 0, floor: 0}
        for app in (ours, floor):
            _post(app, body)
        for _ in range(ROUNDS):
            for app in (ours, floor):
                count, took = _for_a_while(app, body, seconds / ROUNDS / 2)
                done[app] += count
                spent[app] += took
        thousand = _timed(lambda: _post(ours, _body(1000)))
        with ours.app_context():
            db.engine.dispose()
    return WebhookFigures(done[ours] / spent[ours], done[floor] / spent[floor], thousand)


def _ours(folder: Path) -> Flask:
    settings = Settings(
        instance_path=folder,
        database_url=f"sqlite:///{folder / 'tjs.db'}",
        queue_url=f"sqlite:///{folder / 'queue.db'}",
        secret_key="a key for one measurement, thrown away",  # noqa: S106  # opens nothing
        facebook=FacebookSettings(page_id="1000", page_token="bench", app_secret=SECRET, verify_token="bench"),  # noqa: S106  # opens nothing
    )
    app = create_app(settings)
    with app.app_context():
        install.prepare()
    return app


def _floor(folder: Path) -> Flask:
    app = Flask("floor")
    kept = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE event (id INTEGER PRIMARY KEY, body BLOB)",
    ):
        kept.execute(statement)

    @app.post(PATH)
    def receive() -> str:
        body = request.get_data()
        kept.execute("BEGIN IMMEDIATE")
        kept.execute("INSERT INTO event (body) VALUES (?)", (body,))
        kept.execute("COMMIT")
        return ""

    return app


def _body(changes: int) -> bytes:
    value = {"item": "comment", "verb": "add", "comment_id": "1_7", "post_id": "1000_1", "message": "Ääni kuuluu " * 10}
    entry = {"id": "1000", "time": 1, "changes": [{"field": "feed", "value": value}] * changes}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def _post(app: Flask, body: bytes) -> None:
    """One POST through the whole of an app; AssertionError where it does not answer 200."""
    _send(app, _environ(body), body)


def _environ(body: bytes) -> dict[str, Any]:
    headers = Headers({SIGNATURE_HEADER: signature_of(SECRET, body), "Content-Type": "application/json"})
    return EnvironBuilder(path=PATH, method="POST", data=body, headers=headers).get_environ()


def _send(app: Flask, environ: dict[str, Any], body: bytes) -> None:
    answer, status, _ = run_wsgi_app(app.wsgi_app, {**environ, "wsgi.input": io.BytesIO(body)})
    b"".join(answer)
    if not status.startswith("200"):
        raise AssertionError(f"a webhook was answered {status}")


def _for_a_while(app: Flask, body: bytes, seconds: float) -> tuple[int, float]:
    environ = _environ(body)
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        _send(app, environ, body)
        count += 1
    return count, time.perf_counter() - begun


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _take(is_quick: bool) -> Sequence[Sample]:
    found = measure(QUICK_SECONDS if is_quick else SECONDS)
    return [Sample(found.posts_per_second, floor=found.floor_per_second), Sample(found.thousand_changes_seconds)]


SITTINGS = (
    Sitting(
        (
            Measurement("webhook_posts", "webhookin vastaanotto kestävästi", "/s", Goal(0.6, True, Held.RATIO)),
            Measurement("webhook_thousand", "1 000 muutosta yhdessä viestissä", "s", Goal(1, False)),
        ),
        _take,
    ),
)
