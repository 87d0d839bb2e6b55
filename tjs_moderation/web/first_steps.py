"""The first steps of a new install: what is done, what comes next, and the way to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import first_steps
from tjs_moderation.services.first_steps import FirstSteps, Step
from tjs_moderation.web.access import may, me, permission

blueprint = Blueprint("first_steps", __name__, url_prefix="/first-steps")

SEEN_BY = (Permission.EDIT_RULES, Permission.RUN_SETTINGS)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to take a step: the view it is done in, who may, and what the link says."""

    endpoint: str
    asks: Permission
    label: object

    @property
    def is_open(self) -> bool:
        return may(self.asks)


@dataclass(frozen=True, slots=True)
class Told:
    """A step in words."""

    title: object
    about: object
    ways: Sequence[Way]
    who: object
    help: str


STEPS: Mapping[Step, Told] = {
    Step.PEOPLE: Told(
        _("Ihmiset"),
        _("Lisää tiedottaja, joka päättää, ja atk-suunnittelija, joka pitää konsolia kunnossa. Sitten asiantuntijat."),
        (Way("people.index", Permission.RUN_PEOPLE, _("Lisää ihmisiä")),),
        _("Ihmiset lisää atk-suunnittelija."),
        "ihmiset",
    ),
    Step.SOURCE: Told(
        _("Sivu tai tiedosto"),
        _("Yhdistä Facebook-sivu, tai tuo viestit tiedostosta. Sivun voi yhdistää myöhemminkin."),
        (
            Way("channels.index", Permission.RUN_CHANNELS, _("Yhdistä sivu")),
            Way("importing.index", Permission.IMPORT, _("Tuo tiedosto")),
        ),
        _("Sivun yhdistää atk-suunnittelija."),
        "sivu-tai-tiedosto",
    ),
    Step.TOPICS: Told(
        _("Aiheet ja asiantuntijat"),
        _("Valitse jokaiselle aiheelle asiantuntija, tai poista aihe käytöstä. Kysymykset ohjataan näiden mukaan."),
        (
            Way("topics.index", Permission.EDIT_RULES, _("Aiheet")),
            Way("people.index", Permission.RUN_PEOPLE, _("Ihmisten aiheet")),
        ),
        _("Aiheet hoitaa tiedottaja."),
        "aiheet",
    ),
    Step.RULES: Told(
        _("Säännöt"),
        _("Konsolin mukana tuli valmiit säännöt. Kokeile niitä, muuta tarvittaessa, tai hyväksy ne sellaisinaan."),
        (
            Way("rules.desk", Permission.EDIT_RULES, _("Kokeile sääntöjä")),
            Way("page_rules.show", Permission.EDIT_RULES, _("Sivun säännöt yleisölle")),
        ),
        _("Säännöistä vastaa tiedottaja."),
        "säännöt",
    ),
    Step.ITEMS: Told(
        _("Ensimmäiset viestit"),
        _("Kun viestejä on tullut, ne ovat jonoissa, ja työ voi alkaa."),
        (
            Way("importing.index", Permission.IMPORT, _("Tuo tiedosto")),
            Way("channels.index", Permission.RUN_CHANNELS, _("Lue kanavat")),
        ),
        _("Viestit tuo tiedottaja tai atk-suunnittelija."),
        "sivu-tai-tiedosto",
    ),
}


@blueprint.get("")
@permission(*SEEN_BY)
def show() -> str:
    """What is done and what is not."""
    return render_template(
        "first_steps/show.html",
        steps=first_steps.first_steps(),
        lonely=first_steps.topics_without_expert(),
    )


@blueprint.post("/rules")
@permission(Permission.EDIT_RULES)
def accept_rules() -> ResponseReturnValue:
    """The rules are right as they came."""
    first_steps.accept_rules(me().id)
    flash(gettext("Säännöt on hyväksytty sellaisinaan. Voit muuttaa niitä milloin vain."), "done")
    return redirect(url_for("first_steps.show"))


@blueprint.post("/close")
@permission(*SEEN_BY)
def close() -> ResponseReturnValue:
    """Nobody needs to be led any more."""
    first_steps.close_first_steps(me().id)
    flash(gettext("Ensiaskeleet on suljettu. Löydät ne tarvittaessa asetuksista."), "done")
    return redirect(url_for("morning.show"))


def steps_ahead() -> FirstSteps | None:
    """The first steps, for those who take them and while there are any; None otherwise."""
    if not any(may(asked) for asked in SEEN_BY):
        return None
    steps = first_steps.first_steps()
    return None if steps.are_over else steps


def register(app: Flask) -> None:
    """Give the templates of `app` the function `steps_ahead`."""
    app.jinja_env.globals.update(steps_ahead=steps_ahead, FIRST_STEPS=STEPS)
