"""The demo as a newcomer starts it: its own processes, on free ports, stopped as Ctrl-C stops it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tjs_moderation.cli.demo import PASSWORD

READY = "Ctrl-C ends it all"
START_SECONDS = 90
STOP_SECONDS = 60
HOLD_BACK_SECONDS = 4
"""Long enough to see that nothing goes out at once."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the console and the simulated page answer, and the password of everybody."""

    console: str
    page: str
    password: str = PASSWORD


@contextmanager
def running_demo() -> Iterator[Demo]:
    """Run `tjs-moderation demo` until it is ready; stop it at the end and see that it stops cleanly."""
    port, simulator_port = _free_ports()
    command = [sys.executable, "-m", "tjs_moderation.cli", "demo"]
    told = ["--port", str(port), "--simulator-port", str(simulator_port), "--hold-back", str(HOLD_BACK_SECONDS)]
    # pytest's workers and make may ignore interrupts; the demo listens to the one that ends a service.
    demo = subprocess.Popen(
        [*command, *told], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        _await_ready(demo)
        yield Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{simulator_port}")
    finally:
        demo.send_signal(signal.SIGTERM)
        status = demo.wait(STOP_SECONDS)
        if demo.stdout is not None:
            demo.stdout.close()
    assert status == 0, f"the demo ended with {status}"


def _await_ready(demo: subprocess.Popen[str]) -> None:
    watchdog = threading.Timer(START_SECONDS, lambda: os.killpg(demo.pid, signal.SIGKILL))
    watchdog.start()
    try:
        if demo.stdout is None or not any(READY in line for line in demo.stdout):
            raise RuntimeError("the demo did not become ready")
    finally:
        watchdog.cancel()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
