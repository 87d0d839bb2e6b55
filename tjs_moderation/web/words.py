"""The domain's words as a Finn says them. Everything a person reads of an enum comes from here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from flask import Flask
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.drafting import Check
from tjs_moderation.domain.fate import Fate
from tjs_moderation.domain.language import Target
from tjs_moderation.domain.routing import Why
from tjs_moderation.domain.search import Part
from tjs_moderation.domain.vocabulary import (
    ActKind,
    ActState,
    AnswerState,
    AppealOutcome,
    AutomaticStep,
    CaseState,
    Category,
    ChannelKind,
    DeadlineStep,
    DecisionKind,
    Delivery,
    Hours,
    ItemKind,
    NoticeGroup,
    OpinionKind,
    Outcome,
    Quoting,
    Role,
    Score,
    Theme,
    TimeUnit,
)
from tjs_moderation.web.locales import spoken

WORDS: Mapping[type[StrEnum], Mapping[StrEnum, object]] = {
    Outcome: {
        Outcome.KEEP: _("säilytettävä"),
        Outcome.WEIGH: _("punnittava"),
        Outcome.REMOVE: _("poistettava"),
    },
    Category: {
        Category.INSULT: _("loukkaus"),
        Category.DEGRADING: _("halventava"),
        Category.OBSCENE: _("rivo"),
        Category.THREAT: _("uhkaus"),
        Category.IDENTITY_ATTACK: _("ihmisryhmää vastaan"),
        Category.SEXUAL_HARASSMENT: _("seksuaalista häirintää"),
        Category.PERSONAL_DATA: _("henkilötietoja"),
        Category.SPAM: _("roskaposti"),
        Category.CRITICISM: _("arvostelu"),
        Category.HARSH_CRITICISM: _("kova arvostelu"),
        Category.PRAISE: _("kiitos"),
        Category.QUESTION: _("kysymys"),
        Category.NEUTRAL: _("asiallinen"),
        Category.UNREADABLE: _("ei voitu lukea"),
    },
    CaseState: {
        CaseState.ARRIVED: _("Arvioimatta"),
        CaseState.REMOVAL: _("Poistettaviksi ehdotetut"),
        CaseState.WEIGH: _("Punnittavat"),
        CaseState.QUESTION: _("Kysymykset"),
        CaseState.READ: _("Luettavat"),
        CaseState.EXPERT: _("Asiantuntijalla"),
        CaseState.APPROVAL: _("Hyväksyttävät"),
        CaseState.GOING_OUT: _("Lähdössä"),
        CaseState.TROUBLE: _("Ongelmat"),
        CaseState.DONE: _("Valmiit"),
    },
    DecisionKind: {
        DecisionKind.KEEP: _("säilytti"),
        DecisionKind.REMOVE: _("poisti näkyvistä"),
        DecisionKind.WEIGH: _("jätti punnittavaksi"),
        DecisionKind.DELETE: _("poisti lopullisesti"),
        DecisionKind.NO_ANSWER: _("sulki kysymyksen ilman vastausta"),
        DecisionKind.TAKE_BACK: _("perui päätöksen"),
    },
    Fate: {
        Fate.KEPT: _("säilytetty"),
        Fate.REMOVED: _("poistettu näkyvistä"),
        Fate.DELETED: _("poistettu lopullisesti"),
        Fate.ANSWERED: _("vastattu"),
        Fate.CLOSED: _("suljettu ilman vastausta"),
    },
    AppealOutcome: {
        AppealOutcome.UPHELD: _("poisto jää voimaan"),
        AppealOutcome.RESTORED: _("viesti palautetaan näkyviin"),
    },
    OpinionKind: {
        OpinionKind.KEEP: _("säilyttäisi"),
        OpinionKind.REMOVE: _("poistaisi näkyvistä"),
    },
    AnswerState: {
        AnswerState.DRAFT: _("luonnos"),
        AnswerState.SUBMITTED: _("odottaa hyväksyntää"),
        AnswerState.RETURNED: _("palautettu"),
        AnswerState.APPROVED: _("hyväksytty"),
        AnswerState.PUBLISHED: _("julkaistu"),
        AnswerState.WITHDRAWN: _("luovuttu"),
    },
    ActKind: {
        ActKind.HIDE: _("piilottaminen"),
        ActKind.UNHIDE: _("palauttaminen näkyviin"),
        ActKind.DELETE: _("lopullinen poisto"),
        ActKind.REPLY: _("julkinen vastaus"),
        ActKind.PRIVATE_MESSAGE: _("yksityisviesti"),
    },
    ActState: {
        ActState.PLANNED: _("odottaa lähtöä"),
        ActState.CLAIMED: _("lähdössä juuri nyt"),
        ActState.BY_HAND: _("odottaa tekijäänsä"),
        ActState.DONE: _("tehty"),
        ActState.REFUSED: _("kanava kieltäytyi"),
        ActState.FAILED: _("epäonnistui"),
        ActState.UNKNOWN: _("ei tiedetä, onnistuiko"),
        ActState.STOPPED: _("pysäytetty ennen lähtöä"),
    },
    ItemKind: {ItemKind.COMMENT: _("kommentti"), ItemKind.MESSAGE: _("yksityisviesti")},
    ChannelKind: {ChannelKind.FACEBOOK: _("Facebook"), ChannelKind.BY_HAND: _("käsin hoidettava")},
    Role: {
        Role.TIEDOTTAJA: _("tiedottaja"),
        Role.ASIANTUNTIJA: _("asiantuntija"),
        Role.ATK_SUUNNITTELIJA: _("atk-suunnittelija"),
    },
    Score: {
        Score.INSULT: _("loukkaavuus"),
        Score.TOXICITY: _("myrkyllisyys"),
        Score.OBSCENE: _("rivous"),
        Score.THREAT: _("uhkaavuus"),
        Score.IDENTITY_ATTACK: _("ihmisryhmää vastaan"),
        Score.SEVERE_TOXICITY: _("vakava myrkyllisyys"),
    },
    AutomaticStep: {
        AutomaticStep.NONE: _("ei kysytty"),
        AutomaticStep.DUE: _("odottaa vuoroaan"),
        AutomaticStep.DONE: _("piilotettu automaattisesti"),
        AutomaticStep.CAP: _("päivän yläraja oli täynnä"),
        AutomaticStep.RULE_CAP: _("säännön oma päivän yläraja oli täynnä"),
        AutomaticStep.LEFT: _("jätetty ihmiselle"),
    },
    Theme: {Theme.LIGHT: _("vaaleat"), Theme.DARK: _("tummat")},
    TimeUnit: {TimeUnit.HOURS: _("työtuntia"), TimeUnit.DAYS: _("työpäivää")},
    DeadlineStep: {
        DeadlineStep.AHEAD: _("aikaa on"),
        DeadlineStep.SOON: _("määräaika lähenee"),
        DeadlineStep.OVERDUE: _("määräaika on ohi"),
        DeadlineStep.ESCALATED: _("määräaika on ohi, tiedottaja tietää"),
    },
    Hours: {
        Hours.ALWAYS: _("mihin aikaan tahansa"),
        Hours.WORKING: _("vain työaikana"),
        Hours.OUTSIDE: _("vain työajan ulkopuolella"),
    },
    Quoting: {
        Quoting.NOTHING: _("ei mitään"),
        Quoting.COMMENTS: _("julkisia kommentteja, ei yksityisviestejä"),
        Quoting.EVERYTHING: _("kommentteja ja yksityisviestejä"),
    },
    NoticeGroup: {
        NoticeGroup.DESK: _("Kysymykset, jotka tulevat tai palaavat sinulle"),
        NoticeGroup.DEADLINES: _("Määräajat ja lukematta jääneet"),
        NoticeGroup.APPROVALS: _("Vastaukset, jotka odottavat hyväksyntää"),
        NoticeGroup.MENTIONS: _("Maininnat muistiinpanoissa"),
        NoticeGroup.ANSWERS: _("Vastaustesi julkaiseminen"),
        NoticeGroup.CHANNELS: _("Kanavan pysähtyminen"),
        NoticeGroup.MORNING: _("Aamun yhteenveto: mikä odottaa sinua"),
    },
    Delivery: {
        Delivery.AT_ONCE: _("heti"),
        Delivery.SUMMARY: _("aamun yhteenvedossa"),
        Delivery.NONE: _("vain konsolissa"),
    },
    Target: {
        Target.ADDRESSED: _("puhuteltu: sinä tai te"),
        Target.NAMED: _("nimeltä mainittu ihminen"),
        Target.STAFF: _("sivun oma väki"),
        Target.PERSON: _("joku muu ihminen"),
        Target.GROUP: _("ihmisryhmä"),
        Target.THING: _("asia, ei ihminen"),
        Target.ONESELF: _("kirjoittaja itse"),
        Target.NOBODY: _("ei selviä"),
    },
    Check: {
        Check.TOO_LONG: _("pituus"),
        Check.WINDOW_CLOSED: _("vastausaika on ohi"),
        Check.WINDOW_CLOSING: _("vastausaika on loppumassa"),
        Check.UNFILLED_FIELD: _("täyttämätön kohta"),
        Check.FIRST_PERSON: _("minä-muoto"),
        Check.SIGNATURE: _("oma nimi allekirjoituksena"),
        Check.SUBJECT: _("aihe, jota ei viedä julkisuuteen"),
        Check.IDENTITY_CODE: _("henkilötunnus"),
        Check.ACCOUNT: _("tilinumero"),
        Check.PHONE: _("puhelinnumero"),
        Check.ADDRESS: _("osoite"),
        Check.EMAIL: _("sähköpostiosoite"),
        Check.ASKER: _("kysyjän sukunimi"),
        Check.INSULTING: _("loukkaava sanamuoto"),
        Check.HARSH: _("sanamuoto, joka voi loukata"),
        Check.PATRONISING: _("ylhäältä päin puhuminen"),
        Check.UNREAD: _("tekstiä ei voitu tarkistaa"),
        Check.BROKEN_LINK: _("linkki, joka ei aukea"),
        Check.UNSEEN_LINK: _("linkki, jota ei ole tarkistettu"),
        Check.UNKNOWN_WORD: _("tuntematon sana"),
    },
    Part: {
        Part.TEXT: _("viestit"),
        Part.WRITER: _("kirjoittajien nimet"),
        Part.POST: _("julkaisut"),
        Part.ANSWER: _("vastaukset"),
        Part.NOTE: _("muistiinpanot"),
    },
    Why: {
        Why.ONLY_EXPERT: _("Aiheen ainoa asiantuntija."),
        Why.ONLY_ONE_HERE: _("Aiheen asiantuntijoista ainoa, joka on nyt paikalla."),
        Why.LEAST_LOADED: _("Aiheen asiantuntijoista vähiten kysymyksiä odottamassa."),
        Why.TURN: _("Hänen vuoronsa: aiheen asiantuntijoista hän sai kysymyksen pisimmän aikaa sitten."),
        Why.SUBSTITUTE: _("Aiheen asiantuntijat ovat poissa, ja hän on sijainen."),
        Why.NOBODY_HERE: _("Aiheen asiantuntijat ovat poissa eikä sijaista ole, joten kysymys jää tiedottajalle."),
        Why.OPEN_TO_ALL: _("Aihe kuuluu kaikille: kuka tahansa voi ottaa kysymyksen."),
        Why.NO_EXPERT: _("Aiheella ei ole vielä asiantuntijaa."),
        Why.NO_TOPIC: _("Aihetta ei tunnistettu. Valitse itse, kenelle kysymys kuuluu."),
    },
}


STANDINGS: Mapping[CaseState, object] = {
    CaseState.ARRIVED: _("arvioimatta"),
    CaseState.REMOVAL: _("ehdotettu poistettavaksi"),
    CaseState.WEIGH: _("punnittavana"),
    CaseState.QUESTION: _("odottaa vastaajaa"),
    CaseState.READ: _("luettavana"),
    CaseState.EXPERT: _("asiantuntijalla"),
    CaseState.APPROVAL: _("vastaus odottaa hyväksyntää"),
    CaseState.GOING_OUT: _("lähdössä"),
    CaseState.TROUBLE: _("ongelmissa"),
    CaseState.DONE: _("valmis"),
}
"""Where a single item stands; the queues' own names are in the plural."""


def standing(state: CaseState) -> str:
    """The words for where one item stands."""
    return _standing(state, spoken())


def word(value: StrEnum) -> str:
    """The word for a member of one of the domain's enums."""
    return _word(type(value), value, spoken())


# There are as many as there are members and languages: a page says some of them thirty times over.
@cache
def _standing(state: CaseState, _language: str) -> str:
    return str(STANDINGS[state])


@cache
def _word(kind: type[StrEnum], value: StrEnum, _language: str) -> str:
    return str(WORDS[kind][value])


def register(app: Flask) -> None:
    """Give the templates of `app` the filters `word` and `standing`."""
    app.jinja_env.filters.update(word=word, standing=standing)
