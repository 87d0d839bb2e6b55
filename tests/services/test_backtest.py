"""A rule set is tried on what is stored: on the texts as they are now, beside what people decided, changing nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.fakes import WordJudge
from tests.support.house import House
from tests.support.queries import queries_of
from tjs_moderation.domain.backtest import Compared, Verdict
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import DecisionKind, Outcome
from tjs_moderation.errors import Fault, FaultsError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, StoredAssessment
from tjs_moderation.services import backtest, casework
from tjs_moderation.services.readings import select_texts, to_read

STRICT = "poista kurssi"
"""In these tests' own words: a rule set that removes what names the course, and keeps the rest."""


class TriedJudge(WordJudge):
    """Removes the last word of its rules, keeps everything else."""

    model_version = "tried"

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        word = self.rules.split()[-1]
        for reading, assessment in zip(readings, super().assess(readings), strict=True):
            outcome = Outcome.REMOVE if word in reading.text.lower() else Outcome.KEEP
            yield replace(assessment, outcome=outcome)


@dataclass
class Judges:
    """Makes the judge of each rule set, and counts the texts that each has judged."""

    read: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, rules: str) -> WordJudge:
        if "virhe" in rules.split():
            raise FaultsError((Fault(1, "Rivi on väärin."), Fault(3, "Niin tämäkin.")))
        judge = TriedJudge(rules) if rules.startswith("poista ") else WordJudge(rules)
        assess = judge.assess
        judge.assess = lambda readings: self._noted(rules, readings, assess(readings))  # type: ignore[method-assign]  # listens in
        return judge

    def _noted(self, rules: str, readings: Sequence[Reading], assessed: Iterator[Assessment]) -> Iterator[Assessment]:
        self.read += [(rules[:6], reading.text) for reading in readings]
        return assessed


@pytest.fixture
def judges(app: Flask) -> Judges:
    judges = Judges()
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=judges)
    return judges


def tried(days: int = 30, limit: int | None = None) -> list[Compared]:
    return list(backtest.backtest(STRICT, days, limit))


def changes(days: int = 30) -> list[tuple[str, str, str, Verdict | None]]:
    return [
        (one.external_id, str(one.live.outcome), str(one.tried.outcome), one.decided)
        for one in tried(days)
        if one.is_changed
    ]


def decide(house: House, external_id: str, kind: DecisionKind) -> int:
    item = house.item(external_id)
    reason = "insulting" if kind is DecisionKind.REMOVE else None
    return casework.decide(house.tiedottaja, item.id, item.version, kind, reason)


def test_what_would_change_is_told_with_what_people_decided(house: House, judges: Judges) -> None:
    house.receive("c1", "Olet idiootti.")
    house.receive("c2", "Kurssi oli hyvä.")
    house.receive("c3", "Kiitos!")
    decide(house, "c1", DecisionKind.REMOVE)
    decide(house, "c2", DecisionKind.KEEP)
    assert changes() == [
        ("c2", "keep", "remove", Verdict.KEPT),
        ("c1", "remove", "keep", Verdict.REMOVED),
    ]
    assert tried()[-1].live.sentence == "Loukkaa."


def test_a_decision_that_was_taken_back_or_was_of_another_text_is_no_yardstick(house: House, judges: Judges) -> None:
    house.receive("c1", "Olet idiootti.")
    decision = decide(house, "c1", DecisionKind.REMOVE)
    casework.take_back(house.tiedottaja, decision, house.item("c1").version)
    house.receive("c2", "Kurssi oli hyvä.")
    decide(house, "c2", DecisionKind.KEEP)
    house.receive("c2", "Kurssi oli todella hyvä.")
    assert {(one.external_id, one.decided) for one in tried()} == {("c1", None), ("c2", None)}


def test_the_current_text_is_what_is_tried(house: House, judges: Judges) -> None:
    house.receive("c1", "Kurssi oli hyvä.")
    house.receive("c1", "Luento oli hyvä.")
    assert changes() == []
    assert tried()[0].text == "Luento oli hyvä."


def test_only_what_came_in_lately_is_read_and_never_our_own(house: House, judges: Judges) -> None:
    house.receive("old", "Kurssi oli hyvä.")
    house.clock.advance(days=10)
    house.receive("new", "Kurssi oli hyvä.")
    house.bring("ours", "Kurssi alkaa!", is_own=True)
    assert [one.external_id for one in tried(days=5)] == ["new"]
    assert backtest.how_many(5) == 1
    assert [one.external_id for one in tried(days=11)] == ["new", "old"]


def test_what_the_rules_in_force_said_of_this_very_text_is_not_judged_again(house: House, judges: Judges) -> None:
    house.receive("c1", "Kurssi oli hyvä.")
    judges.read.clear()
    tried()
    assert judges.read == [(STRICT[:6], "Kurssi oli hyvä.")]


@pytest.mark.parametrize("stale", [{"model_version": "older"}, {"rule_set_id": None}, {"failure": "dictionary"}])
def test_what_another_judge_said_of_it_is_judged_anew(house: House, judges: Judges, stale: dict[str, object]) -> None:
    house.receive("c1", "Olet idiootti.")
    with Session(db.engine) as session:
        row = session.scalars(select(StoredAssessment)).one()
        for name, value in {**stale, "outcome": Outcome.WEIGH}.items():
            setattr(row, name, value)
        session.commit()
    assert changes() == [("c1", "remove", "keep", None)]


def test_an_item_nobody_has_read_yet_is_judged_by_both(house: House, judges: Judges) -> None:
    house.bring("c1", "Olet idiootti.")
    assert changes() == [("c1", "remove", "keep", None)]


def test_a_faulty_rule_set_is_refused_with_all_its_faults_before_anything_is_read(house: House, judges: Judges) -> None:
    house.receive("c1", "Kurssi oli hyvä.")
    with pytest.raises(FaultsError) as caught:
        backtest.backtest("virhe")
    assert [fault.line for fault in caught.value.faults] == [1, 3]


def test_nothing_is_written_and_nothing_is_logged(house: House, judges: Judges, session: Session) -> None:
    house.receive("c1", "Kurssi oli hyvä.")
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    with queries_of(house.app) as asked:
        tried()
    assert {statement.split()[0] for statement in asked} == {"SELECT"}
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_any_number_is_read_in_batches_of_a_fixed_number_of_queries(
    house: House, judges: Judges, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        house.bring(f"c{number}", f"Kurssi {number} oli hyvä.", author_external_id=f"p{number}")
    house.receive("last", "Kiitos.")
    monkeypatch.setattr(backtest, "BATCH", 3)
    with queries_of(house.app) as asked:
        found = tried()
    assert [one.external_id for one in found] == ["last", *(f"c{number}" for number in range(6, -1, -1))]
    assert len(asked) <= 1 + 4 * 3


def test_a_cap_reads_the_newest_and_a_page_lists_the_first_of_what_changes(house: House, judges: Judges) -> None:
    for number in range(5):
        house.receive(f"c{number}", "Kurssi oli hyvä.")
    assert [one.external_id for one in tried(limit=2)] == ["c4", "c3"]
    report = backtest.summed_up(backtest.backtest(STRICT), most_changed=2)
    assert (report.tally.read, report.tally.changed) == (5, 5)
    assert [one.external_id for one in report.changed] == ["c4", "c3"]


def test_the_judge_is_told_what_is_known_around_a_text(house: House, session: Session) -> None:
    house.receive("c1", "Ensimmäinen.", author_external_id="maija")
    house.clock.advance(hours=2)
    house.receive("c2", "Olet idiootti.", author_external_id="maija")
    decide(house, "c2", DecisionKind.REMOVE)
    house.clock.advance(minutes=59)
    house.receive("c3", "Kolmas.", author_external_id="maija", parent_external_id="c1")
    house.receive("c4", "Toisen.", author_external_id="kalle")
    rows = session.execute(select_texts().order_by("external_id")).all()
    readings = {entry.item.external_id: entry.reading for entry in to_read(session, rows)}
    third = readings["c3"]
    assert (third.author, third.parent_text, "Tiina" in third.staff) == ("Kirjoittaja", "Ensimmäinen.", True)
    told = {name: each.context for name, each in readings.items()}
    assert (told["c3"].author_items, told["c3"].author_removed, told["c3"].author_in_hour) == (2, 1, 2)
    assert (told["c1"].author_items, told["c1"].author_removed, told["c1"].author_in_hour) == (0, 0, 1)
    assert told["c4"].author_items == 0
    written = told["c1"].written_at
    assert written is not None
    assert (written.hour, str(written.tzinfo)) == (8, "Europe/Helsinki")
