"""Making the second factor that one's role has to have, on the way in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tjs_moderation.domain.vocabulary import SignInStage
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import User
from tjs_moderation.services import factors, passkeys
from tjs_moderation.web.access import public
from tjs_moderation.web.coming_in import begin, following, half_in, remembered
from tjs_moderation.web.passkey_forms import answer_sent
from tjs_moderation.web.pictures import qr_code
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("enrolment", __name__, url_prefix="/sign-in/enrol")


@blueprint.get("")
@public
def show() -> ResponseReturnValue:
    """What to put into the phone, and the way to a passkey instead."""
    sign_in = half_in(SignInStage.ENROLMENT)
    return redirect(url_for("sessions.sign_in")) if sign_in is None else _page(sign_in.person)


@blueprint.post("/codes")
@public
def confirm_codes() -> ResponseReturnValue:
    """The phone has made a code: in, with the codes to keep on paper."""
    sign_in = half_in(SignInStage.ENROLMENT)
    if sign_in is None:
        return redirect(url_for("sessions.sign_in"))
    try:
        codes = factors.confirm_codes(sign_in.person, request.form.get("code", ""))
    except InvalidInputError as error:
        return _page(sign_in.person, sentence(error)), 422
    return _in_with(sign_in.person, codes)


@blueprint.post("/passkey/options")
@public
def ask_for_passkey() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    sign_in = half_in(SignInStage.ENROLMENT)
    return ({}, 409) if sign_in is None else passkeys.ask_for_new(sign_in.person)


@blueprint.post("/passkey")
@public
def add_passkey() -> ResponseReturnValue:
    """The browser has made a passkey: in, with the codes to keep on paper."""
    sign_in = half_in(SignInStage.ENROLMENT)
    if sign_in is None:
        return redirect(url_for("sessions.sign_in"))
    try:
        codes = passkeys.add(sign_in.person, answer_sent(), request.form.get("name", ""))
    except InvalidInputError as error:
        return _page(sign_in.person, sentence(error)), 422
    return _in_with(sign_in.person, codes)


def _in_with(person: User, codes: Sequence[str]) -> ResponseReturnValue:
    wanted = following()
    begin(person, SignInStage.IN)
    return remembered(
        make_response(render_template("factors/recovery_codes.html", codes=codes, following=wanted)), person
    )


def _page(person: User, wrong: str = "") -> str:
    secret = factors.begin_codes(person)
    picture = qr_code(factors.address_of(person, secret))
    return render_template("sessions/enrolment.html", secret=secret, picture=picture, wrong=wrong)
