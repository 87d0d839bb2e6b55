"""How fast the judge reads, thinks and answers, and what a worker holds meanwhile."""

from __future__ import annotations

import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

from tjs_moderation.bench.comments import comments
from tjs_moderation.bench.frame import Goal, Measurement, Sample, Sitting

_WARMING, _MEASURED = 4_000, 2_000
_QUICK_WARMING, _QUICK_MEASURED = 50, 50
_LONE = ("Milloin kurssi alkaa?", "Kiitos hyvästä luennosta!", "Olet idiootti.", "Lomake ei toimi, korjatkaa se.")


class Pace(NamedTuple):
    """How many comments a process assessed in a second, before and after warming up, and the most it held (MB)."""

    cold: float
    warm: float
    memory_mb: float


def held_mb() -> float:
    """The most memory this process has held so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def pace(seed: int, warming: int, measured: int) -> Pace:
    """Assess new comments in this process: the first `measured` of it, and as many after `warming` others."""
    from tjs_moderation.domain.judgement import default_judge  # noqa: PLC0415  # only the measured process carries it
    from tjs_moderation.domain.ports import Reading  # noqa: PLC0415

    judge = default_judge()
    source = comments(seed)

    def rate(count: int) -> float:
        readings = [Reading(str(number), text) for number, text in enumerate(islice(source, count))]
        started = perf_counter()
        for _ in judge.assess(readings):
            pass
        return count / (perf_counter() - started)

    cold = rate(measured)
    rate(warming)
    return Pace(cold, rate(measured), held_mb())


def paces(processes: int, *, is_quick: bool) -> list[Pace]:
    """The paces of fresh processes that work side by side."""
    sizes = (_QUICK_WARMING, _QUICK_MEASURED) if is_quick else (_WARMING, _MEASURED)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [job.result() for job in [pool.submit(pace, seed, *sizes) for seed in range(processes)]]


def lone_seconds(count: int) -> list[float]:
    """How long each of many short comments takes after a warm-up, one at a time."""
    from tjs_moderation.domain.judgement import default_judge  # noqa: PLC0415
    from tjs_moderation.domain.ports import Reading  # noqa: PLC0415

    judge = default_judge()
    texts = [text for _ in range(count) for text in _LONE]
    taken: list[float] = []
    for text in texts:
        started = perf_counter()
        judge.judge(Reading("1", text))
        taken.append(perf_counter() - started)
    return taken[len(_LONE) :]


def _alone(is_quick: bool) -> list[Sample]:
    found = paces(1, is_quick=is_quick)[0]
    return [Sample(found.warm, memory_mb=found.memory_mb)]


def _together(is_quick: bool) -> list[Sample]:
    found = paces(2, is_quick=is_quick)
    most = max(each.memory_mb for each in found)
    return [
        Sample(sum(each.cold for each in found), memory_mb=most),
        Sample(sum(each.warm for each in found), memory_mb=most),
        Sample(most, memory_mb=most),
    ]


def _lone(is_quick: bool) -> list[Sample]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        seconds = pool.submit(lone_seconds, 10 if is_quick else 250).result()
    return [Sample(1_000 * median(seconds)), Sample(1_000 * quantiles(seconds, n=20)[-1])]


SITTINGS = (
    Sitting((Measurement("assess_one_process", "25 sanan kommentit, yksi lämmin prosessi", "/s"),), _alone),
    Sitting(
        (
            Measurement("assess_two_processes_cold", "25 sanan kommentit, kaksi prosessia, ensimmäiset 2 000", "/s"),
            Measurement(
                "assess_two_processes", "25 sanan kommentit, kaksi lämmintä prosessia", "/s", Goal(2_000, True)
            ),
            Measurement("worker_memory", "arvioivan prosessin muisti enimmillään", "Mt", Goal(600, False)),
        ),
        _together,
    ),
    Sitting(
        (
            Measurement("lone_comment_median", "yksittäinen lyhyt kommentti, mediaani", "ms", Goal(5, False)),
            Measurement("lone_comment_p95", "yksittäinen lyhyt kommentti, 95 % nopeampia", "ms", Goal(5, False)),
        ),
        _lone,
    ),
)
