"""Signing in and out, and choosing a password by a one-time link."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_limiter.util import get_remote_address
from flask_login import UserMixin, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import limiter, login
from tjs_moderation.models import User
from tjs_moderation.services import people
from tjs_moderation.web.access import public, safe_next

blueprint = Blueprint("sessions", __name__)

ATTEMPTS_FROM_ONE_ADDRESS = "10 per minute"
ATTEMPTS_AT_ONE_PERSON = "20 per hour"


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """Somebody signed in, as Flask-Login wants to see them: the person, and the language of the house."""

    def __init__(self, user: User, house_language: str = "") -> None:
        self.user = user
        self.house_language = house_language

    @property
    def is_active(self) -> bool:
        return self.user.is_active

    def get_id(self) -> str:
        """What the cookie holds: a key that changes when this person's sign-ins must end."""
        return self.user.session_key


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Address and password."""

    email = EmailField(
        _("Sähköposti"),
        validators=[InputRequired(_("Kirjoita sähköpostiosoitteesi.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _("Salasana"),
        validators=[InputRequired(_("Kirjoita salasanasi.")), Length(max=people.PASSWORD_MAXIMUM)],
        render_kw={"autocomplete": "current-password"},
    )


class ChoosePasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A new password, twice."""

    password = PasswordField(
        _("Uusi salasana"),
        description=_("Vähintään 12 merkkiä. Pitkä lause on hyvä salasana: sen muistaa, eikä sitä arvaa."),
        validators=[
            Length(people.PASSWORD_MINIMUM, people.PASSWORD_MAXIMUM, _("Salasanassa pitää olla vähintään 12 merkkiä.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("Uusi salasana toisen kerran"),
        validators=[EqualTo("password", _("Salasanat eivät ole samat. Kirjoita sama salasana molempiin kohtiin."))],
        render_kw={"autocomplete": "new-password"},
    )


def _person_tried() -> str:
    return f"sign-in:{request.form.get('email', '').strip().lower()[:254]}"


def _has_failed(response: Response) -> bool:
    return response.status_code != 302


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(ATTEMPTS_FROM_ONE_ADDRESS, key_func=get_remote_address, methods=["POST"])
@limiter.limit(ATTEMPTS_AT_ONE_PERSON, key_func=_person_tried, methods=["POST"], deduct_when=_has_failed)
@public
def sign_in() -> ResponseReturnValue:
    """The form, and signing in. A failure says the same whether the address or the password was wrong."""
    form, following = SignInForm(), safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(following)
    person = people.authenticate(form.email.data or "", form.password.data or "") if form.validate_on_submit() else None
    if person is not None:
        session.clear()
        login_user(SignedIn(person))
        return redirect(following)
    has_failed = form.is_submitted() and not form.errors
    status = 422 if form.is_submitted() else 200
    # Whoever comes first has nobody to ask: the page tells them the command.
    is_empty = not form.is_submitted() and not people.has_anybody()
    page = render_template(
        "sessions/sign_in.html", form=form, following=following, has_failed=has_failed, is_empty=is_empty
    )
    return page, status


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out, wherever one was."""
    logout_user()
    session.clear()
    flash(gettext("Olet kirjautunut ulos."), "done")
    return redirect(url_for("sessions.sign_in"))


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@limiter.limit(ATTEMPTS_FROM_ONE_ADDRESS, key_func=get_remote_address)
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a one-time link. Opening the link uses nothing up: mail scanners open links too."""
    person = people.find_link(token)
    if person is None:
        raise NotFoundError("sign_in_link")
    form = ChoosePasswordForm()
    if form.validate_on_submit():
        people.use_link(token, form.password.data or "")
        flash(gettext("Salasana on valittu. Kirjaudu nyt sisään."), "done")
        return redirect(url_for("sessions.sign_in"))
    status = 422 if form.is_submitted() else 200
    return render_template("sessions/choose_password.html", form=form, person=person, token=token), status


def _load(session_key: str) -> SignedIn | None:
    found = people.by_session_key(session_key)
    return SignedIn(found[0], found[1].console) if found is not None else None


def register(app: Flask) -> None:
    """Sign-in on `app`."""
    login.user_loader(_load)
    app.register_blueprint(blueprint)
