"""The answer's state machine: nothing reaches the public except through an approval of exactly that text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tjs_moderation.domain.answer import (
    LIMITS,
    MOVES,
    OVER,
    Binding,
    Move,
    checked_text,
    is_own_work,
    may_go_out,
    next_state,
)
from tjs_moderation.domain.vocabulary import AnswerState, ItemKind
from tjs_moderation.errors import InvalidInputError, TransitionError


class AnswerLife(RuleBasedStateMachine):
    """Any moves in any order; those the table does not know are refused and change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.state = AnswerState.DRAFT
        self.is_approved = False

    @rule(move=st.sampled_from(Move))
    def try_to(self, move: Move) -> None:
        if (self.state, move) not in MOVES:
            with pytest.raises(TransitionError):
                next_state(self.state, move)
            return
        self.state = next_state(self.state, move)
        if move is Move.APPROVE:
            self.is_approved = True
        elif move is not Move.PUBLISH:
            self.is_approved = False

    @invariant()
    def only_what_is_approved_is_public(self) -> None:
        if self.state in {AnswerState.APPROVED, AnswerState.PUBLISHED}:
            assert self.is_approved


AnswerLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, derandomize=True, deadline=None)
TestAnswerLife = AnswerLife.TestCase


def test_only_publishing_an_approved_answer_makes_it_public() -> None:
    into = {(state, move) for (state, move), end in MOVES.items() if end is AnswerState.PUBLISHED}
    assert into == {(AnswerState.APPROVED, Move.PUBLISH)}
    assert {move for (_, move), end in MOVES.items() if end is AnswerState.APPROVED} == {Move.APPROVE}


def test_nothing_leads_out_of_what_is_over() -> None:
    for state, move in product(OVER, Move):
        with pytest.raises(TransitionError):
            next_state(state, move)


def test_what_is_not_over_can_still_end() -> None:
    for start in set(AnswerState) - OVER:
        reached = {start}
        while more := {end for (state, _), end in MOVES.items() if state in reached} - reached:
            reached |= more
        assert reached & OVER


def test_every_state_can_be_reached_from_a_draft() -> None:
    assert set(MOVES.values()) == set(AnswerState)


BINDINGS = st.builds(Binding, st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))


@given(BINDINGS, BINDINGS)
def test_an_approval_holds_for_the_very_same_revision_message_and_text_only(approved: Binding, now: Binding) -> None:
    is_same = (approved.revision, approved.newest_item_id, approved.newest_text_version) == (
        now.revision,
        now.newest_item_id,
        now.newest_text_version,
    )
    assert may_go_out(approved, now) is is_same


def test_who_had_a_hand_in_a_revision_is_one_of_its_writers() -> None:
    assert is_own_work(1, frozenset({1, 2}))
    assert not is_own_work(3, frozenset({1, 2}))


@given(st.text(max_size=40), st.sampled_from(ItemKind))
def test_a_text_is_trimmed_and_nothing_else(text: str, kind: ItemKind) -> None:
    if text.strip():
        assert checked_text(text, kind) == text.strip().replace("\x00", "\ufffd")
    else:
        with pytest.raises(InvalidInputError, match="answer_empty"):
            checked_text(text, kind)


@pytest.mark.parametrize("kind", ItemKind)
def test_a_channel_takes_its_limit_and_not_one_more(kind: ItemKind) -> None:
    limit = LIMITS[kind]
    assert len(checked_text(" " + "ä" * limit + "\n", kind)) == limit
    with pytest.raises(InvalidInputError, match="answer_too_long") as caught:
        checked_text("ä" * (limit + 1), kind)
    assert caught.value.facts == {"limit": limit, "length": limit + 1}
