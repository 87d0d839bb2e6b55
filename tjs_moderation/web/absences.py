"""Who is away and has whom in their place: everybody's absences, for those who route questions or run people."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.services import absences
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.fields import DayField
from tjs_moderation.web.forms import number_or_none
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("absences", __name__, url_prefix="/people/absences")

RUN_BY = (Permission.ROUTE, Permission.RUN_PEOPLE)
"""Who may tell of anybody's absence."""

_AS_WRITTEN = _("Esimerkiksi 24.12.2026.")
_TYPED = {"autocomplete": "off"}
_FIELD_AT_FAULT = {"absence_order": "last_day", "absence_over": "last_day", "absence_substitute": "substitute"}


class OwnAbsenceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """When I am away, and who answers in my place."""

    first_day = DayField(_("Ensimmäinen poissaolopäivä"), description=_AS_WRITTEN, render_kw=_TYPED)
    last_day = DayField(_("Viimeinen poissaolopäivä"), description=_AS_WRITTEN, render_kw=_TYPED)
    substitute = SelectField(
        _("Sijainen"),
        coerce=number_or_none,
        description=_("Hänelle ohjataan kysymykset, joiden määräaika on ennen paluuta. Ilman sijaista: tiedottajalle."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.people = [(person.id, person.name) for person in absences.substitutes()]
        others = [(number, name) for number, name in self.people if number != me().id]
        self.substitute.choices = [("", gettext("Ei sijaista")), *others]

    def save(self, person_id: int) -> bool:
        """Have it kept; gives whether it could be, and tells at the field why not."""
        is_valid, first_day, last_day = self.validate(), self.first_day.data, self.last_day.data
        if not is_valid or first_day is None or last_day is None:
            return False
        try:
            absences.add_absence(me().id, person_id, first_day, last_day, self.substitute.data)
        except InvalidInputError as error:
            self[_FIELD_AT_FAULT.get(str(error), "first_day")].errors = [sentence(error)]
            return False
        flash(gettext("Poissaolo on merkitty."), "done")
        return True


class AbsenceForm(OwnAbsenceForm):
    """The same for anybody."""

    person = SelectField(_("Kuka on poissa"), coerce=number_or_none, validators=[InputRequired(_("Valitse henkilö."))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = [("", gettext("Valitse")), *self.people]
        self.substitute.choices = [("", gettext("Ei sijaista")), *self.people]


@blueprint.get("")
@permission(*RUN_BY)
def index() -> str:
    """Everybody's absences, and a form for another."""
    return _page(AbsenceForm(formdata=None))


@blueprint.post("")
@permission(*RUN_BY)
def add() -> ResponseReturnValue:
    """Tell of an absence."""
    form = AbsenceForm()
    if form.save(form.person.data or 0):
        return redirect(url_for("absences.index"))
    return _page(form), 422


@blueprint.post("/<int(max=2147483647):absence_id>/end")
@permission(Permission.DRAFT_ANSWER, *RUN_BY)
def end(absence_id: int) -> ResponseReturnValue:
    """Take an absence away; my own, or anybody's."""
    absences.end_absence(me().id, absence_id)
    flash(gettext("Poissaolo on poistettu."), "done")
    return redirect(url_for("own_duties.show" if request.form.get("from") == "own" else "absences.index"))


def _page(form: AbsenceForm) -> str:
    return render_template("absences/index.html", form=form, absences=absences.coming())
