"""Processes of their own for tests that kill them: born of one that has everything imported already."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerProcess
from typing import Any

_BIRTHPLACE = multiprocessing.get_context("forkserver")
_BIRTHPLACE.set_forkserver_preload(["tjs_moderation.app", "tjs_moderation.cli", "tjs_moderation.gateways.facebook"])


def start_process(what: Callable[..., object], *told: Any, environment: Mapping[str, str]) -> ForkServerProcess:
    """Call `what` with `told` in a process of its own that knows nothing but this environment.

    A fresh interpreter would take seconds to import what it needs; this one shares no connection and no thread with
    the tests either.
    """
    process = _BIRTHPLACE.Process(target=_begin, args=(dict(environment), what, told))
    process.start()
    return process


def ended(process: ForkServerProcess, within_seconds: float = 60) -> int:
    """The exit code of a process, negative for the signal that ended it. AssertionError where it goes on."""
    process.join(within_seconds)
    assert process.exitcode is not None, f"still at it after {within_seconds} s"
    return process.exitcode


def _begin(environment: dict[str, str], what: Callable[..., object], told: tuple[Any, ...]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    what(*told)
