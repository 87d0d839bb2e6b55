"""Settings made in the console, with their defaults: read by verbs, changed by verbs of their own.

Every change keeps what was and what became (`services/changes`). What the environment has fixed is not changed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.deadlines import LONGEST, USUAL_TIME, AnswerTime
from tjs_moderation.domain.drafting import Agreement
from tjs_moderation.domain.vocabulary import ActKind, Hours, Permission, Quoting, TimeUnit
from tjs_moderation.domain.working_time import USUAL_HOURS, WEEK, OfficeHours, WorkCalendar
from tjs_moderation.errors import InvalidInputError, TransitionError
from tjs_moderation.models import Setting
from tjs_moderation.services.changes import check_actor, keep_change
from tjs_moderation.services.transaction import Actor, Work, transact
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import LARGEST_BULK, LOCALES

FOUR_EYES = "four_eyes"
"""Whether somebody else than the writer of a revision has to approve it."""

HOLD_BACK = "hold_back"
"""How long an act of each kind waits before it leaves, so that it can be taken back."""

AUTOMATIC = "automatic"
"""Whether, how often and at which hours rules may hide by themselves (P13)."""

OFFICE_HOURS = "office_hours"
"""When somebody is at their desk."""

ANSWER_TIME = "answer_time"
"""How long an answer may take where its topic does not say."""

LANGUAGES = "languages"
"""In which language the console speaks, and in which the public reads the page's rules."""

BULK_CAP = "bulk_cap"
"""How many items can be decided as one."""

MAIL_QUOTING = "mail_quoting"
"""Whose words may leave the console in a mail."""

DRAFT_CHECKS = "draft_checks"
"""What a draft of an answer is looked through for, and what of it blocks (P5, P6)."""

FIXED_BY = {HOLD_BACK: "TJS_HOLD_BACK_SECONDS", LANGUAGES: "TJS_LOCALE", BULK_CAP: "TJS_BULK_CAP"}
"""The name of the environment that fixes a setting, where there is one (of the languages: the console's)."""

HELD_BACK = (ActKind.HIDE, ActKind.DELETE, ActKind.REPLY, ActKind.PRIVATE_MESSAGE)
"""What is held back. Showing again is not: it mends."""

LONGEST_HOLD_BACK = 24 * 60 * 60
LARGEST_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Automation:
    """What rules may hide by themselves: nothing unless it is switched on, and never more than the cap in a day."""

    is_on: bool = False
    cap_per_day: int = 20
    hours: Hours = Hours.OUTSIDE


@dataclass(frozen=True, slots=True)
class Languages:
    """The console's own language, and those of the public pages, the first of which a visitor is shown."""

    console: str
    public: tuple[str, ...] = LOCALES


def subject_of(name: str) -> str:
    """Under what the changes of a setting are kept."""
    return f"option:{name}"


def is_fixed(name: str) -> bool:
    """Whether the environment has fixed a setting, so that the console cannot change it."""
    return FIXED_BY.get(name) in ports().settings.given


# -- what is set -------------------------------------------------------------------------------------------------------


def has_four_eyes(session: Session) -> bool:
    """Whether nobody may approve a revision they wrote; off by default, since a small house has one tiedottaja."""
    return _four_eyes(_value(session, FOUR_EYES))


def hold_back(session: Session) -> dict[ActKind, int]:
    """Seconds that each kind of act is held back: as the environment fixes it, as set here, or its default."""
    return hold_back_of(_value(session, HOLD_BACK))


def automation(session: Session) -> Automation:
    """What rules may hide by themselves, as it is set now."""
    return _automation(_value(session, AUTOMATIC))


def automation_held(session: Session) -> Automation:
    """The same, held until this transaction ends: whoever counts what a cap allows does so one after the other."""
    held = session.scalars(select(Setting).where(Setting.name == AUTOMATIC).with_for_update()).one_or_none()
    return _automation(held.value if held else None)


def office_hours(session: Session) -> OfficeHours:
    """When somebody is at their desk."""
    return office_hours_of(_value(session, OFFICE_HOURS))


def answer_time(session: Session) -> AnswerTime:
    """How long an answer may take where its topic does not say."""
    return _answer_time(_value(session, ANSWER_TIME))


def calendar(session: Session) -> WorkCalendar:
    """The working days of the house."""
    return WorkCalendar(ports().settings.zone, office_hours(session))


def languages(session: Session) -> Languages:
    """The languages of the console and of the public pages."""
    return languages_of(_value(session, LANGUAGES))


def bulk_cap(session: Session) -> int:
    """How many items can be decided as one: as the environment fixes it, as set here, or its default."""
    return _bulk_cap(_value(session, BULK_CAP))


def mail_quoting(session: Session) -> Quoting:
    """Whose words a mail may quote."""
    return _mail_quoting(_value(session, MAIL_QUOTING))


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that is set, together."""

    hold_back: Mapping[ActKind, int]
    has_four_eyes: bool
    automation: Automation
    office_hours: OfficeHours
    languages: Languages
    mail_quoting: Quoting
    bulk_cap: int
    answer_time: AnswerTime
    draft_checks: Agreement


def everything(session: Session) -> Options:
    """All settings. One query."""
    kept = {setting.name: setting.value for setting in session.scalars(select(Setting))}
    return Options(
        hold_back_of(kept.get(HOLD_BACK)),
        _four_eyes(kept.get(FOUR_EYES)),
        _automation(kept.get(AUTOMATIC)),
        office_hours_of(kept.get(OFFICE_HOURS)),
        languages_of(kept.get(LANGUAGES)),
        _mail_quoting(kept.get(MAIL_QUOTING)),
        _bulk_cap(kept.get(BULK_CAP)),
        _answer_time(kept.get(ANSWER_TIME)),
        Agreement.of(kept.get(DRAFT_CHECKS)),
    )


def _value(session: Session, name: str) -> Any:
    setting = session.get(Setting, name)
    return None if setting is None else setting.value


def _four_eyes(kept: Any) -> bool:
    return bool(kept)


def hold_back_of(kept: Any) -> dict[ActKind, int]:
    """What a kept value of the hold-back says; the environment goes before it."""
    usual = ports().settings.hold_back_seconds
    told = {} if is_fixed(HOLD_BACK) else kept or {}
    return {kind: int(told.get(kind, usual)) for kind in HELD_BACK}


def _bulk_cap(kept: Any) -> int:
    usual = ports().settings.bulk_cap
    return usual if kept is None or is_fixed(BULK_CAP) else int(kept)


def _automation(kept: Any) -> Automation:
    if kept is None:
        return Automation()
    return Automation(kept["is_on"], kept["cap_per_day"], Hours(kept["hours"]))


def _answer_time(kept: Any) -> AnswerTime:
    return USUAL_TIME if kept is None else AnswerTime(kept[0], TimeUnit(kept[1]))


def office_hours_of(kept: Any) -> OfficeHours:
    """What a kept value of the office hours says."""
    if kept is None:
        return USUAL_HOURS
    return OfficeHours(time.fromisoformat(kept["opens"]), time.fromisoformat(kept["closes"]), frozenset(kept["days"]))


def _mail_quoting(kept: Any) -> Quoting:
    return Quoting.COMMENTS if kept is None else Quoting(kept)


def languages_of(kept: Any) -> Languages:
    """What a kept value of the languages says; the environment goes before it."""
    usual = Languages(ports().settings.locale)
    if kept is None:
        return usual
    return Languages(usual.console if is_fixed(LANGUAGES) else kept["console"], tuple(kept["public"]))


# -- changing it -------------------------------------------------------------------------------------------------------


def set_four_eyes(actor: Actor, is_on: bool, seen: int | None = None) -> bool:
    """Say whether somebody else has to approve what one wrote; gives whether anything became another.

    A person needs the permission to run the settings: whoever approves answers cannot switch it off for themselves.
    `seen` is the number of the change the form was made on (`changes.number_of`), None where nobody looked.
    """
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        return _change(work, "set_four_eyes", FOUR_EYES, seen, has_four_eyes(work.session), is_on)


def set_hold_back(actor: Actor, seconds: Mapping[ActKind, int], seen: int | None = None) -> bool:
    """Say how long acts of these kinds are held back; the others stay. Gives whether anything became another.

    InvalidInputError for a time that is none, TransitionError where the environment has fixed it.
    """
    if not set(seconds) <= set(HELD_BACK) or not all(0 <= each <= LONGEST_HOLD_BACK for each in seconds.values()):
        raise InvalidInputError("hold_back_range", most=LONGEST_HOLD_BACK // 60)
    _check_free(HOLD_BACK)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        before = {str(kind): each for kind, each in hold_back(work.session).items()}
        after = before | {str(kind): each for kind, each in seconds.items()}
        return _change(work, "set_hold_back", HOLD_BACK, seen, before, after)


def set_automatic(
    actor: Actor,
    is_on: bool | None = None,
    cap_per_day: int | None = None,
    hours: Hours | None = None,
    seen: int | None = None,
) -> Automation:
    """Change what rules may hide by themselves; what is None stays as it is. Gives what is set then.

    A person needs the permission to edit rules. InvalidInputError for a cap that is no number from 0 to `LARGEST_CAP`.
    """
    if cap_per_day is not None and not 0 <= cap_per_day <= LARGEST_CAP:
        raise InvalidInputError("automatic_cap", most=LARGEST_CAP)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        before = automation(work.session)
        changed = Automation(
            is_on=before.is_on if is_on is None else is_on,
            cap_per_day=before.cap_per_day if cap_per_day is None else cap_per_day,
            hours=before.hours if hours is None else hours,
        )
        _change(work, "set_automatic", AUTOMATIC, seen, asdict(before), asdict(changed), **asdict(changed))
    return changed


def set_office_hours(actor: Actor, office: OfficeHours, seen: int | None = None) -> bool:
    """Say when somebody is at their desk; gives whether anything became another.

    InvalidInputError where it closes before it opens, or no day is left.
    """
    if not office.opens < office.closes:
        raise InvalidInputError("office_hours_order")
    if not office.days or not office.days <= set(WEEK):
        raise InvalidInputError("office_hours_days")
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        before, after = (_told_hours(each) for each in (office_hours(work.session), office))
        return _change(work, "set_office_hours", OFFICE_HOURS, seen, before, after)


def set_answer_time(actor: Actor, allowed: AnswerTime, seen: int | None = None) -> bool:
    """Say how long an answer may take where its topic does not say; gives whether anything became another.

    It holds for what is routed from now on. InvalidInputError for an amount that is none from 1 to `LONGEST`.
    """
    check_answer_time(allowed)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        before, after = (told_time(each) for each in (answer_time(work.session), allowed))
        return _change(work, "set_answer_time", ANSWER_TIME, seen, before, after)


def check_answer_time(allowed: AnswerTime) -> None:
    """Raises InvalidInputError where no answer can take so long."""
    if not 1 <= allowed.amount <= LONGEST:
        raise InvalidInputError("answer_time", most=LONGEST)


def told_time(allowed: AnswerTime | None) -> list[object] | None:
    """A time for an answer as it is kept with a change."""
    return [allowed.amount, str(allowed.unit)] if allowed else None


def set_mail_quoting(actor: Actor, quoting: Quoting, seen: int | None = None) -> bool:
    """Say whose words a mail may quote; gives whether anything became another."""
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        before = str(mail_quoting(work.session))
        return _change(work, "set_mail_quoting", MAIL_QUOTING, seen, before, str(quoting))


def set_languages(actor: Actor, chosen: Languages, seen: int | None = None) -> bool:
    """Choose the console's language and those of the public pages; gives whether anything became another.

    InvalidInputError for a language we do not have, or no public one; TransitionError where the environment has fixed
    the console's.
    """
    if chosen.console not in LOCALES or not chosen.public or not set(chosen.public) <= set(LOCALES):
        raise InvalidInputError("unknown_language")
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        before = languages(work.session)
        if chosen.console != before.console:
            _check_free(LANGUAGES)
        told = [{"console": each.console, "public": list(dict.fromkeys(each.public))} for each in (before, chosen)]
        return _change(work, "set_languages", LANGUAGES, seen, *told)


def _check_free(name: str) -> None:
    if is_fixed(name):
        raise TransitionError("fixed_by_environment", name=FIXED_BY[name])


def _told_hours(office: OfficeHours) -> dict[str, object]:
    return {
        "opens": office.opens.isoformat("minutes"),
        "closes": office.closes.isoformat("minutes"),
        "days": sorted(office.days),
    }


def set_bulk_cap(actor: Actor, most: int, seen: int | None = None) -> bool:
    """Say how many items can be decided as one; gives whether anything became another.

    InvalidInputError for a number that is none from 1 to `LARGEST_BULK`, TransitionError where the environment has
    fixed it.
    """
    if not 1 <= most <= LARGEST_BULK:
        raise InvalidInputError("bulk_cap_range", most=LARGEST_BULK)
    _check_free(BULK_CAP)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        return _change(work, "set_bulk_cap", BULK_CAP, seen, bulk_cap(work.session), most)


def _change(work: Work, verb: str, name: str, seen: int | None, before: object, after: object, **told: Any) -> bool:
    """Keep and record a change of one setting; what changes nothing leaves no entry."""
    was, became = (each if isinstance(each, dict) else {name: each} for each in (before, after))
    entry = keep_change(work, subject_of(name), seen, was, became)
    if not entry:
        work.leave_no_entry()
        return False
    put_setting(work.session, name, after)
    work.record(verb, **told, **entry)
    return True


def put_setting(session: Session, name: str, value: object) -> None:
    """Keep the value of a setting. A part of verbs."""
    setting = session.get(Setting, name)
    if setting is None:
        session.add(Setting(name=name, value=value))
    else:
        setting.value = value
