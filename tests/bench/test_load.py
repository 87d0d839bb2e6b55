"""`bench load` in small: what is shown of a moment with the real web server, worker and people."""

from __future__ import annotations

import pytest

from tjs_moderation.bench.crowd import Seen
from tjs_moderation.bench.load import LoadFigures, Memory, Size, growth, play, samples, sitting


@pytest.mark.timeout(300)  # two processes start, on a machine that may be busy
def test_under_a_moment_of_load_nothing_acknowledged_is_lost() -> None:
    found = play(Size(seconds=3, rate=20, people=2, items=60))
    assert (found.lost, found.unworked, found.errors) == (0, 0, 0), found.seen.troubles
    assert 0 < len(found.seen.events) <= 61
    assert found.time("queue", 95) > 0
    assert min(mb for _, mb in found.memory.web + found.memory.worker) > 0
    assert len(samples(found)) == len(sitting().measurements)


def test_growth_is_told_by_the_minute_from_the_second_half() -> None:
    warming = [(float(second), 10.0 * second) for second in range(10)]
    steady = [(float(second), 100 + second / 60) for second in range(10, 20)]
    assert growth(warming + steady) == pytest.approx(1)
    assert growth([(0, 5)]) == 0


def test_a_faster_colleague_is_no_error() -> None:
    seen = Seen()
    for trouble in ("overtaken", "queue: 500"):
        seen.fell(trouble)
    assert LoadFigures(1, seen, Memory()).errors == 1
