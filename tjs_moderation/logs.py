"""Logs: one line an event on standard error, without the public's text or names."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

ORIGIN = "request"
"""The name under which a line says which request it comes from, also where a worker did what that one asked for."""


def configure_logs(form: str = "plain", level: str = "info") -> None:
    """Send events from this level on, and the libraries' warnings, to standard error; standard output is for answers.

    A line is either logfmt (`plain`) or a JSON document; both begin with the time in UTC, the level and the event.
    """
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    order = ("timestamp", "level", "event")
    line: Processor = structlog.processors.LogfmtRenderer(key_order=order, drop_missing=True)
    if form == "json":
        line = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        # A second house in this process says anew how its lines look, and the loggers made before must hear it.
        cache_logger_on_first_use=False,
    )
