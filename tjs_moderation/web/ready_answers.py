"""Vastauspohjat: texts to begin an answer with, kept by the tiedottaja and by the experts of each topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tjs_moderation.domain.drafting.blanks import KNOWN
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.services import changes, desk, ready_answers
from tjs_moderation.services.ready_answers import Draft, Sheet
from tjs_moderation.services.transaction import look_anew
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.change_words import tell
from tjs_moderation.web.fields import DayField
from tjs_moderation.web.forms import is_yes_sent, number_asked, number_chosen, number_sent
from tjs_moderation.web.merging import base_of, merged
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("ready_answers", __name__, url_prefix="/vastauspohjat")

ONE = "/<int(max=2147483647):ready_id>"

_FIELD_AT_FAULT = {"ready_text": "text", "ready_sources": "sources", "ready_owner": "owner", "unknown_topic": "topic"}


def _id_or_none(written: Any) -> int | None:
    """The id of a choice; None for the empty one."""
    return int(written) if written else None


class ReadyAnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A ready answer. `seen` is the number of the change it was filled in on, `answer` the answer it is made of."""

    title = StringField(
        _("Nimi"),
        description=_("Millä työtoveri löytää sen, esimerkiksi: eläkkeen kertyminen pätkätyöstä."),
        validators=[
            InputRequired(_("Kirjoita nimi.")),
            Length(max=ready_answers.LONGEST_TITLE, message=_("Nimessä saa olla enintään 120 merkkiä.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    text = TextAreaField(
        _("Teksti"),
        description=_(
            "Kohdat {nimi}, {aihe} ja {päivä} täyttyvät itsestään. Muut {kohdat} täyttää vastaaja, "
            "eikä vastaus lähde ennen sitä."
        ),
        validators=[
            InputRequired(_("Kirjoita teksti.")),
            Length(max=ready_answers.LONGEST_TEXT, message=_("Tekstissä saa olla enintään 8000 merkkiä.")),
        ],
    )
    sources = TextAreaField(
        _("Lähteet"),
        description=_("Linkit ja lainkohdat työtovereille. Ei lähde kysyjälle."),
        validators=[Length(max=ready_answers.LONGEST_SOURCES, message=_("Lähteissä saa olla enintään 4000 merkkiä."))],
    )
    topic = SelectField(_("Aihe"), coerce=_id_or_none)
    owner = SelectField(_("Vastuuhenkilö"), description=_("Pitää huolen, että pohja pysyy ajan tasalla."), coerce=int)
    best_before = DayField(
        _("Parasta ennen"),
        description=_("Sen jälkeen pohja merkitään vanhentuneeksi ja tarjotaan viimeisenä."),
        validators=[Optional()],
    )
    seen = HiddenField()
    answer = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        general = [("", gettext("Kaikkiin kysymyksiin"))] if ready_answers.may_keep_general(me()) else []
        self.topic.choices = [*general, *ready_answers.topics_to_keep(me())]
        self.owner.choices = [(person.id, person.name) for person in ready_answers.possible_owners()]

    @property
    def draft(self) -> Draft:
        """What the person says of it."""
        return Draft(
            self.title.data or "",
            (self.text.data or "").replace("\r\n", "\n"),
            self.owner.data,
            (self.sources.data or "").replace("\r\n", "\n"),
            self.topic.data,
            self.best_before.data,
        )


@blueprint.get("")
@permission(Permission.DRAFT_ANSWER)
def index() -> str:
    """Every ready answer."""
    return render_template("ready_answers/index.html", sheets=ready_answers.sheets(me()), keeps=_keeps_some())


@blueprint.get("/new")
@permission(Permission.DRAFT_ANSWER)
def new() -> str:
    """A form for another; `answer` names an answer that was given, to make it of."""
    answer_id = number_asked("answer")
    draft = ready_answers.begun_from(me(), answer_id) if answer_id else Draft("", "", me().id)
    return _page(None, ReadyAnswerForm(formdata=None, data=_filled(draft) | {"answer": answer_id or ""}))


@blueprint.post("/new")
@permission(Permission.DRAFT_ANSWER)
def add() -> ResponseReturnValue:
    """Add it."""
    form = ReadyAnswerForm()
    if not form.validate():
        return _page(None, form), 422
    try:
        ready_answers.add(me().id, form.draft, number_chosen("answer"))
    except InvalidInputError as error:
        return _refused(None, form, error), 422
    flash(gettext("Vastauspohja on lisätty."), "done")
    return redirect(url_for("ready_answers.index"))


@blueprint.get(ONE)
@permission(Permission.DRAFT_ANSWER)
def show(ready_id: int) -> str:
    """One of them, to be read or changed."""
    sheet = ready_answers.sheet(me(), ready_id)
    return _page(sheet, ReadyAnswerForm(formdata=None, data=_told(sheet) | {"seen": sheet.number}))


@blueprint.post(ONE)
@permission(Permission.DRAFT_ANSWER)
def change(ready_id: int) -> ResponseReturnValue:
    """Change it."""
    form, seen = ReadyAnswerForm(), number_sent("seen")
    if not form.validate():
        return _page(ready_answers.sheet(me(), ready_id), form), 422
    try:
        ready_answers.change(me().id, ready_id, form.draft, seen)
    except InvalidInputError as error:
        return _refused(ready_answers.sheet(me(), ready_id), form, error), 422
    except ConflictError:
        return _overtaken(ready_id, form, seen), 409
    flash(gettext("Vastauspohja on tallennettu."), "done")
    return redirect(url_for("ready_answers.index"))


@blueprint.post(f"{ONE}/use")
@permission(Permission.DRAFT_ANSWER)
def set_in_use(ready_id: int) -> ResponseReturnValue:
    """Take it out of use, or back into it."""
    is_active = is_yes_sent("is_active")
    ready_answers.set_in_use(me().id, ready_id, is_active, number_sent("seen"))
    flash(gettext("Pohja on taas käytössä.") if is_active else gettext("Pohja on poistettu käytöstä."), "done")
    return redirect(url_for("ready_answers.index"))


def _keeps_some() -> bool:
    return ready_answers.may_keep_general(me()) or bool(ready_answers.topics_to_keep(me()))


def _told(sheet: Sheet) -> dict[str, Any]:
    ready = sheet.ready
    return _filled(Draft(ready.title, ready.text, ready.owner_id, ready.sources, ready.topic_id, ready.best_before))


def _filled(draft: Draft) -> dict[str, Any]:
    """What the fields hold of a ready answer as it stands."""
    return {
        "title": draft.title,
        "text": draft.text,
        "sources": draft.sources,
        "topic": draft.topic_id,
        "owner": draft.owner_id,
        "best_before": draft.best_before,
    }


def _refused(sheet: Sheet | None, form: ReadyAnswerForm, error: InvalidInputError) -> str:
    form[_FIELD_AT_FAULT.get(str(error), "title")].errors = [sentence(error)]
    return _page(sheet, form)


def _overtaken(ready_id: int, form: ReadyAnswerForm, seen: int) -> str:
    """The page with what both have changed; sent again, it counts as made on the newest."""
    look_anew()
    since = changes.changes_of(db.session(), ready_answers.subject_of(ready_id), after=seen)
    sheet = ready_answers.sheet(me(), ready_id)
    base, now = base_of(since), _told(sheet)
    for name in base.keys() & {"title", "text", "sources", "owner"}:
        form[name].data = merged(base[name], now[name], form[name].data)
    form.seen.data = str(sheet.number)
    return _page(sheet, form, since)


def _page(sheet: Sheet | None, form: ReadyAnswerForm, since: Sequence[changes.Change] = ()) -> str:
    subject = ready_answers.subject_of(sheet.ready.id) if sheet else ""
    history = changes.changes_of(db.session(), subject) if sheet else ()
    names = desk.names_of(changes.people_in([*since, *history]))
    return render_template(
        "ready_answers/edit.html",
        form=form,
        sheet=sheet,
        may_keep=sheet.may_keep if sheet else _keeps_some(),
        known=KNOWN,
        overtaken=tell(since, names),
        history=tell(history, names),
    )
