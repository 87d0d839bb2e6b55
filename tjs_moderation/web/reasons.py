"""The reasons people choose from when they decide: their codes and their words in three languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.domain.wording import Wording
from tjs_moderation.errors import ConflictError, InvalidInputError, TjsError
from tjs_moderation.extensions import db
from tjs_moderation.models import DecisionReason
from tjs_moderation.services import changes, reasons
from tjs_moderation.services.transaction import look_anew, user
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.change_words import tell
from tjs_moderation.web.errors import status_of
from tjs_moderation.web.forms import is_yes_sent, number_sent
from tjs_moderation.web.house_settings import SEEN_BY
from tjs_moderation.web.merging import base_of, merged
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("reasons", __name__, url_prefix="/settings/reasons")

ONE = "/<int(max=2147483647):reason_id>"

_FIELD_AT_FAULT = {"reason_code": "code", "reason_code_in_use": "code"}
_LENGTH = Length(max=reasons.LONGEST_LABEL, message=_("Kirjoita enintään 200 merkkiä."))


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The words of a reason."""

    fi = StringField(_("Suomeksi"), validators=[InputRequired(_("Kirjoita peruste suomeksi.")), _LENGTH])
    sv = StringField(
        _("Ruotsiksi"),
        description=_("Jos tämä on tyhjä, ruotsinkielisellä sivulla näkyvät suomenkieliset sanat."),
        validators=[_LENGTH],
        render_kw={"lang": "sv"},
    )
    en = StringField(_("Englanniksi"), validators=[_LENGTH], render_kw={"lang": "en"})
    seen = HiddenField()

    @property
    def words(self) -> Wording:
        """What was written."""
        return Wording(self.fi.data or "", self.sv.data or "", self.en.data or "")


class NewReasonForm(ReasonForm):
    """The same for one that is not there yet; code and list stay as they are given."""

    code = StringField(
        _("Tunnus"),
        description=_("Jää merkintöihin, eikä sitä voi vaihtaa. Esimerkiksi copyright."),
        validators=[
            InputRequired(_("Kirjoita tunnus.")),
            Regexp(
                r"^[a-z][a-z0-9_]{1,59}$",
                message=_("Tunnuksessa on 2–60 pientä kirjainta a–z, numeroa tai alaviivaa; ensin kirjain."),
            ),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    kind = RadioField(_("Milloin peruste valitaan"), default="remove")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [
            ("remove", gettext("Kun viesti poistetaan")),
            ("keep", gettext("Kun viesti säilytetään")),
        ]


@blueprint.get("")
@permission(*SEEN_BY)
def index() -> str:
    """Every reason, those of removals first."""
    return render_template("reasons/index.html", listed=reasons.all_reasons())


@blueprint.get("/new")
@permission(Permission.EDIT_RULES)
def new() -> str:
    """A form for another reason."""
    return _new_page(NewReasonForm(formdata=None))


@blueprint.post("/new")
@permission(Permission.EDIT_RULES)
def add() -> ResponseReturnValue:
    """Add it."""
    form = NewReasonForm()
    if not form.validate():
        return _new_page(form), 422
    try:
        reasons.add_reason(user(me().id), form.code.data or "", form.words, for_removal=form.kind.data == "remove")
    except (InvalidInputError, ConflictError) as error:
        _tell_at_field(form, error)
        return _new_page(form), status_of(error)
    flash(gettext("Peruste on lisätty. Se on nyt valittavana, kun viestistä päätetään."), "done")
    return redirect(url_for("reasons.index"))


@blueprint.get(ONE)
@permission(*SEEN_BY)
def show(reason_id: int) -> str:
    """One reason, to be worded anew."""
    reason = reasons.reason_by_id(reason_id)
    number = changes.number_of(db.session(), reasons.subject_of(reason))
    told = {"fi": reason.label, "sv": reason.label_sv, "en": reason.label_en, "seen": number}
    return _page(reason, ReasonForm(formdata=None, data=told))


@blueprint.post(ONE)
@permission(Permission.EDIT_RULES)
def change(reason_id: int) -> ResponseReturnValue:
    """Word it anew."""
    reason, form, seen = reasons.reason_by_id(reason_id), ReasonForm(), number_sent("seen")
    if not form.validate():
        return _page(reason, form), 422
    try:
        reasons.change_reason(user(me().id), reason_id, form.words, seen)
    except InvalidInputError as error:
        _tell_at_field(form, error)
        return _page(reason, form), 422
    except ConflictError:
        return _overtaken(reason_id, form, seen), 409
    flash(gettext("Peruste on tallennettu."), "done")
    return redirect(url_for("reasons.index"))


@blueprint.post(f"{ONE}/use")
@permission(Permission.EDIT_RULES)
def set_in_use(reason_id: int) -> ResponseReturnValue:
    """Take it out of use, or back into it."""
    is_active = is_yes_sent("is_active")
    reasons.set_reason_in_use(user(me().id), reason_id, is_active, number_sent("seen"))
    told = gettext("Peruste on taas käytössä.") if is_active else gettext("Peruste on poistettu käytöstä.")
    flash(told, "done")
    return redirect(url_for("reasons.index"))


def _tell_at_field(form: ReasonForm, error: TjsError) -> None:
    name = _FIELD_AT_FAULT.get(str(error), "fi")
    form[name if name in form else "fi"].errors = [sentence(error)]


def _overtaken(reason_id: int, form: ReasonForm, seen: int) -> str:
    """The page with what both have changed; sent again, it counts as made on the newest."""
    look_anew()
    reason = reasons.reason_by_id(reason_id)
    since = changes.changes_of(db.session(), reasons.subject_of(reason), after=seen)
    form.seen.data = str(changes.number_of(db.session(), reasons.subject_of(reason)))
    now, base = asdict(reason.wording), base_of(since)
    for name in base.keys() & now.keys():
        form[name].data = merged(base[name], now[name], form[name].data)
    return _page(reason, form, since)


def _new_page(form: NewReasonForm) -> str:
    return render_template("reasons/edit.html", form=form, reason=None, overtaken=(), history=())


def _page(reason: DecisionReason, form: ReasonForm, since: Sequence[changes.Change] = ()) -> str:
    history = changes.changes_of(db.session(), reasons.subject_of(reason))
    return render_template(
        "reasons/edit.html", form=form, reason=reason, overtaken=tell(since, {}), history=tell(history, {})
    )
