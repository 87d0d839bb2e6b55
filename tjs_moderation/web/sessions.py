"""Signing in by password and signing out, and choosing a password by a one-time link."""

from __future__ import annotations

import structlog
from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_limiter.util import get_remote_address
from flask_login import UserMixin, current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from tjs_moderation.domain import passwords
from tjs_moderation.domain.vocabulary import SignInStage
from tjs_moderation.errors import InvalidInputError, NotFoundError
from tjs_moderation.extensions import limiter, login
from tjs_moderation.models import User
from tjs_moderation.services import people, user_sessions
from tjs_moderation.services.user_sessions import SignIn
from tjs_moderation.web import devices
from tjs_moderation.web.access import is_by_itself, public, safe_next
from tjs_moderation.web.coming_in import COOKIE_KEY, let_in
from tjs_moderation.web.sentences import sentence
from tjs_moderation.web.throttle import Budget

blueprint = Blueprint("sessions", __name__)

ATTEMPTS_FROM_ONE_ADDRESS = "10 per minute"
STRANGERS = Budget("sign-in-strangers", "20 per hour")
"""Wrong passwords of one person from browsers they never signed in on, all of these together."""
KNOWN_DEVICE = Budget("sign-in-device", "10 per hour")
"""Wrong passwords of one person from one browser they have signed in on: nobody else can use these up."""

log = structlog.get_logger()


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """Somebody signed in, as Flask-Login wants to see them: their sign-in, and the language of the house."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.user = sign_in.person
        self.house_language = sign_in.languages.console


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Address and password."""

    email = EmailField(
        _("Sähköposti"),
        validators=[InputRequired(_("Kirjoita sähköpostiosoitteesi.")), Length(max=254)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _("Salasana"),
        validators=[InputRequired(_("Kirjoita salasanasi.")), Length(max=passwords.MAXIMUM)],
        render_kw={"autocomplete": "current-password"},
    )


class ChoosePasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A new password, twice."""

    password = PasswordField(
        _("Uusi salasana"),
        description=_("Vähintään 12 merkkiä. Pitkä lause on hyvä salasana: sen muistaa, eikä sitä arvaa."),
        validators=[
            Length(passwords.MINIMUM, passwords.MAXIMUM, _("Salasanassa pitää olla vähintään 12 merkkiä.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("Uusi salasana toisen kerran"),
        validators=[EqualTo("password", _("Salasanat eivät ole samat. Kirjoita sama salasana molempiin kohtiin."))],
        render_kw={"autocomplete": "new-password"},
    )


def _is_known_device() -> bool:
    return bool(devices.name_here(request.form.get("email", "")))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(ATTEMPTS_FROM_ONE_ADDRESS, key_func=get_remote_address, methods=["POST"], exempt_when=_is_known_device)
@public
def sign_in() -> ResponseReturnValue:
    """The form, and signing in. A failure says the same whether the address or the password was wrong."""
    form, following = SignInForm(), safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(following)
    person = _recognised(form.email.data or "", form.password.data or "") if form.validate_on_submit() else None
    if person is not None:
        return let_in(person, following)
    has_failed = form.is_submitted() and not form.errors
    status = 422 if form.is_submitted() else 200
    # Whoever comes first has nobody to ask: the page tells them the command.
    is_empty = not form.is_submitted() and not people.has_anybody()
    page = render_template(
        "sessions/sign_in.html", form=form, following=following, has_failed=has_failed, is_empty=is_empty
    )
    return page, status


def _recognised(email: str, password: str) -> User | None:
    """The person, as long as there is something left of the budget for wrong passwords."""
    device = devices.name_here(email)
    budget, who = (KNOWN_DEVICE, (email.strip().lower(), device)) if device else (STRANGERS, (email.strip().lower(),))
    budget.check(*who)
    person = people.authenticate(email, password)
    if person is None:
        budget.spend(*who)
        log.warning("sign_in_failed", is_known_device=bool(device))
    return person


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Sign out, wherever one was."""
    if key := session.get(COOKIE_KEY):
        user_sessions.end(key)
    session.clear()
    flash(gettext("Olet kirjautunut ulos."), "done")
    response = redirect(url_for("sessions.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'  # cookies stay: the browser is a known one
    return response


@blueprint.route("/sign-in/link/<token>", methods=["GET", "POST"])
@limiter.limit(ATTEMPTS_FROM_ONE_ADDRESS, key_func=get_remote_address)
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password by a one-time link. Opening the link uses nothing up: mail scanners open links too."""
    person = people.find_link(token)
    if person is None:
        raise NotFoundError("sign_in_link")
    form = ChoosePasswordForm()
    if form.validate_on_submit() and _is_chosen(form, token):
        flash(gettext("Salasana on valittu. Kirjaudu nyt sisään."), "done")
        response = redirect(url_for("sessions.sign_in"))
        devices.remember(response, person.email)
        return response
    status = 422 if form.is_submitted() else 200
    return render_template("sessions/choose_password.html", form=form, person=person, token=token), status


def _is_chosen(form: ChoosePasswordForm, token: str) -> bool:
    try:
        people.use_link(token, form.password.data or "")
    except InvalidInputError as error:
        form.password.errors = [sentence(error)]
        return False
    return True


def _load(key: str) -> SignedIn | None:
    found = user_sessions.find(key)
    if found is None or found.stage is not SignInStage.IN:
        return None
    if not is_by_itself():
        user_sessions.see(found)
    return SignedIn(found)


def register(app: Flask) -> None:
    """Sign-in on `app`."""
    login.user_loader(_load)
    login.session_protection = None  # a sign-in is known by its own random key, kept here
    app.register_blueprint(blueprint)
