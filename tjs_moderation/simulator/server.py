"""Running the simulator: in a process of its own, or in a thread beside the tests."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

_POLL_SECONDS = 0.02


class _QuietHandler(WSGIRequestHandler):
    """Logs no requests: their addresses carry tokens."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def serve_simulator(app: Flask, host: str = "127.0.0.1", port: int = 8001) -> None:
    """Serve until interrupted. Raises OSError when the port is taken."""
    server = open_server(app, host, port)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def open_server(app: Flask, host: str = "127.0.0.1", port: int = 0) -> BaseWSGIServer:
    """A threaded server that listens already; port 0 takes a free one. Raises OSError when the port is taken."""
    # werkzeug prints and exits when it binds a taken port itself, so the port is bound here.
    with socket.create_server((host, port), backlog=128) as listener:
        bound_port = listener.getsockname()[1]
        return make_server(host, bound_port, app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())


class BackgroundServer:
    """The simulator in a thread, for as long as the `with` lasts; `url` is where it answers."""

    def __init__(self, app: Flask, host: str = "127.0.0.1", port: int = 0) -> None:
        self._server = open_server(app, host, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self.url = f"http://{host}:{self._server.server_address[1]}"

    def __enter__(self) -> BackgroundServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
