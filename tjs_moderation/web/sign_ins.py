"""Where somebody else is signed in, and what they show beside the password: for the day a phone or a laptop is lost."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import factors, people, user_sessions
from tjs_moderation.services.transaction import user
from tjs_moderation.web.access import me, permission, sensitive

blueprint = Blueprint("sign_ins", __name__, url_prefix="/people/<int(max=2147483647):user_id>/sign-ins")


@blueprint.get("")
@permission(Permission.RUN_PEOPLE)
def show(user_id: int) -> str:
    """The sign-ins and the factors of somebody."""
    person = people.by_id(user_id)
    return render_template(
        "people/sign_ins.html",
        person=person,
        own=factors.factors_of(user_id),
        is_required=factors.is_required(person),
        sign_ins=user_sessions.of(user_id),
    )


@blueprint.post("/<int(max=2147483647):number>/end")
@permission(Permission.RUN_PEOPLE)
@sensitive
def end_one(user_id: int, number: int) -> ResponseReturnValue:
    """Sign somebody out on one browser."""
    user_sessions.end_one(user(me().id), user_id, number)
    return _back(user_id, gettext("Kirjautuminen on päätetty."))


@blueprint.post("/end")
@permission(Permission.RUN_PEOPLE)
@sensitive
def end_all(user_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    user_sessions.end_all(user(me().id), user_id)
    return _back(user_id, gettext("Kaikki kirjautumiset on päätetty."))


@blueprint.post("/reset-factors")
@permission(Permission.RUN_PEOPLE)
@sensitive
def reset_factors(user_id: int) -> ResponseReturnValue:
    """Take somebody's second factors away: they make others when they next sign in."""
    factors.reset_factors(user(me().id), user_id)
    return _back(user_id, gettext("Toinen tunniste on nollattu, ja kirjautumiset on päätetty."))


def _back(user_id: int, told: str) -> ResponseReturnValue:
    flash(told, "done")
    return redirect(url_for("sign_ins.show", user_id=user_id))
