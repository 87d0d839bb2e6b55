from __future__ import annotations

import pytest

from tjs_moderation.domain.fate import Fate, fate_of
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind

DONE = CaseState.DONE


@pytest.mark.parametrize(
    ("state", "decision", "is_answered", "fate"),
    [
        (DONE, DecisionKind.KEEP, False, Fate.KEPT),
        (DONE, DecisionKind.REMOVE, False, Fate.REMOVED),
        (DONE, DecisionKind.DELETE, False, Fate.DELETED),
        (DONE, DecisionKind.NO_ANSWER, False, Fate.CLOSED),
        (DONE, None, True, Fate.ANSWERED),
        (DONE, DecisionKind.KEEP, True, Fate.ANSWERED),
        (DONE, DecisionKind.REMOVE, True, Fate.REMOVED),
        (DONE, None, False, None),
        (CaseState.GOING_OUT, DecisionKind.REMOVE, False, None),
    ],
)
def test_what_became_of_a_message_is_said_once_it_is_done_with(
    state: CaseState, decision: DecisionKind | None, is_answered: bool, fate: Fate | None
) -> None:
    assert fate_of(state, decision, is_answered) is fate
