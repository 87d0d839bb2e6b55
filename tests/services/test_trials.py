"""A draft of the rules is tried in the background: capped, told as it goes on, kept without anybody's words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.fakes import WordJudge
from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import Category, DecisionKind, Outcome
from tjs_moderation.errors import Fault, FaultsError, NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, RuleTrial
from tjs_moderation.services import backtest, casework, trials
from tjs_moderation.services.transaction import look_anew

DRAFT = 'sanat s:\n  kurssi\n\nsääntö kurssista\n  kun lista: s\n  niin poista: loukkaus\n  koska "Kurssi."\n'


class CourseJudge(WordJudge):
    """Removes what names the course, keeps the rest."""

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        for reading, assessment in zip(readings, super().assess(readings), strict=True):
            is_removed = "kurssi" in reading.text.lower()
            outcome, category = (Outcome.REMOVE, Category.INSULT) if is_removed else (Outcome.KEEP, Category.NEUTRAL)
            yield replace(assessment, outcome=outcome, category=category, reasons=())


class BreakingJudge(WordJudge):
    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        raise MemoryError


@pytest.fixture(autouse=True)
def judges(app: Flask) -> None:
    def judge(rules: str) -> WordJudge:
        return CourseJudge(rules) if rules == DRAFT else WordJudge(rules)

    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=judge)


def found(trial_id: int) -> RuleTrial:
    look_anew()
    return trials.trial(trial_id)[0]


def test_a_trial_tells_what_would_change_and_what_people_decided(house: House) -> None:
    house.receive("c1", "Olet idiootti.")
    house.receive("c2", "Kurssi oli hyvä.")
    house.receive("c3", "Kiitos!")
    item = house.item("c2")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP, None)
    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    assert trials.report_of(found(trial_id)) is None
    jobs.run("trials")
    report = trials.report_of(found(trial_id))
    assert report is not None
    assert report.counts == {Outcome.KEEP: (2, 2), Outcome.WEIGH: (0, 0), Outcome.REMOVE: (1, 1)}
    changed = {one.text: (one.before[0], one.after[0], one.decided) for one in report.changed}
    assert changed["Kurssi oli hyvä."] == (Outcome.KEEP, Outcome.REMOVE, Verdict.KEPT)
    assert changed["Olet idiootti."] == (Outcome.REMOVE, Outcome.KEEP, None)
    assert report.agreement["removed_in_vain"] == (0, 1)


def test_what_is_kept_of_a_trial_holds_nothing_that_anybody_wrote(house: House, session: Session) -> None:
    house.receive("c1", "Kurssi oli kamala, Pekka!")
    trials.start_trial(house.tiedottaja, DRAFT, 1)
    trials.run_waiting()
    kept = json.dumps(session.scalars(select(RuleTrial)).one().report, ensure_ascii=False)
    assert "insult" in kept
    assert "Pekka" not in kept
    assert "Kurssi" not in kept


def test_a_trial_leaves_no_entry_and_changes_no_item(house: House, session: Session) -> None:
    before = house.receive("c1", "Kurssi oli hyvä.")
    entries = session.scalar(select(func.count()).select_from(AuditEntry))
    trials.start_trial(house.tiedottaja, DRAFT, 1)
    trials.run_waiting()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries
    assert house.item("c1").version == before.version


def test_progress_is_told_after_every_batch(
    app: Flask, house: House, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ListeningJudge(CourseJudge):
        def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
            session.rollback()
            told.append(session.scalars(select(RuleTrial)).one().read_count)
            return super().assess(readings)

    told: list[int] = []
    wired = app.extensions["tjs_ports"]
    app.extensions["tjs_ports"] = replace(
        wired, judge=lambda rules: ListeningJudge(rules) if rules == DRAFT else WordJudge(rules)
    )
    monkeypatch.setattr(trials, "BATCH", 2)
    monkeypatch.setattr(backtest, "BATCH", 2)
    for number in range(5):
        house.receive(f"c{number}", "Kiitos!")
    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    assert found(trial_id).to_read == 5
    trials.run_waiting()
    assert told == [0, 2, 4]
    assert found(trial_id).read_count == 5


def test_a_trial_reads_no_more_than_its_cap_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "MOST_READ", 2)
    for number in range(3):
        house.receive(f"c{number}", "Kurssi.")
    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    trials.run_waiting()
    trial = found(trial_id)
    assert (trial.is_cut, trial.to_read, trial.read_count) == (True, 2, 2)


def test_only_so_many_changed_items_are_kept_but_all_are_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "SHOWN", 1)
    for number in range(3):
        house.receive(f"c{number}", "Kurssi.")
    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    trials.run_waiting()
    report = trials.report_of(found(trial_id))
    assert report is not None
    assert (report.changed_count, len(report.changed)) == (3, 1)


def test_no_more_trials_than_a_few_are_under_way(house: House) -> None:
    for _ in range(trials.MOST_WAITING):
        trials.start_trial(house.tiedottaja, DRAFT, 1)
    with pytest.raises(TransitionError, match="trials_under_way"):
        trials.start_trial(house.tiedottaja, DRAFT, 1)
    trials.run_waiting()
    trials.start_trial(house.tiedottaja, DRAFT, 1)


def test_a_draft_with_faults_is_not_begun(house: House) -> None:
    with pytest.raises(FaultsError):
        trials.start_trial(house.tiedottaja, "sääntö rikki", 1)


@pytest.mark.parametrize("who", ["expert", "operator"])
def test_only_who_may_edit_rules_tries_them(house: House, who: str) -> None:
    with pytest.raises(NotAllowedError):
        trials.start_trial(getattr(house, who), DRAFT, 1)


def test_a_trial_whose_worker_dies_is_taken_up_again_and_given_up_in_the_end(app: Flask, house: House) -> None:
    house.receive("c1", "Kurssi.")
    wired = app.extensions["tjs_ports"]
    app.extensions["tjs_ports"] = replace(
        wired, judge=lambda rules: BreakingJudge(rules) if rules == DRAFT else WordJudge(rules)
    )
    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    for _ in range(trials.MOST_TRIES):
        with pytest.raises(MemoryError):
            trials.run_waiting()
        assert trials.run_waiting() == 0
        house.clock.advance(minutes=6)
    trials.run_waiting()
    assert found(trial_id).failure == "given_up"
    assert trials.run_waiting() == 0


def test_a_draft_that_cannot_be_read_any_more_ends_with_a_word_why(app: Flask, house: House) -> None:
    def judge(rules: str) -> WordJudge:
        if rules == DRAFT:
            raise FaultsError((Fault(1, "Rivi on väärin."),))
        return WordJudge(rules)

    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=judge)
    trials.run_waiting()
    assert found(trial_id).failure == "faults"


def test_trials_are_let_go_of_after_some_days(house: House) -> None:
    trial_id = trials.start_trial(house.tiedottaja, DRAFT, 1)
    house.clock.advance(days=trials.KEPT_DAYS - 1)
    assert trials.let_go() == 0
    house.clock.advance(days=1, minutes=1)
    jobs.run("tidy")
    db.session.rollback()
    with pytest.raises(NotFoundError):
        trials.trial(trial_id)
