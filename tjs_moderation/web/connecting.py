"""Connecting a channel to Facebook, a step at a time; leaving half way loses nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.connection import PERMISSIONS, Step, ends_at, lacking
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import GatewayError, InvalidInputError, SecretsError, TjsError
from tjs_moderation.extensions import db
from tjs_moderation.services import connecting, connection_checks
from tjs_moderation.services.connections import callback_address, connection_state
from tjs_moderation.web.access import me, permission, sensitive
from tjs_moderation.web.channel_words import in_plain_words
from tjs_moderation.web.connecting_words import HEADINGS
from tjs_moderation.web.errors import status_of
from tjs_moderation.web.forms import words_sent
from tjs_moderation.web.sentences import detail, sentence

blueprint = Blueprint("connecting", __name__, url_prefix="/channels/<int(max=2147483647):channel_id>/connection")

EVERYTHING = "all"
BASELINES = {
    "0": _("Tästä hetkestä alkaen"),
    "7": _("Viimeiset 7 päivää"),
    "30": _("Viimeiset 30 päivää"),
    "90": _("Viimeiset 90 päivää"),
    EVERYTHING: _("Kaikki, minkä Facebook antaa"),
}
"""From when on a page is read: days, or everything."""

ACCEPTABLE = (InvalidInputError, GatewayError, SecretsError)
"""What is said beside the step it belongs to; anything else is an error page."""


@blueprint.get("")
@permission(Permission.RUN_CHANNELS)
def show(channel_id: int) -> str:
    """How far the connecting has come, and what is to be done next."""
    return _page(channel_id)


@blueprint.post("/app")
@permission(Permission.RUN_CHANNELS)
@sensitive
def give_app(channel_id: int) -> ResponseReturnValue:
    """Take the app's id and secret."""
    app_id, secret = words_sent("app_id", 100), words_sent("app_secret", connecting.LONGEST_SECRET)
    return _take(channel_id, Step.APP, lambda: connecting.give_app(me().id, channel_id, app_id, secret))


@blueprint.post("/token")
@permission(Permission.RUN_CHANNELS)
@sensitive
def give_token(channel_id: int) -> ResponseReturnValue:
    """Take a token."""
    token = words_sent("token", connecting.LONGEST_SECRET)
    return _take(channel_id, Step.TOKEN, lambda: connecting.give_token(me().id, channel_id, token))


@blueprint.post("/page")
@permission(Permission.RUN_CHANNELS)
def choose_page(channel_id: int) -> ResponseReturnValue:
    """Choose one of several pages."""
    page_id = words_sent("page_id", 100)
    return _take(channel_id, Step.PAGE, lambda: connecting.choose_page(me().id, channel_id, page_id))


@blueprint.post("/events")
@permission(Permission.RUN_CHANNELS)
def subscribe(channel_id: int) -> ResponseReturnValue:
    """Have the page tell of what happens on it."""
    return _take(channel_id, Step.EVENTS, lambda: connecting.subscribe(me().id, channel_id))


@blueprint.post("/start")
@permission(Permission.RUN_CHANNELS)
@sensitive
def connect(channel_id: int) -> ResponseReturnValue:
    """Begin to read and act."""
    chosen = request.form.get("since", "")
    if chosen not in BASELINES:
        raise InvalidInputError("unknown_field")
    days = None if chosen == EVERYTHING else int(chosen)
    return _take(channel_id, Step.START, lambda: connecting.connect(me().id, channel_id, days))


@blueprint.post("/check")
@permission(Permission.RUN_CHANNELS)
def check(channel_id: int) -> ResponseReturnValue:
    """Ask Facebook again what the token is worth."""
    connection_checks.check_as(me().id, channel_id)
    flash(gettext("Yhteys on tarkistettu."), "done")
    return redirect(url_for("connecting.show", channel_id=channel_id))


@blueprint.get("/disconnect")
@permission(Permission.RUN_CHANNELS)
def ask_to_disconnect(channel_id: int) -> str:
    """Say what disconnecting does, before it is done."""
    return render_template("connecting/disconnect.html", state=connection_state(channel_id))


@blueprint.post("/disconnect")
@permission(Permission.RUN_CHANNELS)
@sensitive
def disconnect(channel_id: int) -> ResponseReturnValue:
    """Forget everything that opens the channel."""
    connecting.disconnect(me().id, channel_id)
    flash(gettext("Yhteys on katkaistu ja sen salaisuudet on poistettu konsolista."), "done")
    return redirect(url_for("channels.index"))


def _take(channel_id: int, step: Step, verb: Callable[[], None]) -> ResponseReturnValue:
    """Carry out a step; what is wrong with it is said beside it, and everything given before is still there."""
    try:
        verb()
    except ACCEPTABLE as error:
        return _page(channel_id, step, error), status_of(error)
    if step is Step.START:
        flash(gettext("Kanava on käytössä. Uudet viestit näkyvät jonoissa hetken päästä."), "done")
    else:
        flash(gettext("Valmis: %(step)s.", step=HEADINGS[step]), "done")
    return redirect(url_for("connecting.show", channel_id=channel_id))


def _page(channel_id: int, failed: Step | None = None, error: TjsError | None = None) -> str:
    db.session.rollback()  # what the verb has just written is to be seen
    state = connection_state(channel_id)
    row = state.connection
    told = row is not None and bool(row.token_kind)
    return render_template(
        "connecting/show.html",
        state=state,
        row=row,
        steps=tuple(Step),
        headings=HEADINGS,
        failed=failed,
        words=_words(error),
        detail=detail(error) if error else "",
        lacking=lacking(row.permissions) if told and row else (),
        permissions=PERMISSIONS,
        ends_at=ends_at(row.token_expires_at, row.data_access_expires_at) if row else None,
        callback=callback_address(),
        baselines=BASELINES,
        app_id=request.form.get("app_id", row.app_id if row else ""),
        trouble=sentence(SecretsError(state.trouble)) if state.trouble else "",
    )


def _words(error: TjsError | None) -> str:
    """What went wrong: what the channel's code means where it gave one, our own sentence otherwise."""
    if error is None:
        return ""
    return (in_plain_words(error.detail) if isinstance(error, GatewayError) else "") or sentence(error)
