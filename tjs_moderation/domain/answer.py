"""The answer's state machine: one table. The database enforces its outcome again with CHECK constraints."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import AnswerState, ItemKind
from tjs_moderation.errors import InvalidInputError, TransitionError


class Move(StrEnum):
    """What can be done to an answer."""

    REVISE = "revise"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REOPEN = "reopen"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


MOVES: dict[tuple[AnswerState, Move], AnswerState] = {
    (AnswerState.DRAFT, Move.REVISE): AnswerState.DRAFT,
    (AnswerState.DRAFT, Move.SUBMIT): AnswerState.SUBMITTED,
    (AnswerState.RETURNED, Move.REVISE): AnswerState.RETURNED,
    (AnswerState.RETURNED, Move.SUBMIT): AnswerState.SUBMITTED,
    (AnswerState.SUBMITTED, Move.REVISE): AnswerState.SUBMITTED,
    (AnswerState.SUBMITTED, Move.SEND_BACK): AnswerState.RETURNED,
    (AnswerState.SUBMITTED, Move.APPROVE): AnswerState.APPROVED,
    # An edit, a newer message from the person, or a stop within the hold-back: approval is asked for again.
    (AnswerState.APPROVED, Move.REOPEN): AnswerState.SUBMITTED,
    (AnswerState.APPROVED, Move.PUBLISH): AnswerState.PUBLISHED,
    (AnswerState.DRAFT, Move.WITHDRAW): AnswerState.WITHDRAWN,
    (AnswerState.RETURNED, Move.WITHDRAW): AnswerState.WITHDRAWN,
    (AnswerState.SUBMITTED, Move.WITHDRAW): AnswerState.WITHDRAWN,
}

OVER = frozenset({AnswerState.PUBLISHED, AnswerState.WITHDRAWN})
"""States nothing leads out of; an item may get a new answer after them."""

LIMITS = {ItemKind.COMMENT: 8000, ItemKind.MESSAGE: 2000}
"""The longest answer a channel takes, in characters: Facebook comments 8,000, Messenger 2,000 (Meta, Send API)."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What an approval is bound to: one revision, and the newest message of the thread, as it read then."""

    revision: int
    newest_item_id: int
    newest_text_version: int


def next_state(state: AnswerState, move: Move) -> AnswerState:
    """The state after `move`. Raises TransitionError where the table has no such move."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise TransitionError(f"{move} is not possible from {state}", state=state, move=move) from None


def may_go_out(approved: Binding, now: Binding) -> bool:
    """Whether an approval still holds: nothing was edited, and the person has not written again since."""
    return approved == now


def is_own_work(approver_id: int, writer_ids: frozenset[int]) -> bool:
    """Four eyes: whether the approver had a hand in the revision that is being approved."""
    return approver_id in writer_ids


def checked_text(text: str, kind: ItemKind) -> str:
    """The text of a revision, trimmed. Raises InvalidInputError where it is empty or longer than its channel takes."""
    trimmed = storable(text.strip())
    if not trimmed:
        raise InvalidInputError("answer_empty")
    if len(trimmed) > LIMITS[kind]:
        raise InvalidInputError("answer_too_long", limit=LIMITS[kind], length=len(trimmed))
    return trimmed
