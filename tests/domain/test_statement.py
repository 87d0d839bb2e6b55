"""What a statement of reasons says of a removal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.statement import Means, Removal, Restriction, statement_of
from tjs_moderation.domain.vocabulary import ActKind, ActState, DecisionKind, ItemKind, Outcome
from tjs_moderation.domain.wording import Wording

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
REMOVAL = Removal(
    kind=DecisionKind.REMOVE,
    item_kind=ItemKind.COMMENT,
    is_automatic=False,
    decided_at=NOW,
    written_at=NOW - timedelta(days=1),
    ground=Wording("Loukkaa", "Kränker", "Insults"),
    proposed=Outcome.REMOVE,
    reasons=(Reason("insult", 0, 4, "sana", "Solvaa puhuteltua."), Reason("x", 0, 0, "", "")),
    acts=((ActKind.HIDE, ActState.DONE, LATER),),
)


def test_what_was_hidden_is_restricted_from_the_moment_it_was() -> None:
    told = statement_of(REMOVAL)
    assert told is not None
    assert (told.restriction, told.since, told.means) == (Restriction.HIDDEN, LATER, Means.PROPOSED)
    assert [fact.sentence for fact in told.facts] == ["Solvaa puhuteltua."]


@pytest.mark.parametrize(
    ("acts", "restriction", "since"),
    [
        ((), Restriction.NOT_YET, None),
        (((ActKind.HIDE, ActState.PLANNED, None),), Restriction.NOT_YET, None),
        (((ActKind.HIDE, ActState.FAILED, LATER),), Restriction.NOT_YET, None),
        (((ActKind.HIDE, ActState.DONE, NOW), (ActKind.DELETE, ActState.DONE, LATER)), Restriction.DELETED, NOW),
        (((ActKind.DELETE, ActState.DONE, LATER),), Restriction.DELETED, LATER),
    ],
)
def test_a_statement_says_only_what_has_happened(
    acts: tuple[tuple[ActKind, ActState, datetime | None], ...], restriction: Restriction, since: datetime | None
) -> None:
    told = statement_of(replace(REMOVAL, acts=acts))
    assert told is not None
    assert (told.restriction, told.since) == (restriction, since)


@pytest.mark.parametrize(
    ("is_automatic", "proposed", "means"),
    [
        (True, Outcome.REMOVE, Means.AUTOMATIC),
        (False, Outcome.KEEP, Means.PEOPLE),
        (False, None, Means.PEOPLE),
        (False, Outcome.WEIGH, Means.PEOPLE),
    ],
)
def test_a_statement_says_what_a_program_had_to_do_with_it(
    is_automatic: bool, proposed: Outcome | None, means: Means
) -> None:
    told = statement_of(replace(REMOVAL, is_automatic=is_automatic, proposed=proposed))
    assert told is not None
    assert told.means is means
    assert bool(told.facts) is (proposed is Outcome.REMOVE)


def test_a_private_message_is_restricted_for_nobody() -> None:
    assert statement_of(replace(REMOVAL, item_kind=ItemKind.MESSAGE)) is None
