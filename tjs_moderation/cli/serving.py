"""`serve`: the web server, with a worker beside it; `work`: the worker alone."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import click

from tjs_moderation.cli.refusal import Refusal

RESTART_SECONDS = 5.0
NOBODY_YET = (
    "Konsolissa ei ole vielä ketään. Lisää ensimmäinen ihminen toisessa ikkunassa, niin saat linkin, jolla hän "
    'valitsee salasanan:\n  tjs-moderation user add "Etunimi Sukunimi" --email nimi@esimerkki.fi '
    "--role atk-suunnittelija"
)
"""What is said at the start of an install that nobody can sign in to."""

WORKER_NICENESS = 15
"""How far a worker stands back where there are too few processors: people wait for pages, nobody for an assessment."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--worker/--no-worker", default=None, help="Run a task worker beside the server (embedded queue: yes).")
def serve(host: str, port: int, workers: int, worker: bool | None) -> None:
    """Serve the console, on an install brought up to date."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from tjs_moderation.app import WEB_THREADS
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import people
    from tjs_moderation.services.wiring import ports

    check_port(host, port)
    with installed_app():
        has_worker = ports().settings.queue_url.startswith("sqlite") if worker is None else worker
        if not people.has_anybody():
            click.echo(NOBODY_YET, err=True)
    server = Granian(
        "tjs_moderation.app:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=WEB_THREADS,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    )
    # Most threads wait for the database or on a stream, whatever the number of processors.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    keeper = WorkerKeeper() if has_worker else None
    try:
        server.serve()
    finally:
        if keeper is not None:
            keeper.stop()


@click.command("work")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 32), help="Tasks worked at once.")
@click.option("--beside", type=int, hidden=True, help="The process this worker ends with.")
def work(threads: int, beside: int | None) -> None:
    """Work the tasks: assess, send, walk the channels, take files in. Any number of workers may run."""
    # Ctrl-C ends it at any moment, also while it is still starting.
    with suppress(KeyboardInterrupt):
        _work(threads, beside)


def _work(threads: int, beside: int | None) -> None:
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.jobs import TASKS

    if hasattr(os, "nice"):
        os.nice(WORKER_NICENESS)
    with installed_app() as app:
        pass
    if beside is not None:
        threading.Thread(target=_end_with, args=(beside,), daemon=True).start()
    queue = app.extensions["tjs_queue"]
    consumer = queue.create_consumer(workers=threads, periodic=True, initial_delay=0.1, backoff=1.5, max_delay=1.0)
    for task in TASKS:
        app.extensions["tjs_ports"].nudge(task)
    consumer.run()


def _end_with(parent: int) -> None:
    """End this process when its parent is gone, however that one ended."""
    while os.getppid() == parent:
        time.sleep(RESTART_SECONDS / 5)
    os.kill(os.getpid(), signal.SIGINT)


def check_port(host: str, port: int) -> None:
    """Raises a one-line usage error with the next step where somebody listens on the port already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise Refusal(
                f"{host}:{port} {why}. Stop what listens there, or choose another port: "
                f"--port {port + 10} (with make: make run PORT={port + 10} SIMULATOR_PORT={port + 11}).",
            ) from error


class WorkerKeeper:
    """Keeps a worker process running beside the server, and starts it again where it died."""

    def __init__(self) -> None:
        self._is_stopping = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """End the worker and wait for it."""
        self._is_stopping.set()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tjs_moderation.cli", "work", "--beside", str(os.getpid())]
        # A process group of its own, for Ctrl-C; but not a session: Linux divides processors among sessions first, and
        # being nice counts within one only.
        return subprocess.Popen(command, process_group=0)  # noqa: S603  # our own interpreter and command

    def _keep(self) -> None:
        while not self._is_stopping.is_set():
            self._process.wait()
            if not self._is_stopping.wait(RESTART_SECONDS):
                self._process = self._start()
