"""My own signing in: where I am signed in, my password, and what I show beside it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from tjs_moderation.domain import passwords
from tjs_moderation.domain.vocabulary import Permission, SignInStage
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.services import factors, passkeys, people, user_sessions
from tjs_moderation.services.transaction import user
from tjs_moderation.web.access import me, permission, sensitive
from tjs_moderation.web.coming_in import begin, remembered
from tjs_moderation.web.forms import text_sent, words_sent
from tjs_moderation.web.passkey_forms import answer_sent
from tjs_moderation.web.pictures import qr_code
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("factors", __name__, url_prefix="/me/security")

ONE = "<int(max=2147483647):number>"


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The password there is, and another one, twice."""

    current = PasswordField(
        _("Nykyinen salasana"),
        validators=[InputRequired(_("Kirjoita nykyinen salasanasi."))],
        render_kw={"autocomplete": "current-password"},
    )
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


@blueprint.get("")
@permission(Permission.SEE_DESK)
def show() -> str:
    """Everything of my signing in."""
    return _page(ChangePasswordForm(formdata=None))


@blueprint.post("/password")
@permission(Permission.SEE_DESK)
def change_password() -> ResponseReturnValue:
    """Choose another password. I stay in on this browser, and am signed out everywhere else."""
    form, person = ChangePasswordForm(), me()
    if not form.validate() or not _is_changed(form):
        return _page(form), 422
    begin(people.by_id(person.id), SignInStage.IN)
    return _back(gettext("Salasana on vaihdettu. Muualla sinut on kirjattu ulos."))


@blueprint.post("/codes")
@permission(Permission.SEE_DESK)
@sensitive
def begin_codes() -> str:
    """What to put into the phone."""
    return _codes_page()


@blueprint.post("/codes/confirm")
@permission(Permission.SEE_DESK)
@sensitive
def confirm_codes() -> ResponseReturnValue:
    """The phone has made a code: from now on I am asked for one."""
    try:
        codes = factors.confirm_codes(me(), text_sent("code"))
    except InvalidInputError as error:
        return _codes_page(sentence(error)), 422
    return _with_paper(codes)


@blueprint.post("/codes/remove")
@permission(Permission.SEE_DESK)
@sensitive
def remove_codes() -> ResponseReturnValue:
    """No more codes of the phone."""
    factors.remove_codes(me())
    return _back(gettext("Puhelimen koodit eivät enää käy."))


@blueprint.post("/recovery")
@permission(Permission.SEE_DESK)
@sensitive
def renew_recovery_codes() -> str:
    """New codes for the paper; the old ones are worth nothing from now on."""
    return _with_paper(factors.renew_recovery_codes(me()))


@blueprint.post("/passkeys/options")
@permission(Permission.SEE_DESK)
def ask_for_passkey() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    return passkeys.ask_for_new(me())


@blueprint.post("/passkeys")
@permission(Permission.SEE_DESK)
@sensitive
def add_passkey() -> str:
    """Keep the passkey that the browser has made."""
    return _with_paper(passkeys.add(me(), answer_sent(), words_sent("name", passkeys.LONGEST_NAME)))


@blueprint.post(f"/passkeys/{ONE}/remove")
@permission(Permission.SEE_DESK)
@sensitive
def remove_passkey(number: int) -> ResponseReturnValue:
    """Let a passkey of mine go."""
    passkeys.remove(me(), number)
    return _back(gettext("Pääsyavain ei enää käy."))


@blueprint.post(f"/sign-ins/{ONE}/end")
@permission(Permission.SEE_DESK)
@sensitive
def end_sign_in(number: int) -> ResponseReturnValue:
    """Sign me out on one browser."""
    user_sessions.end_one(user(me().id), me().id, number)
    return _back(gettext("Kirjautuminen on päätetty."))


@blueprint.post("/sign-ins/end-others")
@permission(Permission.SEE_DESK)
@sensitive
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign me out everywhere but here."""
    user_sessions.end_all(user(me().id), me().id, but=current_user.sign_in.id)
    return _back(gettext("Olet enää kirjautuneena vain tässä selaimessa."))


def _is_changed(form: ChangePasswordForm) -> bool:
    try:
        people.change_password(me(), form.current.data or "", form.password.data or "")
    except InvalidInputError as error:
        field = form.current if str(error) == "password_wrong" else form.password
        field.errors = [sentence(error)]
        return False
    return True


def _back(told: str) -> Response:
    flash(told, "done")
    return remembered(redirect(url_for("factors.show")), me())


def _codes_page(wrong: str = "") -> str:
    secret = factors.begin_codes(me())
    picture = qr_code(factors.address_of(me(), secret))
    return render_template("factors/codes.html", secret=secret, picture=picture, wrong=wrong)


def _with_paper(codes: object) -> str:
    return render_template("factors/recovery_codes.html", codes=codes, following=url_for("factors.show"))


def _page(form: ChangePasswordForm) -> str:
    person = me()
    return render_template(
        "factors/show.html",
        form=form,
        own=factors.factors_of(person.id),
        is_required=factors.is_required(person),
        sign_ins=user_sessions.of(person.id),
        this_sign_in=current_user.sign_in.id,
    )
