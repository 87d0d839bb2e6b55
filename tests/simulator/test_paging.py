from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.simulator.paging import PageRequest, cursor_page, cut, read_page_request

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stone:
    placed_at: datetime
    sequence: int


STONES = st.lists(st.integers(0, 5), max_size=30).map(
    lambda seconds: sorted(
        (Stone(START + timedelta(seconds=second), number) for number, second in enumerate(seconds)),
        key=lambda stone: (stone.placed_at, stone.sequence),
    )
)


def walk(stones: list[Stone], limit: int, *, newest_first: bool) -> list[object]:
    found: list[object] = []
    request = PageRequest(limit=limit)
    while True:
        part, has_more = cut(stones, request, newest_first=newest_first)
        answer = cursor_page(part, has_more, request, lambda stone: stone, lambda changes: changes.get("after", ""))
        data, paging = answer["data"], answer.get("paging", {})
        assert isinstance(data, list)
        assert isinstance(paging, dict)
        found += data
        if "next" not in paging:
            return found
        request = read_page_request({"limit": str(limit), "after": paging["next"]})


@given(stones=STONES, limit=st.integers(1, 7), newest_first=st.booleans())
def test_a_walk_meets_everything_once_and_in_order(stones: list[Stone], limit: int, newest_first: bool) -> None:
    expected = list(reversed(stones)) if newest_first else stones
    assert walk(stones, limit, newest_first=newest_first) == expected
