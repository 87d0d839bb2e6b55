"""Long inputs of `assess` shared out among processes: the answers come in order, and only a few batches are held."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_all_start_methods, get_context

Batch = list[tuple[int, bytes]]
Answer = Callable[[Batch], list[bytes]]

ALONE_BATCHES = 32
"""So many batches are answered by the process itself: a short input is done before others would have begun."""
_AHEAD = 3

_answer: Answer | None = None


def cores() -> int:
    """How many processes may work side by side."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def answered(answer: Answer, batches: Iterable[Batch], processes: int) -> Iterator[list[bytes]]:
    """The answers to each batch, in order: at first our own, then, where more are left, those of several processes.

    The processes are forked, so that dictionary and weights are held once. Where that cannot be done, or one of them
    dies, we answer ourselves.
    """
    waiting = iter(batches)
    yield from map(answer, islice(waiting, ALONE_BATCHES))
    more = list(islice(waiting, 1))
    if not more:
        return
    rest = chain(more, waiting)
    if processes < 2 or "fork" not in get_all_start_methods():
        yield from map(answer, rest)
        return
    with ProcessPoolExecutor(processes, get_context("fork"), _join, (answer,)) as crew:
        yield from _in_order(answer, rest, crew, _AHEAD * processes)


def _join(answer: Answer) -> None:
    global _answer  # noqa: PLW0603  # what a forked process is given once, for all its batches
    _answer = answer
    # Ctrl-C is the parent's to act on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _answered_there(batch: Batch) -> list[bytes]:
    if _answer is None:
        raise RuntimeError("no judge was given to this process")
    return _answer(batch)


def _in_order(answer: Answer, rest: Iterable[Batch], crew: ProcessPoolExecutor, most: int) -> Iterator[list[bytes]]:
    under_way: deque[tuple[Batch, Future[list[bytes]] | None]] = deque()
    for batch in rest:
        under_way.append((batch, _begun(crew, batch)))
        if len(under_way) >= most:
            yield _ended(answer, *under_way.popleft())
    while under_way:
        yield _ended(answer, *under_way.popleft())


def _begun(crew: ProcessPoolExecutor, batch: Batch) -> Future[list[bytes]] | None:
    try:
        return crew.submit(_answered_there, batch)
    except BrokenProcessPool:
        return None


def _ended(answer: Answer, batch: Batch, begun: Future[list[bytes]] | None) -> list[bytes]:
    try:
        return answer(batch) if begun is None else begun.result()
    except BrokenProcessPool:
        return answer(batch)
