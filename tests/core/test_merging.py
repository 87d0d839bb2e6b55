"""Two people's changes put together: neither loses what they alone changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.web.merging import merged, merged_list

WORDS = st.lists(st.sampled_from("abcdef"), unique=True)


@pytest.mark.parametrize(("base", "theirs", "mine", "result"), [(1, 2, 1, 2), (1, 1, 3, 3), (1, 2, 3, 3), (1, 1, 1, 1)])
def test_what_i_left_alone_is_as_they_made_it(base: int, theirs: int, mine: int, result: int) -> None:
    assert merged(base, theirs, mine) == result


@given(WORDS, WORDS, WORDS)
def test_of_a_list_both_keep_what_they_put_in_and_took_out(base: list[str], theirs: list[str], mine: list[str]) -> None:
    together = set(merged_list(base, theirs, mine))
    assert set(theirs) - set(base) <= together
    assert set(mine) - set(base) <= together
    assert not together & (set(base) - set(theirs))
    assert not together & (set(base) - set(mine) - set(theirs))
    assert merged_list(base, base, mine) == mine
