"""What is remarked on a draft, in sentences a person can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Flask
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.drafting import Check, Remark, Weight
from tjs_moderation.web.locales import language
from tjs_moderation.web.moments import by_when

SENTENCES: Mapping[Check, object] = {
    Check.TOO_LONG: _("Vastaus on liian pitkä: siinä on %(length)s merkkiä, ja kanava ottaa vastaan %(limit)s."),
    Check.WINDOW_CLOSED: _("Kanava ei enää ota vastausta vastaan: henkilön viimeisestä viestistä on yli viikko."),
    Check.WINDOW_CLOSING: _("Vastausaika on loppumassa: vastauksen pitää lähteä viimeistään %(deadline)s."),
    Check.UNFILLED_FIELD: _("Kohta %(words)s on täyttämättä. Kirjoita sen tilalle oikea tieto."),
    Check.FIRST_PERSON: _("”%(words)s” on minä-muotoa. Kirjoita TJS:n nimissä."),
    Check.SIGNATURE: _("”%(words)s” näyttää allekirjoitukselta. Vastaus lähtee TJS:n nimissä, ei kenenkään omissa."),
    Check.SUBJECT: _("”%(words)s” koskee aihetta, jota ei viedä julkisuuteen: %(subject)s."),
    Check.IDENTITY_CODE: _("”%(words)s” on henkilötunnus. Sitä ei saa lähettää."),
    Check.ACCOUNT: _("”%(words)s” on tilinumero, joka ei ole omien yhteystietojen luettelossa."),
    Check.PHONE: _("”%(words)s” on puhelinnumero, joka ei ole omien yhteystietojen luettelossa."),
    Check.ADDRESS: _("”%(words)s” on osoite, joka ei ole omien yhteystietojen luettelossa."),
    Check.EMAIL: _("”%(words)s” on sähköpostiosoite, joka ei ole omien yhteystietojen luettelossa."),
    Check.ASKER: _("”%(words)s” kertoo kysyjän sukunimen kaikille. Puhuttele etunimellä tai jätä nimi pois."),
    Check.INSULTING: _("Tällaisena vastaus loukkaisi lukijaa."),
    Check.HARSH: _("Sanamuoto voi loukata lukijaa."),
    Check.PATRONISING: _("”%(words)s” voi kuulostaa ylhäältä päin puhumiselta."),
    Check.UNREAD: _("Tekstin sanoja ei voitu tarkistaa koneellisesti. Lue se itse tarkkaan."),
    Check.BROKEN_LINK: _("Linkki %(words)s ei aukea."),
    Check.UNSEEN_LINK: _("Linkkiä %(words)s tarkistetaan."),
    Check.UNKNOWN_WORD: _("”%(words)s” ei ole sanakirjassa. Tarkista kirjoitusasu."),
}

_FORBIDDEN_LINK = _("Linkki %(words)s vie sisäverkkoon tai muualle, mihin lukija ei pääse.")
_UNSURE_LINK = _("Linkkiä %(words)s ei voitu tarkistaa. Avaa se itse.")

NAMES: Mapping[Weight, object] = {
    Weight.BLOCKING: _("Estää lähettämisen"),
    Weight.ADVISING: _("Huomautus"),
    Weight.HINT: _("Vihje"),
}


def remarked(remark: Remark) -> str:
    """The sentence of a remark; the judge's own reason is put after it."""
    sentence = SENTENCES[remark.check]
    if remark.facts.get("is_forbidden"):
        sentence = _FORBIDDEN_LINK
    elif remark.facts.get("is_due") is False:
        sentence = _UNSURE_LINK
    facts = {"words": " ".join(remark.text.split()), **remark.facts}
    closes_at = remark.facts.get("closes_at")
    if isinstance(closes_at, datetime):
        facts["deadline"] = by_when(closes_at)
    told = str(sentence) % facts
    return f"{told} {remark.reason.said_in(language())}" if remark.reason else told


def weight_name(weight: Weight) -> str:
    """What a weight is called."""
    return str(NAMES[weight])


def summary(found: Sequence[Remark]) -> str:
    """All remarks in one line."""
    counts = {weight: sum(remark.weight is weight for remark in found) for weight in Weight}
    told = [
        ngettext("%(num)d estää lähettämisen", "%(num)d estää lähettämisen", counts[Weight.BLOCKING]),
        ngettext("%(num)d huomautus", "%(num)d huomautusta", counts[Weight.ADVISING]),
        ngettext("%(num)d vihje", "%(num)d vihjettä", counts[Weight.HINT]),
    ]
    some = [words for words, weight in zip(told, Weight, strict=True) if counts[weight]]
    return ", ".join(some) if some else str(gettext("Tarkistuksissa ei ole huomautettavaa."))


def register(app: Flask) -> None:
    """Give the templates of `app` the filters that tell remarks."""
    app.jinja_env.filters.update(remarked=remarked, weight_name=weight_name, remarks_summary=summary)
