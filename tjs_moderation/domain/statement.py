"""A statement of reasons for a removal: what DSA Article 17(3) asks of platforms, given here as good practice.

The fields only; the sentences in each language are the pages' (`templates/evidence/_statement.html`). Of what was
written it holds no more than the words a reason names, and nothing of who decided: it is for the one who wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.vocabulary import ActKind, ActState, DecisionKind, ItemKind, Outcome
from tjs_moderation.domain.wording import Wording


class Restriction(StrEnum):
    """What was done to what was written (17(3)(a)); `NOT_YET` has been decided and has not happened on the channel."""

    HIDDEN = "hidden"
    DELETED = "deleted"
    NOT_YET = "not_yet"


class Means(StrEnum):
    """How it was found and decided (17(3)(c)): by people alone, proposed by a program, or by a program itself."""

    PEOPLE = "people"
    PROPOSED = "proposed"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Statement:
    """The fields of a statement. `since` is when the restriction began on the channel, None where it has not."""

    restriction: Restriction
    means: Means
    decided_at: datetime
    since: datetime | None
    written_at: datetime
    ground: Wording
    facts: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Removal:
    """What is known of a removal in force: the decision, what had been proposed, and the acts since."""

    kind: DecisionKind
    item_kind: ItemKind
    is_automatic: bool
    decided_at: datetime
    written_at: datetime
    ground: Wording
    proposed: Outcome | None
    reasons: Sequence[Reason]
    acts: Sequence[tuple[ActKind, ActState, datetime | None]]


def statement_of(removal: Removal) -> Statement | None:
    """The statement for a removal; None for a private message, of which nothing is restricted for its writer."""
    if removal.item_kind is ItemKind.MESSAGE:
        return None
    is_proposed = removal.proposed is Outcome.REMOVE
    means = Means.AUTOMATIC if removal.is_automatic else Means.PROPOSED if is_proposed else Means.PEOPLE
    restriction, since = _restriction(removal)
    return Statement(
        restriction=restriction,
        means=means,
        decided_at=removal.decided_at,
        since=since,
        written_at=removal.written_at,
        ground=removal.ground,
        facts=[reason for reason in removal.reasons if reason.sentence] if is_proposed else (),
    )


def _restriction(removal: Removal) -> tuple[Restriction, datetime | None]:
    done = {kind: at for kind, state, at in removal.acts if state is ActState.DONE}
    if ActKind.DELETE in done:
        return Restriction.DELETED, done.get(ActKind.HIDE) or done[ActKind.DELETE]
    if ActKind.HIDE in done:
        return Restriction.HIDDEN, done[ActKind.HIDE]
    return Restriction.NOT_YET, None
