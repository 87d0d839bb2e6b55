"""Drafts of rules tried on the last days by a worker: begun on a page, read in the background, kept for some days.

A trial changes nothing that has to be proved, so it leaves no entry. Between batches it holds no transaction, only a
lease: the trial of a worker that died is taken up by another from the beginning, and what
the dead one still says counts no more: it is told apart by the number of its try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from tjs_moderation.domain.backtest import Agreement, Compared, Tally, Verdict
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.vocabulary import Category, Outcome, Permission
from tjs_moderation.errors import ConflictError, FaultsError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, ItemText, RuleTrial, User
from tjs_moderation.services.backtest import BATCH, DAYS, Report, backtest, how_many, summed_up
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import CONSOLE, reading, transact, user
from tjs_moderation.services.wiring import ports

MOST_READ = 20_000
"""So many items one trial reads, the newest; a worker has other things to do."""

SHOWN = 200
"""So many of the changed items are kept."""

MOST_WAITING = 3
"""So many trials may be under way in the whole house."""

MOST_TRIES = 3
"""A trial that has broken a worker so often is given up."""

KEPT_DAYS = 7
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """An item that would be proposed something else; `rule` is what would speak of it, `text` what it says today."""

    item_id: int
    text: str
    before: tuple[Outcome, Category]
    after: tuple[Outcome, Category]
    rule: str
    decided: Verdict | None


@dataclass(frozen=True, slots=True)
class TrialReport:
    """What came of a trial: how many items each rule set proposes what for, how people agree, and the changed ones."""

    counts: Mapping[Outcome, tuple[int, int]]
    changed_count: int
    agreement: Mapping[str, tuple[int, int]]
    changed: Sequence[ChangedItem]


def start_trial(user_id: int, text: str, began_from: int, why: str = "") -> int:
    """Leave a draft to a worker; gives the trial's id.

    Raises FaultsError with every fault of the draft, and TransitionError where enough trials are under way.
    """
    parse_rule_set(text)
    there = how_many(DAYS)
    with transact(user(user_id)) as work:
        acting_user(work.session, user_id, Permission.EDIT_RULES)
        under_way = select(func.count()).select_from(RuleTrial).where(RuleTrial.finished_at.is_(None))
        if (work.session.scalar(under_way) or 0) >= MOST_WAITING:
            raise TransitionError("trials_under_way", most=MOST_WAITING)
        trial = RuleTrial(
            text=text,
            began_from=began_from,
            why=why,
            started_by_id=user_id,
            started_at=work.now,
            to_read=min(there, MOST_READ),
            is_cut=there > MOST_READ,
        )
        work.session.add(trial)
        work.leave_no_entry()
        work.nudge("trials")
    return trial.id


def trial(trial_id: int) -> tuple[RuleTrial, str]:
    """One trial as it stands, with the name of whoever began it. NotFoundError where it is gone."""
    statement = select(RuleTrial, User.name).join(User, User.id == RuleTrial.started_by_id)
    found = db.session.execute(statement.where(RuleTrial.id == trial_id)).one_or_none()
    if found is None:
        raise NotFoundError("trial")
    return found[0], found[1]


def newest_trials(limit: int = 5) -> Sequence[tuple[int, datetime, bool, str]]:
    """The newest trials: id, when it was begun, whether it has ended, and by whom it was begun."""
    statement = (
        select(RuleTrial.id, RuleTrial.started_at, RuleTrial.finished_at.is_not(None), User.name)
        .join(User, User.id == RuleTrial.started_by_id)
        .order_by(RuleTrial.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1], bool(row[2]), row[3]) for row in db.session.execute(statement)]


def report_of(found: RuleTrial) -> TrialReport | None:
    """What came of a trial; None while it is under way and where it failed. Texts are read as they are now."""
    kept = found.report
    if kept is None:
        return None
    texts = _texts([one["item"] for one in kept["changed"]])
    return TrialReport(
        counts={outcome: _pair(kept["counts"][outcome]) for outcome in Outcome},
        changed_count=kept["changed_count"],
        agreement={name: _pair(pair) for name, pair in kept["agreement"].items()},
        changed=[_changed(one, texts[one["item"]]) for one in kept["changed"] if one["item"] in texts],
    )


def run_waiting() -> int:
    """Run every trial that waits, or whose worker died; says how many there were."""
    with reading() as session:
        waiting = session.scalars(select(RuleTrial.id).where(*_is_free(ports().clock())).order_by(RuleTrial.id)).all()
    for trial_id in waiting:
        # Another worker was faster, or it was let go of meanwhile.
        with suppress(ConflictError):
            _run(trial_id)
    return len(waiting)


def let_go() -> int:
    """Delete the trials that were kept long enough; gives how many."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        old = RuleTrial.started_at < work.now - timedelta(days=KEPT_DAYS)
        return len(work.session.scalars(delete(RuleTrial).where(old).returning(RuleTrial.id)).all())


def _is_free(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return RuleTrial.finished_at.is_(None), or_(RuleTrial.leased_until.is_(None), RuleTrial.leased_until < now)


def _run(trial_id: int) -> None:
    text, tries = _claim(trial_id)
    if tries > MOST_TRIES:
        _finish(trial_id, tries, failure="given_up")
        return
    try:
        found = summed_up(_noted(trial_id, tries, backtest(text, DAYS, MOST_READ)), SHOWN)
    except FaultsError:
        # The language of the rules has changed since the draft was checked.
        _finish(trial_id, tries, failure="faults")
    else:
        _finish(trial_id, tries, found)


def _claim(trial_id: int) -> tuple[str, int]:
    """The draft of a trial that is ours now, and how often it has been begun."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        claim = update(RuleTrial).where(RuleTrial.id == trial_id, *_is_free(work.now))
        values = {"leased_until": work.now + LEASE, "tries": RuleTrial.tries + 1, "read_count": 0}
        row = work.session.execute(claim.values(values).returning(RuleTrial.text, RuleTrial.tries)).one_or_none()
        if row is None:
            raise ConflictError("trial_taken")
    return row[0], row[1]


def _noted(trial_id: int, tries: int, compared: Iterable[Compared]) -> Iterator[Compared]:
    """The same, with a word after every batch how far it is."""
    for count, one in enumerate(compared, start=1):
        yield one
        if count % BATCH == 0:
            _note(trial_id, tries, count)


def _note(trial_id: int, tries: int, count: int) -> None:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        note = update(RuleTrial).where(RuleTrial.id == trial_id, RuleTrial.tries == tries)
        values = {"read_count": count, "leased_until": work.now + LEASE}
        if work.session.scalar(note.values(values).returning(RuleTrial.id)) is None:
            raise ConflictError("trial_taken")


def _finish(trial_id: int, tries: int, found: Report | None = None, failure: str = "") -> None:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        ended = work.session.get(RuleTrial, trial_id)
        if ended is None or ended.tries != tries:
            raise ConflictError("trial_taken")
        ended.finished_at, ended.leased_until, ended.failure = work.now, None, failure
        if found is not None:
            ended.read_count = found.tally.read
            ended.report = _kept(found)


def _kept(found: Report) -> dict[str, object]:
    """A report as it is kept: numbers and the console's own words, nothing of what anybody wrote."""
    tally = found.tally
    return {
        "counts": {str(outcome): _both(tally, outcome) for outcome in Outcome},
        "changed_count": tally.changed,
        "agreement": {name: [count(tally.live), count(tally.tried)] for name, count in _AGREEMENT.items()},
        "changed": [
            {
                "item": one.item_id,
                "before": [one.live.outcome, one.live.category],
                "after": [one.tried.outcome, one.tried.category],
                "rule": one.tried.rule,
                "decided": one.decided,
            }
            for one in found.changed
        ],
    }


_AGREEMENT: Mapping[str, Callable[[Agreement], int]] = {
    "decided": lambda one: one.decided,
    "agreed": lambda one: one.agreed,
    "removed_in_vain": lambda one: one.removed_in_vain,
    "missed": lambda one: one.missed,
}


def _both(tally: Tally, outcome: Outcome) -> list[int]:
    """How often the rules in force propose `outcome`, and how often the draft would."""
    live = sum(count for (before, _), count in tally.outcomes.items() if before is outcome)
    return [live, sum(count for (_, after), count in tally.outcomes.items() if after is outcome)]


def _texts(item_ids: Sequence[int]) -> dict[int, str]:
    newest = (ItemText.item_id == Item.id) & (ItemText.number == Item.text_version)
    statement = select(Item.id, ItemText.text).join(ItemText, newest).where(Item.id.in_(item_ids))
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _pair(kept: Sequence[int]) -> tuple[int, int]:
    live, tried = kept
    return live, tried


def _changed(one: Mapping[str, Any], text: str) -> ChangedItem:
    before, after, decided = one["before"], one["after"], one["decided"]
    return ChangedItem(
        item_id=one["item"],
        text=text,
        before=(Outcome(before[0]), Category(before[1])),
        after=(Outcome(after[0]), Category(after[1])),
        rule=one["rule"],
        decided=Verdict(decided) if decided else None,
    )
