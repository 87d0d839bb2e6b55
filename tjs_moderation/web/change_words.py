"""Changes of settings, topics and reasons in words: what was and what became, a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import get_day_names
from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.deadlines import AnswerTime
from tjs_moderation.domain.drafting import Check
from tjs_moderation.domain.retention import Kept
from tjs_moderation.domain.vocabulary import ActKind, Hours, Quoting, TimeUnit
from tjs_moderation.domain.wording import Wording
from tjs_moderation.services.changes import Change
from tjs_moderation.web.locales import language
from tjs_moderation.web.words import word

KEPT_LABELS: Mapping[str, str] = {
    Kept.COMMENTS: _("Säilytetyt kommentit, päivää"),
    Kept.REMOVED: _("Poistetut kommentit, päivää"),
    Kept.MESSAGES: _("Yksityisviestit, päivää"),
    Kept.DRAFTS: _("Luonnokset, päivää"),
    Kept.RAW_EVENTS: _("Tapahtumat, päivää"),
    Kept.LOGS: _("Tuontien jäljet, päivää"),
}
"""What each kind of what is kept for a time is called."""

LABELS: Mapping[str, object] = {
    ActKind.HIDE: _("Piilottaminen"),
    ActKind.DELETE: _("Lopullinen poisto"),
    ActKind.REPLY: _("Julkinen vastaus"),
    ActKind.PRIVATE_MESSAGE: _("Yksityisviesti"),
    "four_eyes": _("Neljän silmän sääntö"),
    "bulk_cap": _("Joukkopäätösten yläraja"),
    "is_on": _("Automaattinen piilottaminen"),
    "cap_per_day": _("Enintään päivässä"),
    "hours": _("Milloin"),
    "opens": _("Alkaa"),
    "closes": _("Päättyy"),
    "days": _("Työpäivät"),
    "answer_time": _("Vastausaika"),
    "mail_quoting": _("Sähköpostin lainaukset"),
    "console": _("Konsolin kieli"),
    "public": _("Yleisön sivujen kielet"),
    "name": _("Nimi"),
    "is_open_to_all": _("Kuka tahansa voi ottaa"),
    "experts": _("Asiantuntijat"),
    "hints": _("Sanat"),
    "sure": _("Varmat sanat"),
    "examples": _("Esimerkit"),
    "fi": _("Suomeksi"),
    "sv": _("Ruotsiksi"),
    "en": _("Englanniksi"),
    "is_active": _("Käytössä"),
    "subjects": _("Aiheet, joita ei viedä julkisuuteen"),
    "own_contacts": _("Omat yhteystiedot"),
    "blocking": _("Estävät lähettämisen"),
    "spells": _("Vihjeet tuntemattomista sanoista"),
    "opens_links": _("Linkkien kokeileminen"),
    "title": _("Nimi"),
    "text": _("Teksti"),
    "sources": _("Lähteet"),
    "topic": _("Aihe"),
    "owner": _("Vastuuhenkilö"),
    "best_before": _("Parasta ennen"),
    "initials": _("Nimet alkukirjaimina"),
    **KEPT_LABELS,
}
"""What each part of a change is called."""

LANGUAGE_NAMES: Mapping[str, object] = {"fi": _("suomi"), "sv": _("ruotsi"), "en": _("englanti")}

MOST_SHOWN = 12
"""So many words of a list are told; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a change: its name, what was and what became. Of lists of words only what went and what came."""

    name: str
    label: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change to be read; `who` is empty where a command did it."""

    who: str
    at: datetime
    parts: Sequence[Part]


def tell(changes: Sequence[Change], people: Mapping[int, str]) -> list[Told]:
    """Changes in words; `people` are the names of those who may stand in them."""
    return [Told(change.who, change.at, parts_of(change.before, change.after, people)) for change in changes]


def parts_of(before: Mapping[str, Any], after: Mapping[str, Any], people: Mapping[int, str]) -> list[Part]:
    """What was and what became, a part each; what nobody knows any more, or was nothing and is, is left out."""
    parts = [
        Part(name, str(label), _value(name, before.get(name), people), _value(name, after[name], people))
        for name, label in LABELS.items()
        if name in after
    ]
    return [part for part in parts if part.was != part.became]


def duration(seconds: int) -> str:
    """How long something waits, exactly."""
    if not seconds:
        return str(gettext("heti"))
    minutes, rest = divmod(seconds, 60)
    told = [gettext("%(count)s min", count=minutes)] if minutes else []
    return " ".join([*told, *([gettext("%(count)s s", count=rest)] if rest else [])])


def answer_time(allowed: AnswerTime) -> str:
    """How long an answer may take."""
    if allowed.unit is TimeUnit.HOURS:
        return str(ngettext("%(count)s työtunti", "%(count)s työtuntia", allowed.amount, count=allowed.amount))
    return str(ngettext("%(count)s työpäivä", "%(count)s työpäivää", allowed.amount, count=allowed.amount))


def day_names(days: Sequence[int]) -> str:
    """Days of the week by their names."""
    names = get_day_names("wide", "stand-alone", get_locale())
    return ", ".join(names[day] for day in sorted(days))


def language_names(codes: Sequence[str]) -> str:
    """Languages by their names."""
    return ", ".join(str(LANGUAGE_NAMES.get(code, code)) for code in codes)


def worded(words: Wording | str) -> str:
    """What the house says, in the language of the page."""
    return words.in_language(language()) if isinstance(words, Wording) else words


def _value(name: str, value: Any, people: Mapping[int, str]) -> str:
    if value is None or value in ("", []):
        return "–"
    if name == "owner":
        return people.get(value, "?")
    if isinstance(value, bool):
        return str(gettext("kyllä") if value else gettext("ei"))
    if name in set(ActKind):
        return duration(int(value))
    if name == "hours" and value in set(Hours):
        return word(Hours(value))
    if name == "mail_quoting" and value in set(Quoting):
        return word(Quoting(value))
    return _listed(name, value, people) if isinstance(value, list) else str(value)


def _listed(name: str, value: Sequence[Any], people: Mapping[int, str]) -> str:
    if name == "days":
        return day_names(value)
    if name == "answer_time":
        return answer_time(AnswerTime(value[0], TimeUnit(value[1])))
    if name == "public":
        return language_names(value)
    if name == "blocking":
        return _some([word(Check(each)) for each in value if each in set(Check)])
    if name == "experts":
        return ", ".join(sorted(people.get(number, "?") for number in value))
    return _some(value)


def _some(words: Sequence[object]) -> str:
    shown = ", ".join(str(each) for each in words[:MOST_SHOWN])
    rest = len(words) - MOST_SHOWN
    return f"{shown} {gettext('ja %(count)s muuta', count=rest)}" if rest > 0 else shown


def register(app: Flask) -> None:
    """Give the templates of `app` the filters `duration`, `answer_time`, `day_names`, `language_names` and `worded`."""
    app.jinja_env.filters.update(
        duration=duration,
        answer_time=answer_time,
        day_names=day_names,
        language_names=language_names,
        worded=worded,
    )
