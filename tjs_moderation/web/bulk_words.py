"""What is said of deciding many items as one: before, while it goes on, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import BulkKind
from tjs_moderation.errors import TransitionError
from tjs_moderation.web.chronicle import Names
from tjs_moderation.web.sentences import BY_CODE, sentence, verb_words

TITLES: Mapping[BulkKind, object] = {
    BulkKind.KEEP: _("Säilytä monta kerralla"),
    BulkKind.REMOVE: _("Poista näkyvistä monta kerralla"),
    BulkKind.WEIGH: _("Jätä monta punnittavaksi"),
    BulkKind.ROUTE: _("Ohjaa monta kerralla"),
    BulkKind.TAKE_BACK: _("Peru joukkopäätös"),
}

NAMES: Mapping[BulkKind, object] = {
    BulkKind.KEEP: _("Säilyttäminen"),
    BulkKind.REMOVE: _("Poistaminen näkyvistä"),
    BulkKind.WEIGH: _("Jättäminen punnittavaksi"),
    BulkKind.ROUTE: _("Ohjaaminen"),
    BulkKind.TAKE_BACK: _("Peruminen"),
}


def will(kind: BulkKind, count: int) -> str:
    """What will happen to so many."""
    told = {
        BulkKind.KEEP: ngettext("%(num)s viesti säilytetään.", "%(num)s viestiä säilytetään.", count),
        BulkKind.REMOVE: ngettext(
            "%(num)s viesti poistetaan näkyvistä.", "%(num)s viestiä poistetaan näkyvistä.", count
        ),
        BulkKind.WEIGH: ngettext(
            "%(num)s viesti jätetään punnittavaksi.", "%(num)s viestiä jätetään punnittavaksi.", count
        ),
        BulkKind.ROUTE: ngettext("%(num)s viesti ohjataan.", "%(num)s viestiä ohjataan.", count),
        BulkKind.TAKE_BACK: ngettext("%(num)s päätös perutaan.", "%(num)s päätöstä perutaan.", count),
    }
    return str(told[kind])


def was(kind: BulkKind, count: int) -> str:
    """What has happened to so many."""
    told = {
        BulkKind.KEEP: ngettext("%(num)s viesti säilytettiin.", "%(num)s viestiä säilytettiin.", count),
        BulkKind.REMOVE: ngettext(
            "%(num)s viesti päätettiin poistaa näkyvistä.", "%(num)s viestiä päätettiin poistaa näkyvistä.", count
        ),
        BulkKind.WEIGH: ngettext(
            "%(num)s viesti jätettiin punnittavaksi.", "%(num)s viestiä jätettiin punnittavaksi.", count
        ),
        BulkKind.ROUTE: ngettext("%(num)s viesti ohjattiin.", "%(num)s viestiä ohjattiin.", count),
        BulkKind.TAKE_BACK: ngettext("%(num)s päätös peruttiin.", "%(num)s päätöstä peruttiin.", count),
    }
    return str(told[kind])


def button(kind: BulkKind, count: int) -> str:
    """What the button says that does it."""
    told = {
        BulkKind.KEEP: ngettext("Säilytä %(num)s viesti", "Säilytä %(num)s viestiä", count),
        BulkKind.REMOVE: ngettext("Poista näkyvistä %(num)s viesti", "Poista näkyvistä %(num)s viestiä", count),
        BulkKind.WEIGH: ngettext("Jätä punnittavaksi %(num)s viesti", "Jätä punnittavaksi %(num)s viestiä", count),
        BulkKind.ROUTE: ngettext("Ohjaa %(num)s viesti", "Ohjaa %(num)s viestiä", count),
    }
    return str(told[kind])


def left_alone(count: int) -> str:
    """That so many stay as they are."""
    return str(ngettext("%(num)s viesti jää ennalleen.", "%(num)s viestiä jää ennalleen.", count))


def left_out(kind: BulkKind, count: int) -> str:
    """That so many were skipped."""
    if kind is BulkKind.TAKE_BACK:
        return str(ngettext("%(num)s päätöstä ei voitu perua.", "%(num)s päätöstä ei voitu perua.", count))
    return str(ngettext("%(num)s viesti jäi väliin.", "%(num)s viestiä jäi väliin.", count))


def why_left(why: str, actor: str, verb: str, names: Names) -> str:
    """Why an item was left as it is, with who did what to it where somebody did."""
    told = str(BY_CODE.get(why) or sentence(TransitionError(why)))
    if not actor:
        return told
    deed = gettext("%(who)s %(what)s", who=names.of_actor(actor), what=verb_words(verb))
    return f"{told} {deed}."
