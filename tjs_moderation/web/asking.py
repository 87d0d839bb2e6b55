"""What an address of the search page asks for, read and written; and what its bounds are chosen from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from tjs_moderation.domain.search import Part
from tjs_moderation.domain.vocabulary import CaseState, Category, ItemKind, Outcome
from tjs_moderation.models import User
from tjs_moderation.services.search import Choices, Wanted
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.queues import queue_name, queues_of
from tjs_moderation.web.words import word

Member = TypeVar("Member", bound=StrEnum)

NAMES = ("q", "part", "writer", "queue", "outcome", "category", "topic", "channel", "kind", "since", "until")
"""What an address can ask for, in the order of the form."""

_YEARS = range(1970, 2101)
_LARGEST_PLACE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """An address as it was read: `values` is what the form shows. `is_odd`: something nobody knows was left out."""

    wanted: Wanted
    values: Mapping[str, str]
    before: int | None
    is_odd: bool

    @property
    def address(self) -> str:
        """The query of the address, without what is empty and without the page."""
        return urlencode([(name, self.values[name]) for name in NAMES if self.values[name]])

    @property
    def bound_count(self) -> int:
        """How many bounds there are beside the words."""
        return sum(1 for name in NAMES if name != "q" and self.values[name])


@dataclass(frozen=True, slots=True)
class Bound:
    """A list to choose a bound from: its name in the address, its label, and (value, words) of each choice."""

    name: str
    label: object
    choices: Sequence[tuple[str, str]]


def bounds(person: User, choices: Choices) -> list[Bound]:
    """The lists of the form, as this person has them."""
    return [
        Bound("part", _("Mistä haetaan"), _members(Part)),
        Bound("queue", _("Jono"), [(str(state), queue_name(person, state)) for state in queues_of(person)]),
        Bound("outcome", _("Ehdotus"), _members(Outcome)),
        Bound("category", _("Luokka"), _members(Category)),
        Bound("topic", _("Aihe"), list(choices.topics)),
        Bound("channel", _("Kanava"), [(str(channel_id), name) for channel_id, name in choices.channels]),
        Bound("kind", _("Laji"), _members(ItemKind)),
    ]


def read(told: Mapping[str, str], choices: Choices) -> Asked:
    """What an address asks for. Whatever nobody knows in it bounds nothing."""
    written = {name: _plain(told.get(name, "")) for name in NAMES}
    channels = {str(channel_id): channel_id for channel_id, _name in choices.channels}
    wanted = Wanted(
        words=written["q"],
        part=_member(Part, written["part"]),
        writer=written["writer"],
        state=_member(CaseState, written["queue"]),
        outcome=_member(Outcome, written["outcome"]),
        category=_member(Category, written["category"]),
        topic=written["topic"] if written["topic"] in dict(choices.topics) else None,
        channel_id=channels.get(written["channel"]),
        kind=_member(ItemKind, written["kind"]),
        since=_midnight(written["since"]),
        until=_midnight(written["until"], days_later=1),
    )
    understood = (
        *(wanted.words, wanted.part, wanted.writer, wanted.state, wanted.outcome, wanted.category, wanted.topic),
        *(wanted.channel_id, wanted.kind, wanted.since, wanted.until),
    )
    values = {name: written[name] if meant is not None else "" for name, meant in zip(NAMES, understood, strict=True)}
    before = _place(told.get("before", ""))
    return Asked(wanted, values, before, values != written or (before is None and bool(told.get("before"))))


def _plain(written: str) -> str:
    """What was written, without what no page can show."""
    return "".join(letter if letter.isprintable() else " " for letter in written).strip()


def _members(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(str(member), word(member)) for member in enum]


def _member(enum: type[Member], written: str) -> Member | None:
    return next((member for member in enum if member == written), None)


def _midnight(written: str, days_later: int = 0) -> datetime | None:
    """The beginning of a day in the organisation's own time zone; None where it is no day of these times."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    if day.year not in _YEARS:
        return None
    return datetime.combine(day + timedelta(days=days_later), time(), ZoneInfo(ports().settings.timezone))


def _place(written: str) -> int | None:
    digits = written.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):
        return None
    return int(written) if int(digits) <= _LARGEST_PLACE else None
