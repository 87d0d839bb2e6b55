"""Where web servers and workers that are to be killed come from: a process that has the app ready and forks on demand.

`python -m tjs_moderation.bench.nest PORT` reads lines from its standard input, `web` or `worker`, and answers each with
the process number of what it started. It ends with its input, and its children are ended by whoever killed them before.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tjs_moderation import jobs
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.settings import environment_without_tjs, read_settings

HOST = "127.0.0.1"
WEB, WORKER = "web", "worker"
WORKED = ("beat", "hints", "walk", "import", "send", "index")
"""What a worker does over and over. Nothing is judged: that changes nothing in what may be lost or doubled."""

CLOCK_FILE = "clock"
"""In the instance folder: by how many seconds everybody's clock is off the machine's."""

PAUSE_SECONDS = 0.01
PATIENCE_SECONDS = 20.0


class Nest:
    """A nest that runs, as its starter sees it."""

    def __init__(self, environment: Mapping[str, str], port: int) -> None:
        command = [sys.executable, "-m", "tjs_moderation.bench.nest", str(port)]
        # Our own interpreter and module, with nothing from outside in it.
        self._process = subprocess.Popen(  # noqa: S603
            command,
            env=environment_without_tjs() | dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def bear(self, kind: str) -> int:
        """Start a web server or a worker; gives its process number. OSError where the nest has fallen."""
        asked, told = self._process.stdin, self._process.stdout
        if asked is None or told is None:
            raise OSError("no way to speak with the nest")
        asked.write(f"{kind}\n")
        asked.flush()
        line = told.readline()
        if not line:
            raise OSError("the nest has fallen")
        return int(line)

    def close(self) -> None:
        """End the nest; those born there are to be killed before."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def shifted_clock(file: Path) -> datetime:
    """The moment now (UTC) by the machine's clock and what `file` says it is off by."""
    return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


class House:
    """The web server and the worker, who live until they are killed and are born again."""

    def __init__(self, environment: dict[str, str], clock: Path) -> None:
        port = free_port()
        self.url = f"http://{HOST}:{port}"
        self._nest, self._clock = Nest(environment, port), clock
        self._alive: dict[str, int] = {}

    def __enter__(self) -> House:
        self.revive()
        return self

    def __exit__(self, *_: object) -> None:
        for kind in list(self._alive):
            self.kill(kind)
        self._nest.close()

    def kill(self, kind: str) -> None:
        """At once, whatever it is doing."""
        with suppress(ProcessLookupError):
            os.kill(self._alive.pop(kind), signal.SIGKILL)

    def revive(self) -> None:
        """Whoever is dead is born again; returns when the web server answers."""
        for kind in (WEB, WORKER):
            if kind not in self._alive:
                self._alive[kind] = self._nest.bear(kind)
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            with suppress(requests.RequestException):
                if requests.get(f"{self.url}/healthz", timeout=PATIENCE_SECONDS).ok:
                    return
            time.sleep(0.01)
        raise TimeoutError("the web server does not come back")

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Nobody moves: what is committed is committed, and what is not is nowhere to be seen."""
        for process in self._alive.values():
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in self._alive.values():
                os.kill(process, signal.SIGCONT)

    def shift_clock(self, seconds: float) -> None:
        off = float(self._clock.read_text()) + seconds
        beside = self._clock.with_suffix(".new")
        beside.write_text(str(off))
        beside.replace(self._clock)


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's own name
        """Nothing is to be read of what goes well, and much is meant to go badly."""


def _serve(app: Flask, port: int) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        # Whoever was killed a moment ago may hold the port for a moment more; werkzeug exits where it is taken.
        with suppress(SystemExit):
            make_server(HOST, port, app, threaded=True, request_handler=_Silent).serve_forever()
        time.sleep(PAUSE_SECONDS)


def _work(app: Flask) -> None:
    with app.app_context():
        while True:
            for task in WORKED:
                jobs.run(task)
            time.sleep(PAUSE_SECONDS)


def main(port: int) -> None:
    """Fork on demand until nobody asks any more."""
    settings = read_settings()
    clock = settings.instance_path / CLOCK_FILE
    app = create_app(settings, Wiring(clock=lambda: shifted_clock(clock), nudge=lambda *_: None))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who were killed
    for line in sys.stdin:
        born = os.fork()
        if not born:
            _serve(app, port) if line.strip() == WEB else _work(app)
            os._exit(0)
        sys.stdout.write(f"{born}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
