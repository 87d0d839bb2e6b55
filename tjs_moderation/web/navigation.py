"""The places of the console, and who is shown the way to them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _

from tjs_moderation.models import User
from tjs_moderation.web.access import access_of, me


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: the view it leads to, and its name."""

    endpoint: str
    label: object = field(compare=False)
    inner: tuple[str, ...] = ()
    """Blueprints whose pages belong here as well."""

    @property
    def families(self) -> tuple[str, ...]:
        """The blueprints whose pages all belong to this place."""
        return (self.endpoint.partition(".")[0], *self.inner)


PLACES = (
    Place("morning.show", _("Työpöytä")),
    Place("queues.front", _("Jonot")),
    Place("by_hand.show", _("Käsin tehtävät")),
    Place("ready_answers.index", _("Vastauspohjat")),
    Place("importing.index", _("Tuonti")),
    Place("rules.desk", _("Säännöt"), ("page_rules", "rule_editing", "rule_trials", "rule_versions")),
    Place("numbers.show", _("Luvut")),
    Place("people.index", _("Ihmiset")),
    Place("absences.index", _("Poissaolot")),
    Place("channels.index", _("Kanavat"), ("connecting",)),
    Place("checkup.show", _("Kunto")),
    Place("hints.index", _("Tapahtumat")),
    Place("proof.index", _("Todisteet")),
    Place("privacy.index", _("Tietosuoja")),
    Place("house_settings.index", _("Asetukset"), ("topics", "reasons", "first_steps")),
)


def places() -> tuple[Place, ...]:
    """The places this person may go to. Only for pages of those who have signed in."""
    person = me()
    return tuple(place for place in PLACES if _is_open(place, person))


def _is_open(place: Place, person: User) -> bool:
    access = access_of(current_app.view_functions.get(place.endpoint))
    return access is not None and any(person.may(asked) for asked in access.any_of)


def here() -> str:
    """The family of pages (its blueprint) that the page looked at belongs to."""
    return (request.endpoint or "").partition(".")[0]


def register(app: Flask) -> None:
    """Give the templates of `app` the functions `places` and `here`."""
    app.jinja_env.globals.update(places=places, here=here)
