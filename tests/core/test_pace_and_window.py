"""What a walk reads when, what it may spend, and until when a person may be answered: tables of the pure core."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tjs_moderation.domain.pace import Reach, Thread, price_of_call, reading_due, rest_seconds
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.domain.window import window_of

NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


@pytest.mark.parametrize(
    ("thread", "due"),
    [
        (Thread(), Reach.WHOLE),
        (Thread(born_at=ago(hours=5), whole_at=ago(minutes=1)), Reach.WHOLE),
        (Thread(born_at=ago(days=5), whole_at=ago(minutes=50)), None),
        (Thread(born_at=ago(days=5), whole_at=ago(minutes=70)), Reach.WHOLE),
        (Thread(born_at=ago(days=30), whole_at=ago(hours=23)), None),
        (Thread(born_at=ago(days=30), whole_at=ago(hours=25)), Reach.WHOLE),
        (Thread(born_at=ago(days=300), whole_at=ago(days=6)), None),
        (Thread(born_at=ago(days=300), whole_at=ago(days=8)), Reach.WHOLE),
        (Thread(born_at=ago(days=300), whole_at=ago(days=1), told_count=8, read_count=7), Reach.TIP),
        (Thread(born_at=ago(days=300), whole_at=ago(days=1), told_count=6, read_count=7), Reach.WHOLE),
        (Thread(born_at=ago(days=300), whole_at=ago(days=1), told_at=NOW, read_told_at=ago(days=1)), Reach.WHOLE),
        (Thread(ago(days=300), ago(days=1), 8, 7, NOW, ago(days=1)), Reach.TIP),
    ],
)
def test_a_thread_is_read_when_there_is_reason_to(thread: Thread, due: Reach | None) -> None:
    assert reading_due(thread, NOW) is due
    assert reading_due(thread, NOW, is_thorough=True) is Reach.WHOLE


@pytest.mark.parametrize(
    ("percent", "price", "walks_rest", "acts_rest"),
    [(0, 1, 0, 0), (59, 1, 0, 0), (60, 4, 0, 0), (80, 4, 600, 0), (95, 4, 600, 600), (104, 4, 600, 600)],
)
def test_the_fuller_the_budget_the_less_is_asked(
    percent: float, price: int, walks_rest: float, acts_rest: float
) -> None:
    assert price_of_call(percent) == price
    assert rest_seconds(percent, None) == walks_rest
    assert rest_seconds(percent, None, is_act=True) == acts_rest
    assert rest_seconds(percent, 3600) == (3600 if walks_rest else 0)


@pytest.mark.parametrize(
    ("kind", "is_private", "hours", "open_to_a_person", "open_to_anything"),
    [
        (ItemKind.MESSAGE, True, 23, True, True),
        (ItemKind.MESSAGE, True, 25, True, False),
        (ItemKind.MESSAGE, True, 7 * 24 + 1, False, False),
        (ItemKind.COMMENT, True, 6 * 24, True, True),
        (ItemKind.COMMENT, True, 7 * 24 + 1, False, False),
    ],
)
def test_a_private_answer_has_its_time(
    kind: ItemKind, is_private: bool, hours: int, open_to_a_person: bool, open_to_anything: bool
) -> None:
    window = window_of(kind, ago(hours=hours), is_private=is_private)
    assert window is not None
    assert window.is_open(NOW, is_by_person=True) is open_to_a_person
    assert window.is_open(NOW, is_by_person=False) is open_to_anything
    assert window.left(NOW) == max(timedelta(days=7) - timedelta(hours=hours), timedelta(0))


def test_a_public_reply_may_leave_at_any_time() -> None:
    assert window_of(ItemKind.COMMENT, ago(days=900)) is None
