"""The forms of the settings about people's data: for how long what is kept, and how names are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import ValidationError

from tjs_moderation.domain.retention import MOST_DAYS, Kept, is_possible, least_days
from tjs_moderation.extensions import db
from tjs_moderation.services import keeping
from tjs_moderation.services.options import Options
from tjs_moderation.services.transaction import Actor
from tjs_moderation.web.change_words import KEPT_LABELS
from tjs_moderation.web.fields import WholeNumberField
from tjs_moderation.web.setting_forms import OptionForm


def _within(form: OptionForm, field: WholeNumberField) -> None:
    kind = Kept(field.short_name)
    if field.data is not None and not is_possible(kind, field.data):
        bounds = {"least": least_days(kind), "most": MOST_DAYS}
        raise ValidationError(gettext("Kirjoita päiviä vähintään %(least)s ja enintään %(most)s.", **bounds))


def _days(kind: Kept, about: str) -> WholeNumberField:
    return WholeNumberField(
        KEPT_LABELS[kind], description=about, validators=[_within], render_kw={"inputmode": "numeric"}
    )


class RetentionForm(OptionForm):
    """For how many days each kind is kept."""

    fault_at = "comments"

    comments = _days(Kept.COMMENTS, _("Kanavassa näkyvät kommentit, viimeisestä käsittelystä. Facebookiin ne jäävät."))
    removed = _days(Kept.REMOVED, _("Poistetut kommentit todisteineen. Oikaisua voi pyytää puoli vuotta."))
    messages = _days(Kept.MESSAGES, _("Yksityisviestit ja vastauksemme niihin."))
    drafts = _days(Kept.DRAFTS, _("Vastausten luonnokset ja versiot, joita ei julkaistu."))
    raw_events = _days(Kept.RAW_EVENTS, _("Kanavan lähettämät tapahtumat sellaisinaan."))
    logs = _days(Kept.LOGS, _("Tuontien hylätyt rivit ja tiedostojen nimet."))

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {str(kind): days for kind, days in keeping.retention(db.session()).items()}

    def save(self, actor: Actor) -> None:
        keeping.set_retention(actor, {kind: self[str(kind)].data for kind in Kept}, self.number)


class InitialsForm(OptionForm):
    """Whether names are shown as initials."""

    fault_at = "is_on"

    is_on = BooleanField(
        _("Näytä kirjoittajien nimet alkukirjaimina"),
        description=_("Koko nimi näkyy silti poiston todisteissa ja tietosuojasivulla."),
    )

    @classmethod
    def told(cls, now: Options) -> dict[str, Any]:
        return {"is_on": keeping.has_initials(db.session())}

    @classmethod
    def parts(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"is_on": kept[keeping.INITIALS]} if keeping.INITIALS in kept else {}

    def save(self, actor: Actor) -> None:
        keeping.set_initials(actor, self.is_on.data, self.number)


KEEPING_FORMS: dict[str, type[OptionForm]] = {keeping.RETENTION: RetentionForm, keeping.INITIALS: InitialsForm}
"""The form of each of these settings, by its name."""


def kept_in_words() -> str:
    """For how long the two most important kinds are kept."""
    days = keeping.retention(db.session())
    facts = {"removed": days[Kept.REMOVED], "messages": days[Kept.MESSAGES]}
    return str(gettext("Poistetut todisteineen %(removed)s päivää, yksityisviestit %(messages)s päivää.", **facts))


def names_in_words() -> str:
    """How names are shown."""
    is_on = keeping.has_initials(db.session())
    return str(gettext("Alkukirjaimina.") if is_on else gettext("Kokonaan, kuten kanava ne kertoo."))
