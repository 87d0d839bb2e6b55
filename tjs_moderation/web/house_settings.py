"""The house's settings: what is set, where it can be changed and by whom, and a form for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.services import changes, first_steps, keeping, options
from tjs_moderation.services.transaction import look_anew, user
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.change_words import tell
from tjs_moderation.web.keeping_forms import KEEPING_FORMS, kept_in_words, names_in_words
from tjs_moderation.web.merging import base_of, merged
from tjs_moderation.web.sentences import sentence
from tjs_moderation.web.setting_forms import FORMS, OptionForm

blueprint = Blueprint("house_settings", __name__, url_prefix="/settings")

SEEN_BY = (Permission.EDIT_RULES, Permission.RUN_SETTINGS)
"""Who may look at the settings; each asks for one of them to be changed."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The page of one setting: who may change it, what it is for, and where else it is set."""

    option: str
    path: str
    title: object
    about: object
    asks: Permission
    elsewhere: object
    help: str
    """The part of the guide that tells more."""

    @property
    def form(self) -> type[OptionForm]:
        return (FORMS | KEEPING_FORMS)[self.option]


_ONLY_HERE = _("Asetetaan vain täällä.")

PANELS = (
    Panel(
        options.HOLD_BACK,
        "hold-back",
        _("Varoajat"),
        _("Näin monta minuuttia päätös odottaa ennen kuin se lähtee kanavaan. Sen ajan sen voi vielä perua."),
        Permission.RUN_SETTINGS,
        _("Ympäristömuuttuja TJS_HOLD_BACK_SECONDS määrää kaikki varoajat sekunteina, jos se on asetettu."),
        "varoajat",
    ),
    Panel(
        options.FOUR_EYES,
        "four-eyes",
        _("Neljän silmän sääntö"),
        _("Kun sääntö on käytössä, kukaan ei hyväksy vastausta, jonka on itse kirjoittanut."),
        Permission.RUN_SETTINGS,
        _ONLY_HERE,
        "neljän-silmän-sääntö",
    ),
    Panel(
        options.AUTOMATIC,
        "automatic",
        _("Automaattinen piilottaminen"),
        _("Säännöt voivat piilottaa selvän loukkauksen, kun ketään ei ole töissä. Ihminen katsoo jokaisen perästä."),
        Permission.EDIT_RULES,
        _("Saman tekee komento tjs-moderation rules automatic."),
        "automaattinen-piilottaminen",
    ),
    Panel(
        options.BULK_CAP,
        "bulk-cap",
        _("Joukkopäätösten yläraja"),
        _("Näin monesta viestistä voi päättää yhdellä kertaa."),
        Permission.RUN_SETTINGS,
        _("Ympäristömuuttuja TJS_BULK_CAP määrää ylärajan, jos se on asetettu."),
        "monta-kerralla",
    ),
    Panel(
        options.ANSWER_TIME,
        "answer-time",
        _("Vastausajat"),
        _("Kuinka pian kysymykseen vastataan, työajassa laskettuna. Aiheella voi olla oma aikansa."),
        Permission.EDIT_RULES,
        _ONLY_HERE,
        "vastausajat",
    ),
    Panel(
        options.OFFICE_HOURS,
        "office-hours",
        _("Työajat"),
        _("Milloin joku on paikalla. Suomen pyhät ovat aina vapaita."),
        Permission.RUN_SETTINGS,
        _("Asetetaan vain täällä. Aikavyöhykkeen määrää ympäristömuuttuja TJS_TIMEZONE."),
        "työajat",
    ),
    Panel(
        options.MAIL_QUOTING,
        "mail-quoting",
        _("Sähköpostin lainaukset"),
        _("Kuinka paljon yleisön viesteistä saa näkyä ilmoituksissa, jotka lähtevät sähköpostiin."),
        Permission.RUN_SETTINGS,
        _ONLY_HERE,
        "ilmoitukset",
    ),
    Panel(
        options.DRAFT_CHECKS,
        "draft-checks",
        _("Vastausten tarkistukset"),
        _("Mistä vastauksen kirjoittajalle huomautetaan, ja mikä estää lähettämisen."),
        Permission.EDIT_RULES,
        _ONLY_HERE,
        "vastausten-tarkistukset",
    ),
    Panel(
        options.LANGUAGES,
        "languages",
        _("Kielet"),
        _("Millä kielellä konsoli puhuu, ja millä kielillä yleisö voi lukea sivun säännöt."),
        Permission.RUN_SETTINGS,
        _("Ympäristömuuttuja TJS_LOCALE määrää konsolin kielen, jos se on asetettu."),
        "kielet",
    ),
    Panel(
        keeping.RETENTION,
        "retention",
        _("Säilytysajat"),
        _("Kuinka kauan mitäkin säilytetään. Kun aika on täynnä, konsoli poistaa tekstit ja nimet itsestään yöllä."),
        Permission.RUN_SETTINGS,
        _ONLY_HERE,
        "tietosuoja",
    ),
    Panel(
        keeping.INITIALS,
        "names",
        _("Kirjoittajien nimet"),
        _("Näytetäänkö yleisön nimet konsolissa kokonaan vai alkukirjaimina."),
        Permission.RUN_SETTINGS,
        _ONLY_HERE,
        "tietosuoja",
    ),
)


@blueprint.get("")
@permission(*SEEN_BY)
def index() -> str:
    """Everything that is set, and the way to where it is changed."""
    return render_template(
        "settings/index.html",
        panels=PANELS,
        now=options.everything(db.session()),
        environment=_environment(),
        steps=first_steps.first_steps(),
    )


def _show(panel: Panel) -> Callable[[], str]:
    def show() -> str:
        now = options.everything(db.session())
        number = changes.number_of(db.session(), options.subject_of(panel.option))
        return _page(panel, panel.form(formdata=None, data=panel.form.told(now) | {"seen": number}))

    return show


def _save(panel: Panel) -> Callable[[], ResponseReturnValue]:
    def save() -> ResponseReturnValue:
        form = panel.form()
        if not form.validate():
            return _page(panel, form), 422
        try:
            form.save(user(me().id))
        except InvalidInputError as error:
            form[form.fault_at].errors = [sentence(error)]
            return _page(panel, form), 422
        except ConflictError:
            return _overtaken(panel, form), 409
        flash(gettext("Tallennettu."), "done")
        return redirect(url_for(f"house_settings.{panel.option}"))

    return save


def _overtaken(panel: Panel, form: OptionForm) -> str:
    """The page with what both have changed; sent again, it counts as made on the newest."""
    look_anew()
    since = changes.changes_of(db.session(), options.subject_of(panel.option), after=form.number)
    now, base = panel.form.told(options.everything(db.session())), panel.form.parts(base_of(since))
    for name in base.keys() & now.keys():
        form.show(name, merged(base[name], now[name], form[name].data))
    form.show("seen", str(changes.number_of(db.session(), options.subject_of(panel.option))))
    return _page(panel, form, since)


def _page(panel: Panel, form: OptionForm, since: Sequence[changes.Change] = ()) -> str:
    history = changes.changes_of(db.session(), options.subject_of(panel.option))
    return render_template(
        "settings/option.html",
        panel=panel,
        form=form,
        is_fixed=options.is_fixed(panel.option) and panel.option != options.LANGUAGES,
        fixed_by=options.FIXED_BY.get(panel.option, "") if options.is_fixed(panel.option) else "",
        overtaken=tell(since, {}),
        history=tell(history, {}),
    )


def _environment() -> list[tuple[str, str, str]]:
    """What only the environment sets: its name, what it is, and the value in use. Secrets are not shown."""
    settings = ports().settings
    told = [
        ("TJS_BASE_URL", gettext("Konsolin osoite"), settings.base_url),
        ("TJS_TIMEZONE", gettext("Aikavyöhyke"), settings.timezone),
        ("TJS_DATABASE_URL", gettext("Tietokanta"), "SQLite" if settings.is_sqlite else "PostgreSQL"),
        ("TJS_QUEUE_URL", gettext("Tehtäväjono"), settings.queue_url.partition(":")[0]),
        ("TJS_MAIL_FROM", gettext("Sähköpostin lähettäjä"), settings.mail.sent_from),
    ]
    given, usual = gettext("ympäristöstä"), gettext("oletus")
    return [
        (name, what, f"{value or '–'} ({given if name in settings.given else usual})") for name, what, value in told
    ]


blueprint.add_app_template_global(kept_in_words)
blueprint.add_app_template_global(names_in_words)
for _panel in PANELS:
    blueprint.add_url_rule(f"/{_panel.path}", _panel.option, permission(*SEEN_BY)(_show(_panel)))
    _saving = permission(_panel.asks)(_save(_panel))
    blueprint.add_url_rule(f"/{_panel.path}", f"save_{_panel.option}", _saving, methods=["POST"])
