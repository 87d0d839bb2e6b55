"""The topics: what each is called, who answers on it, and by which words it is known. The one place for all of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from tjs_moderation.domain.deadlines import LONGEST, USUAL_TIME, AnswerTime
from tjs_moderation.domain.rulebook.topic_text import CODE, TopicWords, faulty_examples, faulty_words
from tjs_moderation.domain.vocabulary import Permission, TimeUnit
from tjs_moderation.errors import ConflictError, InvalidInputError, TjsError
from tjs_moderation.extensions import db
from tjs_moderation.services import changes, desk, options, topics
from tjs_moderation.services.topics import Draft, Sheet
from tjs_moderation.services.transaction import look_anew, user
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.change_words import tell
from tjs_moderation.web.errors import status_of
from tjs_moderation.web.fields import ChecksField, WholeNumberField, at_least_one, at_most, entries_of, lines_of
from tjs_moderation.web.forms import is_yes_sent, number_sent
from tjs_moderation.web.house_settings import SEEN_BY
from tjs_moderation.web.merging import base_of, merged, merged_list
from tjs_moderation.web.sentences import sentence
from tjs_moderation.web.words import word

blueprint = Blueprint("topics", __name__, url_prefix="/settings/topics")

ONE = "/<int(max=2147483647):topic_id>"
LONGEST_LIST = 100_000

_FIELD_AT_FAULT = {
    "topic_code": "code",
    "topic_code_in_use": "code",
    "topic_words_missing": "hints",
    "unknown_expert": "experts",
}


class TopicForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What a topic is. `seen` and `rules` say on which sight of it the form was filled in."""

    name = StringField(
        _("Nimi"),
        validators=[
            InputRequired(_("Kirjoita nimi.")),
            Length(max=topics.LONGEST_NAME, message=_("Nimessä saa olla enintään 120 merkkiä.")),
            Regexp(r"[^#]*$", message=_("Nimessä ei voi olla #-merkkiä.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    experts = ChecksField(_("Asiantuntijat"), coerce=int)
    is_open_to_all = BooleanField(_("Kuka tahansa asiantuntija voi ottaa kysymyksen"))
    answer_amount = WholeNumberField(
        _("Oma vastausaika"),
        description=_("Tyhjänä aika on sama kuin talossa muuten."),
        validators=[Optional(), at_least_one, at_most(LONGEST, _("Vastausaika voi olla enintään 100."))],
        render_kw={"inputmode": "numeric"},
    )
    answer_unit = SelectField(_("Vastausajan yksikkö"), default=TimeUnit.DAYS.value)
    hints = TextAreaField(
        _("Sanat, jotka viittaavat aiheeseen"),
        description=_("Perusmuodossa, pilkuin tai rivinvaihdoin erotettuina. Konsoli tuntee taivutetut muodot."),
        validators=[Length(max=LONGEST_LIST, message=_("Luettelo on liian pitkä."))],
    )
    sure = TextAreaField(
        _("Varmat sanat"),
        description=_("Yksi riittää: viesti koskee tätä aihetta. Myös ilmauksia: epäasiallinen kohtelu."),
        validators=[Length(max=LONGEST_LIST, message=_("Luettelo on liian pitkä."))],
    )
    examples = TextAreaField(
        _("Esimerkkejä"),
        description=_("Lauseita, joilla aiheesta kysytään, yksi riville. Konsoli tunnistaa samantapaiset."),
        validators=[Length(max=LONGEST_LIST, message=_("Luettelo on liian pitkä."))],
    )
    seen = HiddenField()
    rules = HiddenField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.experts.choices = [(person.id, person.name) for person in topics.possible_experts()]
        self.answer_unit.choices = [(unit.value, word(unit)) for unit in TimeUnit]

    def validate_hints(self, field: TextAreaField) -> None:
        """Every entry can be looked for, and there is something to know the topic by."""
        _check_entries(field)
        if self.words.is_empty:
            raise ValidationError(gettext("Kirjoita ainakin yksi sana tai esimerkki: niistä konsoli tunnistaa aiheen."))

    def validate_sure(self, field: TextAreaField) -> None:
        """Every entry can be looked for."""
        _check_entries(field)

    def validate_examples(self, field: TextAreaField) -> None:
        """Every example is short enough to be one."""
        too_long = faulty_examples(lines_of(field.data or ""))
        if too_long:
            told = ", ".join(f"”{each}”" for each in too_long)
            raise ValidationError(gettext("Esimerkki saa olla enintään 500 merkkiä pitkä: %(examples)s", examples=told))

    @property
    def words(self) -> TopicWords:
        """The words that were written."""
        lists = (
            entries_of(self.hints.data or ""),
            entries_of(self.sure.data or ""),
            lines_of(self.examples.data or ""),
        )
        return TopicWords(*map(tuple, lists))

    @property
    def draft(self) -> Draft:
        """What the person says of the topic."""
        experts = frozenset(self.experts.data or ())
        amount, unit = self.answer_amount.data, TimeUnit(self.answer_unit.data)
        allowed = None if amount is None else AnswerTime(amount, unit)
        return Draft(self.name.data or "", self.words, experts, bool(self.is_open_to_all.data), allowed)


class NewTopicForm(TopicForm):
    """The same for one that is not there yet; its code stays as it is given."""

    code = StringField(
        _("Tunnus"),
        description=_("Esimerkiksi palkkaus. Pieniä kirjaimia a–z, numeroita ja yhdysmerkkejä. Sitä ei voi vaihtaa."),
        validators=[
            InputRequired(_("Kirjoita tunnus.")),
            Length(max=topics.LONGEST_CODE, message=_("Tunnuksessa saa olla enintään 60 merkkiä.")),
            Regexp(
                f"^{CODE}$", message=_("Tunnuksessa voi olla vain pieniä kirjaimia a–z, numeroita ja yhdysmerkkejä.")
            ),
        ],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


@blueprint.get("")
@permission(*SEEN_BY)
def index() -> str:
    """Every topic."""
    found = topics.sheets()
    return render_template("topics/index.html", sheets=found, strays=topics.strays(found))


@blueprint.get("/new")
@permission(Permission.EDIT_RULES)
def new() -> str:
    """A form for another topic; `code` names one that the rule set has already."""
    code = request.args.get("code", "")[: topics.LONGEST_CODE]
    words = topics.stray_words(code) if code else TopicWords()
    return _new_page(NewTopicForm(formdata=None, data=_filled(Draft("", words)) | {"code": code}))


@blueprint.post("/new")
@permission(Permission.EDIT_RULES)
def add() -> ResponseReturnValue:
    """Add it."""
    form = NewTopicForm()
    if not form.validate():
        return _new_page(form), 422
    try:
        topics.add_topic(user(me().id), form.code.data or "", form.draft)
    except (InvalidInputError, ConflictError) as error:
        _tell_at_field(form, error)
        return _new_page(form), status_of(error)
    flash(gettext("Aihe on lisätty. Uudet viestit arvioidaan sen kanssa."), "done")
    return redirect(url_for("topics.index"))


@blueprint.get(ONE)
@permission(*SEEN_BY)
def show(topic_id: int) -> str:
    """One topic, to be changed."""
    sheet = topics.sheet(topic_id)
    told = _filled(sheet.draft) | {"seen": sheet.number, "rules": sheet.rules}
    return _page(sheet, TopicForm(formdata=None, data=told))


@blueprint.post(ONE)
@permission(Permission.EDIT_RULES)
def change(topic_id: int) -> ResponseReturnValue:
    """Change it."""
    form, seen = TopicForm(), number_sent("seen")
    if not form.validate():
        return _page(topics.sheet(topic_id), form), 422
    try:
        topics.change_topic(user(me().id), topic_id, form.draft, seen, number_sent("rules"))
    except InvalidInputError as error:
        _tell_at_field(form, error)
        return _page(topics.sheet(topic_id), form), 422
    except ConflictError as error:
        return _overtaken(topic_id, form, seen, error), 409
    flash(gettext("Aihe on tallennettu. Uudet viestit arvioidaan näillä sanoilla."), "done")
    return redirect(url_for("topics.index"))


@blueprint.post(f"{ONE}/use")
@permission(Permission.EDIT_RULES)
def set_in_use(topic_id: int) -> ResponseReturnValue:
    """Take it out of use, or back into it."""
    is_active = is_yes_sent("is_active")
    topics.set_topic_in_use(user(me().id), topic_id, is_active, number_sent("seen"))
    told = (
        gettext("Aihe on taas käytössä.") if is_active else gettext("Aihe on poistettu käytöstä. Mitään ei kadonnut.")
    )
    flash(told, "done")
    return redirect(url_for("topics.index"))


def _check_entries(field: TextAreaField) -> None:
    faults = faulty_words(entries_of(field.data or ""))
    if faults:
        raise ValidationError(gettext("Näitä ei voi hakea tekstistä: %(words)s", words=" ".join(faults[:10])))


def _tell_at_field(form: TopicForm, error: TjsError) -> None:
    name = _FIELD_AT_FAULT.get(str(error), "name")
    form[name if name in form else "name"].errors = [sentence(error)]


def _filled(draft: Draft) -> dict[str, object]:
    """What the fields hold of a topic as it stands."""
    return {
        "name": draft.name,
        "experts": sorted(draft.experts),
        "is_open_to_all": draft.is_open_to_all,
        "answer_amount": draft.answer_time.amount if draft.answer_time else None,
        "answer_unit": (draft.answer_time or USUAL_TIME).unit.value,
        "hints": ", ".join(draft.words.hints),
        "sure": ", ".join(draft.words.sure),
        "examples": "\n".join(draft.words.examples),
    }


def _overtaken(topic_id: int, form: TopicForm, seen: int, error: ConflictError) -> str:
    """The page with what both have changed; sent again, it counts as made on the newest."""
    look_anew()
    since = changes.changes_of(db.session(), topics.subject_of(topic_id), after=seen)
    sheet, base = topics.sheet(topic_id), base_of(since)
    then, now, mine = topics.words_then(sheet.topic, number_sent("rules")), sheet.draft.words, form.words
    told = _filled(sheet.draft)
    form.experts.data = sorted(form.experts.data or ())
    for name in base.keys() & {"name", "experts", "is_open_to_all"}:
        form[name].data = merged(base[name], told[name], form[name].data)
    if "answer_time" in base and options.told_time(form.draft.answer_time) == base["answer_time"]:
        allowed = sheet.draft.answer_time
        form.answer_amount.data, form.answer_amount.raw_data = allowed.amount if allowed else None, None
        form.answer_unit.data = told["answer_unit"]
    form.hints.data = ", ".join(merged_list(then.hints, now.hints, mine.hints))
    form.sure.data = ", ".join(merged_list(then.sure, now.sure, mine.sure))
    form.examples.data = "\n".join(merged_list(then.examples, now.examples, mine.examples))
    for field, number in ((form.seen, sheet.number), (form.rules, sheet.rules)):
        field.data = str(number)
    return _page(sheet, form, since, sentence(error))


def _new_page(form: NewTopicForm) -> str:
    return render_template("topics/edit.html", form=form, sheet=None, overtaken=(), history=(), refusal="")


def _page(sheet: Sheet, form: TopicForm, since: Sequence[changes.Change] = (), refusal: str = "") -> str:
    history = changes.changes_of(db.session(), topics.subject_of(sheet.topic.id))
    names = desk.names_of(changes.people_in([*since, *history]))
    return render_template(
        "topics/edit.html",
        form=form,
        sheet=sheet,
        now=_filled(sheet.draft),
        overtaken=tell(since, names),
        history=tell(history, names),
        refusal=refusal,
    )
