"""Shadow rules are heard and change nothing; what they would have done is counted beside what people decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from tests.support.fakes import WordJudge
from tests.support.house import House
from tests.support.queries import queries_of
from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.ports import Assessment, Reading, Reason
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind, Outcome
from tjs_moderation.services import casework, shadows


class ShadowedJudge(WordJudge):
    """The word judge with two shadow rules: *varjo* hears "varjo" and would remove, *hiljainen* would keep."""

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        for reading, assessment in zip(readings, super().assess(readings), strict=True):
            said = tuple(
                Reason("insult", 0, len(rule), rule, f"Varjosääntö {rule}.", rule)
                for rule in ("varjo", "hiljainen")
                if rule in reading.text
            )
            outcome = Outcome.REMOVE if "varjo" in reading.text else assessment.outcome
            yield replace(assessment, shadows=said * 2, shadow_outcome=outcome)


@pytest.fixture
def shadowed_house(house: House) -> House:
    house.app.extensions["tjs_ports"] = replace(house.app.extensions["tjs_ports"], judge=ShadowedJudge)
    return house


def decide(house: House, external_id: str, kind: DecisionKind) -> int:
    item = house.item(external_id)
    reason = "insulting" if kind is DecisionKind.REMOVE else None
    return casework.decide(house.tiedottaja, item.id, item.version, kind, reason)


def test_a_shadow_rule_changes_nothing(shadowed_house: House) -> None:
    item = shadowed_house.receive("c1", "varjo")
    assert (item.outcome, item.state) == (Outcome.KEEP, CaseState.READ)


def test_each_is_counted_once_a_text_beside_what_people_decided(shadowed_house: House) -> None:
    for number, text in enumerate(["varjo", "varjo idiootti", "varjo hiljainen", "hiljainen", "kiitos"]):
        shadowed_house.receive(f"c{number}", text)
    decide(shadowed_house, "c0", DecisionKind.KEEP)
    decide(shadowed_house, "c1", DecisionKind.REMOVE)
    shade, quiet = shadows.shadows()
    assert (shade.rule, shade.heard, shade.changes) == ("varjo", 3, 2)
    assert shade.would == {Outcome.REMOVE: 3}
    assert shade.decided == {Verdict.KEPT: 1, Verdict.REMOVED: 1}
    assert shade.examples == [shadowed_house.item(f"c{number}").id for number in (2, 1, 0)]
    assert (quiet.rule, quiet.heard, quiet.changes, quiet.decided) == ("hiljainen", 2, 1, {})


def test_only_lately_heard_rules_are_told_of(shadowed_house: House) -> None:
    shadowed_house.receive("c1", "varjo")
    shadowed_house.clock.advance(days=8)
    shadowed_house.receive("c2", "hiljainen")
    assert [shadow.rule for shadow in shadows.shadows(days=7)] == ["hiljainen"]
    assert len(shadows.shadows(days=9)) == 2


def test_examples_are_few_and_a_page_asks_once(shadowed_house: House) -> None:
    for number in range(25):
        shadowed_house.bring(f"c{number}", "varjo")
    shadowed_house.receive("last", "varjo")
    with queries_of(shadowed_house.app) as asked:
        [shade] = shadows.shadows(limit=24)
    assert (shade.heard, len(shade.examples), len(asked)) == (24, shadows.EXAMPLES, 1)


def test_batches_are_joined_without_a_gap(shadowed_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadows, "_BATCH", 2)
    for number in range(5):
        shadowed_house.bring(f"c{number}", "varjo")
    shadowed_house.receive("last", "varjo")
    assert shadows.shadows()[0].heard == 6
    assert shadows.shadows(limit=3)[0].heard == 3
