"""What became of a message that is done with, in one word: for whoever looks back at what a person has written."""

from __future__ import annotations

from enum import StrEnum

from tjs_moderation.domain.vocabulary import CaseState, DecisionKind


class Fate(StrEnum):
    """How it ended."""

    KEPT = "kept"
    REMOVED = "removed"
    DELETED = "deleted"
    ANSWERED = "answered"
    CLOSED = "closed"


_OF_DECISION = {
    DecisionKind.KEEP: Fate.KEPT,
    DecisionKind.REMOVE: Fate.REMOVED,
    DecisionKind.DELETE: Fate.DELETED,
    DecisionKind.NO_ANSWER: Fate.CLOSED,
}


def fate_of(state: CaseState, decision: DecisionKind | None, is_answered: bool) -> Fate | None:
    """What became of an item: None where it is not done with, or nothing was decided.

    `decision` is the newest that stands. A removal outweighs an answer, and an answer whatever else was decided.
    """
    if state is not CaseState.DONE:
        return None
    fate = _OF_DECISION.get(decision) if decision else None
    return Fate.ANSWERED if is_answered and fate not in {Fate.REMOVED, Fate.DELETED} else fate
