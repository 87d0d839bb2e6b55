"""Times as people say them: how long ago, until when, and the exact moment for whoever wants it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from flask import Flask
from flask_babel import (
    format_date,
    format_datetime,
    format_time,
    format_timedelta,
    get_timezone,
    gettext,
    to_user_timezone,
)
from markupsafe import Markup, escape

from tjs_moderation.services.wiring import ports
from tjs_moderation.web.locales import spoken

_JUST_NOW = timedelta(minutes=1)
_STILL_RELATIVE = timedelta(days=6)
_TOLD_IN_HOURS, _A_SECOND = timedelta(hours=2), timedelta(seconds=1)
_REMEMBERED = 2_048


def exact(moment: datetime) -> str:
    """Day and minute in the organisation's own time zone."""
    return str(_exact(moment.replace(second=0, microsecond=0), spoken(), get_timezone()))


class Reader(NamedTuple):
    """In which language and time zone times are told, and what time it is: for all times of a list together."""

    language: str
    zone: tzinfo
    now: datetime


def reader() -> Reader:
    """For whom this page is."""
    return Reader(spoken(), get_timezone(), ports().clock())


def relative(moment: datetime, to: Reader | None = None) -> str:
    """How long ago, or in how long; the date itself once it is about a week away."""
    to = to or reader()
    distance = moment - to.now
    if abs(distance) < _JUST_NOW:
        return str(gettext("juuri nyt"))
    if abs(distance) > _STILL_RELATIVE:
        return _day(moment.replace(second=0, microsecond=0), to.language, to.zone)
    step = _JUST_NOW if abs(distance) > _TOLD_IN_HOURS else _A_SECOND
    return _ago(distance // step * step, to.language, to.zone)


# A queue shows the same times again and again, and telling them was a fifth of what its page cost. What is told depends
# on the reader's language and time zone, so they are part of the key.
@lru_cache(maxsize=_REMEMBERED)
def _exact(moment: datetime, _language: str, _zone: tzinfo) -> Markup:
    told = gettext("%(day)s klo %(time)s", day=format_date(moment, "full"), time=format_time(moment, "short"))
    return escape(told)


@lru_cache(maxsize=_REMEMBERED)
def _day(moment: datetime, _language: str, _zone: tzinfo) -> str:
    return str(format_date(moment, "medium"))


@lru_cache(maxsize=_REMEMBERED)
def _ago(distance: timedelta, _language: str, _zone: tzinfo) -> str:
    return str(format_timedelta(distance, add_direction=True, threshold=1.2))


def by_when(moment: datetime) -> str:
    """A moment as one says a deadline: yesterday, today and tomorrow by name, the rest by date."""
    days = (to_user_timezone(moment).date() - to_user_timezone(ports().clock()).date()).days
    time = format_time(moment, "short")
    if days == -1:
        return str(gettext("eilen klo %(time)s", time=time))
    if days == 0:
        return str(gettext("tänään klo %(time)s", time=time))
    if days == 1:
        return str(gettext("huomenna klo %(time)s", time=time))
    return str(gettext("%(day)s klo %(time)s", day=format_datetime(moment, "EEE d.M."), time=time))


def day_name(day: date) -> str:
    """A day with its weekday."""
    return str(format_date(day, "EEE d.M.y"))


def until_day(day: date) -> str:
    """Up to and including a day."""
    return str(gettext("%(day)s asti", day=format_date(day, "d.M.")))


def when(moment: datetime | None, to: Reader | None = None) -> Markup:
    """A `<time>` element: relative words, the exact moment on hovering. Nothing for None."""
    if moment is None:
        return Markup("")
    to = to or reader()
    return _drawn(moment, relative(moment, to), to.language, to.zone)


def deadline(moment: datetime | None) -> Markup:
    """A `<time>` element for a moment by which something has to be done. Nothing for None."""
    if moment is None:
        return Markup("")
    return _drawn(moment, by_when(moment), spoken(), get_timezone())


def is_over(moment: datetime) -> bool:
    """Whether a moment has come."""
    return moment <= ports().clock()


_TIME = Markup('<time datetime="%s" title="%s">%s</time>')


@lru_cache(maxsize=_REMEMBERED)
def _drawn(moment: datetime, words: str, language: str, zone: tzinfo) -> Markup:
    in_full = _exact(moment.replace(second=0, microsecond=0), language, zone)
    return _TIME % (moment.isoformat(), in_full, words)


def register(app: Flask) -> None:
    """Give the templates of `app` the filters `when`, `deadline`, `exact`, `day_name`, `until_day` and `is_over`."""
    app.jinja_env.filters.update(
        when=when, deadline=deadline, exact=exact, day_name=day_name, until_day=until_day, is_over=is_over
    )
