"""Mentions, waiting and characters: small rules that are easily got wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.mentions import handles_in
from tjs_moderation.domain.retrying import MAX_ATTEMPTS, backoff_seconds


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@inka, katsotko?", {"inka"}),
        ("Kysy @Päiviltä tai @ÅKE.", {"päiviltä", "åke"}),
        ("@pa\u0308ivi", {"päivi"}),
        ("(@inka) @sikke2! @a.b-c_d", {"inka", "sikke2", "a.b-c_d"}),
        ("Lause päättyy @inka.", {"inka"}),
        ("@inka @INKA @Inka", {"inka"}),
        ("osoite inka@tjs.example ei ole kukaan", set()),
        ("https://example.org/@inka", set()),
        ("@@inka", set()),
        ("@", set()),
        ("@ inka", set()),
        ("", set()),
    ],
)
def test_who_is_named_in_a_note(text: str, handles: set[str]) -> None:
    assert handles_in(text) == handles


@given(st.text(max_size=60))
def test_any_note_can_be_read_for_names(text: str) -> None:
    assert all(handle == handle.lower() and "@" not in handle for handle in handles_in(text))


ATTEMPTS = st.integers(1, 10 * MAX_ATTEMPTS)
JITTER = st.floats(0, 1)


@given(ATTEMPTS, JITTER)
def test_the_wait_is_neither_too_short_nor_endless(attempts: int, jitter: float) -> None:
    assert 24 <= backoff_seconds(attempts, jitter) <= 3600


@given(ATTEMPTS, JITTER)
def test_the_wait_never_gets_shorter_with_more_tries(attempts: int, jitter: float) -> None:
    assert backoff_seconds(attempts + 1, jitter) >= backoff_seconds(attempts, jitter)


@given(ATTEMPTS, JITTER, st.floats(0, 1e6))
def test_the_wait_is_at_least_what_the_other_side_asked_for(attempts: int, jitter: float, told: float) -> None:
    assert backoff_seconds(attempts, jitter, told) >= told


@given(st.text(st.characters() | st.sampled_from("\x00\ud83d\ude42\udc00"), max_size=20))
def test_what_can_be_stored_is_stored_as_it_is(text: str) -> None:
    kept = storable(text)
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    assert storable(kept) == kept
    if "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert kept == text


def test_a_pair_of_surrogates_is_the_character_it_stands_for() -> None:
    assert storable("\ud83d\ude42") == "🙂"
