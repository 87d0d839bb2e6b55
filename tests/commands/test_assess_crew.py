from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tjs_moderation.cli.assess_crew import ALONE_BATCHES, Batch, answered

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # pytest has threads, assess none

BATCHES = [[(number, b"%d" % number)] for number in range(ALONE_BATCHES + 40)]
PARENT = os.getpid()


def answer(batch: Batch) -> list[bytes]:
    return [b"%s by %d" % (line, os.getpid()) for _, line in batch]


def answer_or_die(batch: Batch) -> list[bytes]:
    """A process of the crew that is killed at its first batch, as by a machine out of memory."""
    if os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer(batch)


def told(answers: Iterator[list[bytes]]) -> tuple[list[int], set[int]]:
    """The numbers answered, in order, and the processes that answered."""
    lines = [line.split(b" by ") for lines in answers for line in lines]
    return [int(number) for number, _ in lines], {int(process) for _, process in lines}


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_every_line_is_answered_once_and_in_order_whoever_answers(processes: int) -> None:
    numbers, _ = told(answered(answer, BATCHES, processes))
    assert numbers == list(range(len(BATCHES)))


def test_a_short_input_is_answered_without_other_processes_and_a_long_one_with_them() -> None:
    assert told(answered(answer, BATCHES[:ALONE_BATCHES], 2))[1] == {PARENT}
    assert told(answered(answer, BATCHES, 2))[1] > {PARENT}


def test_a_process_that_dies_costs_no_line() -> None:
    numbers, processes = told(answered(answer_or_die, BATCHES, 2))
    assert numbers == list(range(len(BATCHES)))
    assert processes == {PARENT}


def test_no_more_than_a_few_batches_are_taken_ahead_of_the_answers() -> None:
    taken = 0

    def counted() -> Iterator[Batch]:
        nonlocal taken
        for batch in BATCHES:
            taken += 1
            yield batch

    answers = answered(answer, counted(), 2)
    for given in range(1, len(BATCHES) + 1):
        next(answers)
        assert taken <= given + 6
