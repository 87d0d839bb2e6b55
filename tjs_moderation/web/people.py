"""The people who work here: adding them, their topics, opening and closing their accounts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length

from tjs_moderation.domain.vocabulary import Permission, Role
from tjs_moderation.errors import ConflictError, InvalidInputError
from tjs_moderation.services import duties, people
from tjs_moderation.services.transaction import Actor, user
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission, sensitive
from tjs_moderation.web.errors import status_of
from tjs_moderation.web.forms import is_yes_sent, member_sent
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("people", __name__, url_prefix="/people")

ONE = "/<int(max=2147483647):user_id>"

_FIELD_AT_FAULT = {"user_name": "name", "user_email": "email", "email_in_use": "email"}


class AddPersonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Somebody new. What is chosen rather than typed, the role and the topics, is read beside it."""

    name = StringField(_("Nimi"), validators=[InputRequired(_("Kirjoita nimi.")), Length(max=120)])
    email = EmailField(
        _("Sähköposti"),
        description=_("Tällä osoitteella henkilö kirjautuu sisään."),
        validators=[InputRequired(_("Kirjoita sähköpostiosoite.")), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )


@blueprint.get("")
@permission(Permission.RUN_PEOPLE)
def index() -> str:
    """Everybody, and a form to add somebody."""
    return _page(AddPersonForm(formdata=None))


@blueprint.post("")
@permission(Permission.RUN_PEOPLE)
@sensitive
def add() -> ResponseReturnValue:
    """Add somebody; their one-time link is shown on the page that answers, and nowhere else."""
    form = AddPersonForm()
    if not form.validate():
        return _page(form), 422
    name, email, role = form.name.data or "", form.email.data or "", member_sent("role", Role)
    try:
        _, token = people.add_user(_by_me(), name, email, role, _topics_sent())
    except (InvalidInputError, ConflictError) as error:
        form[_FIELD_AT_FAULT.get(str(error), "name")].errors = [sentence(error)]
        return _page(form), status_of(error)
    return _link_page(name, token, is_new=True)


@blueprint.post(f"{ONE}/topics")
@permission(Permission.RUN_PEOPLE)
@sensitive
def set_topics(user_id: int) -> ResponseReturnValue:
    """Say on which topics somebody answers."""
    duties.set_topics(_by_me(), user_id, _topics_sent())
    flash(gettext("Aiheet on tallennettu."), "done")
    return redirect(url_for("people.index"))


@blueprint.post(f"{ONE}/role")
@permission(Permission.RUN_PEOPLE)
@sensitive
def set_role(user_id: int) -> ResponseReturnValue:
    """Give somebody another role. Whoever changes their own comes in anew, since their sign-ins end as well."""
    if duties.set_role(_by_me(), user_id, member_sent("role", Role)):
        flash(gettext("Tehtävä on vaihdettu. Hän kirjautuu sisään uudelleen."), "done")
    return redirect(url_for("people.index"))


@blueprint.post(f"{ONE}/active")
@permission(Permission.RUN_PEOPLE)
@sensitive
def set_active(user_id: int) -> ResponseReturnValue:
    """Open or close somebody's account."""
    is_active = is_yes_sent("is_active")
    people.set_active(_by_me(), user_id, is_active)
    flash(gettext("Tunnus on avattu.") if is_active else gettext("Tunnus on suljettu."), "done")
    return redirect(url_for("people.index"))


@blueprint.post(f"{ONE}/link")
@permission(Permission.RUN_PEOPLE)
@sensitive
def new_link(user_id: int) -> ResponseReturnValue:
    """A new one-time link for somebody; their password and sign-ins end."""
    person = people.by_id(user_id)
    token = people.reset_password(_by_me(), person.email)
    return _link_page(person.name, token, is_new=False)


def _by_me() -> Actor:
    return user(me().id)


def _topics_sent() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("topics")))


def _page(form: AddPersonForm) -> str:
    return render_template(
        "people/index.html",
        form=form,
        everybody=people.everybody(),
        topics=people.topics(),
        roles=list(Role),
        chosen_role=request.form.get("role"),
        chosen=_topics_sent(),
    )


def _link_page(name: str, token: str | None, *, is_new: bool) -> ResponseReturnValue:
    link = ports().settings.base_url + url_for("sessions.choose_password", token=token)
    return render_template("people/link.html", name=name, link=link, hours=people.LINK_HOURS, is_new=is_new)
