"""What it takes to start: `assess` up to its first answer, and what a web process holds."""

from __future__ import annotations

import subprocess
import sys
from tempfile import TemporaryDirectory
from time import perf_counter

from tjs_moderation.bench.frame import Goal, Measurement, Sample, Sitting
from tjs_moderation.settings import environment_without_tjs

_ASSESS = ("-m", "tjs_moderation.cli", "assess")
_ONE_LINE = b'{"id": "1", "text": "Milloin kurssi alkaa?"}\n'
_FLOOR = ("-c", "import click, json, numpy")
_WEB = """
from tjs_moderation.app import create_app
from tjs_moderation.bench.judging import held_mb
from tjs_moderation.services.install import prepare

app = create_app()
with app.app_context():
    prepare()
for path in ("/healthz", "/", "/healthz"):
    app.test_client().get(path, follow_redirects=True)
print(held_mb())
"""


def _seconds(*words: str) -> float:
    started = perf_counter()
    _run(*words, given=_ONE_LINE)
    return perf_counter() - started


def _run(*words: str, given: bytes = b"", instance: str = "") -> bytes:
    environment = environment_without_tjs() | ({"TJS_INSTANCE_PATH": instance} if instance else {})
    done = subprocess.run(  # noqa: S603  # our own interpreter, our own words
        [sys.executable, *words], input=given, capture_output=True, check=True, env=environment
    )
    return done.stdout


def _cold_start(_: bool) -> list[Sample]:
    return [Sample(_seconds(*_ASSESS), floor=_seconds(*_FLOOR))]


def _web_memory(_: bool) -> list[Sample]:
    with TemporaryDirectory() as folder:
        most = float(_run("-c", _WEB, instance=folder))
    return [Sample(most, memory_mb=most)]


SITTINGS = (
    Sitting((Measurement("assess_cold_start", "assess käynnistyy ja vastaa", "s", Goal(4, False)),), _cold_start),
    Sitting((Measurement("web_memory", "verkkoprosessin muisti", "Mt", Goal(250, False)),), _web_memory),
)
