from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.keys import DEFAULTS, Command, chosen_keys, keymap
from tjs_moderation.errors import InvalidInputError


def test_the_usual_keys_hold_where_nothing_was_chosen() -> None:
    assert keymap({}) == dict(DEFAULTS)
    assert len(set(DEFAULTS.values())) == len(DEFAULTS)


def test_only_what_differs_from_the_usual_is_kept() -> None:
    kept = chosen_keys({**DEFAULTS, Command.KEEP: " Ö ", Command.NEXT: ""})
    assert kept == {"keep": "ö"}
    assert keymap(kept)[Command.KEEP] == "ö"
    assert keymap(kept)[Command.NEXT] == "j"


def test_two_commands_may_change_keys_with_each_other() -> None:
    kept = chosen_keys({**DEFAULTS, Command.NEXT: "k", Command.PREVIOUS: "j"})
    assert keymap(kept)[Command.NEXT] == "k"


@pytest.mark.parametrize(("key", "refusal"), [("kk", "key_unusable"), ("\t", None), ("\u200b", "key_unusable")])
def test_a_key_is_one_visible_character(key: str, refusal: str | None) -> None:
    if refusal is None:
        assert chosen_keys({Command.KEEP: key}) == {}
        return
    with pytest.raises(InvalidInputError, match=refusal):
        chosen_keys({Command.KEEP: key})


def test_no_key_does_two_things_and_both_are_named() -> None:
    with pytest.raises(InvalidInputError, match="key_twice") as refused:
        chosen_keys({Command.KEEP: "P"})
    assert refused.value.facts == {"key": "p", "first": Command.KEEP, "second": Command.REMOVE}


@given(st.dictionaries(st.sampled_from([*Command, "a command that is no more"]), st.characters()))
def test_whatever_is_kept_no_key_ever_does_two_things(kept: dict[str, str]) -> None:
    keys = keymap(kept)
    assert keys.keys() == DEFAULTS.keys()
    assert len(set(keys.values())) == len(keys)
