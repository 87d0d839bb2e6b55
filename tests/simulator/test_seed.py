from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tjs_moderation.simulator import MovableClock, PageState, SeedError, seed_from_file, seed_page
from tjs_moderation.simulator.moments import read_moment

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def state() -> PageState:
    return PageState(clock=MovableClock(lambda: NOW))


def test_a_document_fills_the_page(state: PageState) -> None:
    reply = {"from_page": True, "message": "Tiistaina", "created_at": "-1h"}
    comment = {"id": "7", "author": "Aino", "message": "Milloin?", "created_at": "-1d2h", "replies": [reply]}
    hidden = {"author": {"id": "9001", "name": "Eero"}, "message": "Ruma", "is_hidden": True, "can_hide": None}
    seed_page(
        state,
        {
            "page": {"name": "TJS"},
            "posts": [{"id": "1", "message": "Luento", "created_at": "-3d", "comments": [comment, hidden]}],
            "conversations": [
                {"id": "t_1", "person": "Aino", "messages": [{"id": "m_1", "message": "Hei", "created_at": "-2h"}]}
            ],
        },
    )
    first, second, third = state.under(state.posts["1"], every_level=True)
    assert (first.id, first.created_at, first.author.name) == ("7", NOW - timedelta(hours=26), "Aino")
    assert (second.message, second.parent_id, second.author.id, second.can_hide) == ("Tiistaina", "7", "1000", False)
    assert (third.is_hidden, third.can_hide, third.author.id) == (True, None, "9001")
    assert state.conversations["t_1"].person == first.author
    assert state.conversations["t_1"].last_heard_at == NOW - timedelta(hours=2)
    assert state.page.name == "TJS"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("-3d4h", NOW - timedelta(days=3, hours=4)),
        ("-1w", NOW - timedelta(weeks=1)),
        ("-45m30s", NOW - timedelta(minutes=45, seconds=30)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_is_told_absolutely_or_from_the_start(told: str, expected: datetime) -> None:
    assert read_moment(told, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "{",
        '{"posts": [{"message": "a", "created_at": "eilen"}]}',
        '{"posts": [{"id": "1", "message": "a"}, {"id": "1", "message": "b"}]}',
        '{"posts": [{"message": "a", "created_at": "2026-01-01T00:00:00"}]}',
    ],
)
def test_a_document_that_cannot_be_used_says_why(state: PageState, tmp_path: Path, text: str) -> None:
    path = tmp_path / "seed.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SeedError) as refusal:
        seed_from_file(state, path)
    assert len(str(refusal.value)) > 10


def test_a_large_page_is_filled_quickly(state: PageState) -> None:
    comments = [{"author": f"Kävijä {number}", "message": "Hei"} for number in range(5000)]
    seed_page(state, json.loads(json.dumps({"posts": [{"message": "Luento", "comments": comments}]})))
    assert len(state.comments) == 5000
    assert len(state.people) == 5000
