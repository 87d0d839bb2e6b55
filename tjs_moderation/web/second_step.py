"""The second step of signing in: showing the second factor, or making one where the role has to have it."""

from __future__ import annotations

import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import SignInStage
from tjs_moderation.models import User
from tjs_moderation.services import factors, passkeys
from tjs_moderation.web import devices
from tjs_moderation.web.access import public, safe_next
from tjs_moderation.web.coming_in import following, half_in, let_in
from tjs_moderation.web.passkey_forms import answer_sent
from tjs_moderation.web.throttle import Budget

blueprint = Blueprint("second_step", __name__, url_prefix="/sign-in")

WRONG_CODES = Budget("sign-in-code", "10 per hour")
WRONG_PASSKEYS = Budget("sign-in-passkey", "20 per minute")

log = structlog.get_logger()


@blueprint.route("/code", methods=["GET", "POST"])
@public
def show() -> ResponseReturnValue:
    """Ask for a code of the phone, one of the paper, or a passkey; with the right one somebody is in."""
    sign_in = half_in(SignInStage.FACTOR)
    if sign_in is None:
        return redirect(url_for("sessions.sign_in"))
    person, wrong = sign_in.person, ""
    if request.method == "POST":
        if _passes(person, request.form.get("code", "")):
            return let_in(person, following(), SignInStage.IN)
        wrong = gettext("Koodi ei käynyt. Se voi olla vanhentunut tai jo käytetty. Kirjoita uusi.")
    own = factors.factors_of(person.id)
    page = render_template("sessions/second_step.html", own=own, wrong=wrong)
    return page, 422 if wrong else 200


@blueprint.post("/passkey/options")
@public
def ask_for_passkey() -> ResponseReturnValue:
    """What the browser needs to show a passkey: of whoever has given their password, else any."""
    WRONG_PASSKEYS.check(request.remote_addr or "")
    WRONG_PASSKEYS.spend(request.remote_addr or "")
    sign_in = half_in(SignInStage.FACTOR)
    return passkeys.ask_for_known(sign_in.person if sign_in else None)


@blueprint.post("/passkey")
@public
def show_passkey() -> ResponseReturnValue:
    """Come in by a passkey: it is two factors in one, so that there is no second step."""
    person = passkeys.recognise(answer_sent())
    half = half_in(SignInStage.FACTOR)
    if person is None or (half is not None and half.person.id != person.id):
        log.warning("passkey_failed")
        return _told_no()
    wanted = following() if half else safe_next(request.form.get("next"))
    return let_in(person, wanted, SignInStage.IN)


def _passes(person: User, code: str) -> bool:
    """Whether the code is right. A browser that the person knows keeps its own budget for wrong ones."""
    who = (str(person.id), devices.name_here(person.email))
    WRONG_CODES.check(*who)
    if factors.pass_code(person, code):
        return True
    WRONG_CODES.spend(*who)
    log.warning("second_factor_failed", person=person.id)
    return False


def _told_no() -> ResponseReturnValue:
    return render_template("sessions/passkey_failed.html"), 422
