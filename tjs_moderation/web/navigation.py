"""The places of the console, and who is shown the way to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import GRANTS, Role
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
    return _open_to(me().role)


# Which view asks for what is the same as long as the process lives.
@cache
def _open_to(role: Role) -> tuple[Place, ...]:
    asked = {place: access_of(current_app.view_functions.get(place.endpoint)) for place in PLACES}
    return tuple(place for place, access in asked.items() if access and not GRANTS[role].isdisjoint(access.any_of))


def here() -> str:
    """The family of pages (its blueprint) that the page looked at belongs to."""
    return (request.endpoint or "").partition(".")[0]


def way(endpoint: str, **values: Any) -> str:
    """The address of a view, as Flask tells it; one that nothing is put into is the same on every page."""
    return url_for(endpoint, **values) if values or not has_request_context() else _way(request.script_root, endpoint)


@lru_cache(maxsize=256)
def _way(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def register(app: Flask) -> None:
    """Give the templates of `app` the functions `places`, `here` and `url_for`."""
    app.jinja_env.globals.update(places=places, here=here, url_for=way)
