"""Two rule sets on the same texts: what counts as a change, and how either stands to what people decided."""

from __future__ import annotations

from itertools import product

import pytest

from tjs_moderation.domain.backtest import Agreement, Compared, Sight, Tally, Verdict, sight_of
from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.vocabulary import Category, Outcome

KEEP, WEIGH, REMOVE = Outcome.KEEP, Outcome.WEIGH, Outcome.REMOVE
KEPT, REMOVED = Verdict.KEPT, Verdict.REMOVED


def compared(
    live: Outcome,
    tried: Outcome,
    decided: Verdict | None = None,
    categories: tuple[Category, Category] = (Category.INSULT, Category.INSULT),
) -> Compared:
    return Compared(1, "c1", "teksti", Sight(live, categories[0]), Sight(tried, categories[1]), decided)


def tally(*all_compared: Compared) -> Tally:
    counted = Tally()
    for one in all_compared:
        counted.add(one)
    return counted


@pytest.mark.parametrize(("live", "tried"), list(product(Outcome, Outcome)))
def test_another_outcome_is_a_change_and_the_same_is_none(live: Outcome, tried: Outcome) -> None:
    one = compared(live, tried)
    assert one.is_changed is (live is not tried)
    assert tally(one).outcomes == {(live, tried): 1}


def test_the_same_outcome_of_another_kind_is_a_change() -> None:
    assert compared(KEEP, KEEP, categories=(Category.NEUTRAL, Category.CRITICISM)).is_changed


def test_another_reason_for_the_same_is_no_change() -> None:
    live, tried = Sight(REMOVE, Category.INSULT, "vanha", "Loukkaa."), Sight(REMOVE, Category.INSULT, "uusi", "Solvaa.")
    assert not Compared(1, "c1", "teksti", live, tried).is_changed


@pytest.mark.parametrize(
    ("proposed", "decided", "count"),
    [
        (KEEP, KEPT, "agreed"),
        (REMOVE, REMOVED, "agreed"),
        (REMOVE, KEPT, "removed_in_vain"),
        (KEEP, REMOVED, "missed"),
        (WEIGH, KEPT, "left_open"),
        (WEIGH, REMOVED, "left_open"),
    ],
)
def test_each_proposal_counts_once_against_what_people_decided(proposed: Outcome, decided: Verdict, count: str) -> None:
    agreement = tally(compared(proposed, KEEP, decided)).live
    assert {name: getattr(agreement, name) for name in ("agreed", "removed_in_vain", "missed", "left_open")} == {
        name: int(name == count) for name in ("agreed", "removed_in_vain", "missed", "left_open")
    }
    assert agreement.decided == 1


def test_what_nobody_decided_measures_nothing() -> None:
    counted = tally(compared(REMOVE, KEEP))
    assert (counted.read, counted.changed) == (1, 1)
    assert counted.live.decided == counted.tried.decided == 0
    assert Agreement() == counted.live


def test_both_rule_sets_are_measured_by_the_same_decisions() -> None:
    counted = tally(compared(REMOVE, KEEP, KEPT), compared(REMOVE, REMOVE, REMOVED), compared(KEEP, REMOVE, REMOVED))
    assert (counted.live.agreed, counted.live.removed_in_vain, counted.live.missed) == (1, 1, 1)
    assert (counted.tried.agreed, counted.tried.removed_in_vain, counted.tried.missed) == (3, 0, 0)


def test_the_first_reason_is_the_one_that_is_told() -> None:
    reasons = (Reason("insult", 0, 4, "moka", "Loukkaa.", "sana"), Reason("spam", 0, 4, "moka", "Mainostaa."))
    assert sight_of(REMOVE, Category.INSULT, reasons) == Sight(REMOVE, Category.INSULT, "sana", "Loukkaa.")
    assert sight_of(KEEP, Category.NEUTRAL, ()) == Sight(KEEP, Category.NEUTRAL)
