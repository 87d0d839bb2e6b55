"""Mentions, routing, waiting and characters: small rules that are easily got wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.mentions import handles_in
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.retrying import MAX_ATTEMPTS, backoff_seconds
from tjs_moderation.domain.routing import Desk, Expert, Proposal, Why, propose


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


INKA, SIKKE, TIINA = Expert(1, "Inka", 3), Expert(2, "Sikke", 1), Expert(3, "Tiina", 1)
EWC = Desk(10, "ewc", (INKA, SIKKE, TIINA))
HISTORY = Desk(11, "historia", (INKA,))
OPEN = Desk(12, "yhdistys", (), is_open_to_all=True)
EMPTY = Desk(13, "tyhjä", ())
DESKS = [HISTORY, EWC, OPEN, EMPTY]


@pytest.mark.parametrize(
    ("topics", "proposal"),
    [
        ([], Proposal(Why.NO_TOPIC)),
        ([("tuntematon", 0.9)], Proposal(Why.NO_TOPIC)),
        ([("ewc", 0.6)], Proposal(Why.LEAST_LOADED, 10, SIKKE, 0.6)),
        ([("historia", 0.6)], Proposal(Why.ONLY_EXPERT, 11, INKA, 0.6)),
        ([("yhdistys", 0.6)], Proposal(Why.OPEN_TO_ALL, 12, None, 0.6)),
        ([("tyhjä", 0.6)], Proposal(Why.NO_EXPERT, 13, None, 0.6)),
        ([("ewc", 0.2), ("historia", 0.7)], Proposal(Why.ONLY_EXPERT, 11, INKA, 0.7)),
        ([("tuntematon", 0.9), ("ewc", 0.2)], Proposal(Why.LEAST_LOADED, 10, SIKKE, 0.2)),
    ],
)
def test_a_question_goes_to_the_least_busy_expert_of_its_likeliest_topic(
    topics: list[tuple[str, float]], proposal: Proposal
) -> None:
    assert propose([TopicScore(slug, score) for slug, score in topics], DESKS) == proposal


EXPERTS = st.lists(
    st.builds(Expert, st.integers(1, 9), st.just("x"), st.integers(0, 3)), max_size=5, unique_by=lambda one: one.id
)


@given(EXPERTS)
def test_nobody_is_chosen_while_a_colleague_has_less_to_do(experts: list[Expert]) -> None:
    chosen = propose([TopicScore("ewc", 1.0)], [Desk(1, "ewc", tuple(experts))]).expert
    if not experts:
        assert chosen is None
    else:
        assert chosen is not None
        assert all((chosen.load, chosen.id) <= (expert.load, expert.id) for expert in experts)


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
