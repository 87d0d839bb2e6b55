"""The channels: which are connected, when they were last read, and why one stands still."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import SecretsError
from tjs_moderation.services import channels, credentials
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("channels", __name__, url_prefix="/channels")


@blueprint.get("")
@permission(Permission.RUN_CHANNELS)
def index() -> str:
    """All channels."""
    return render_template("channels/index.html", channels=channels.channels(), locked=locked())


@blueprint.post("/walk")
@permission(Permission.RUN_CHANNELS)
def walk() -> ResponseReturnValue:
    """Have the channels read now, rather than when their time comes."""
    channels.ask_for_walk()
    flash(gettext("Kanavia luetaan. Uudet viestit näkyvät jonoissa hetken päästä."), "done")
    return redirect(url_for("channels.index"))


@blueprint.post("/<int(max=2147483647):channel_id>/resume")
@permission(Permission.RUN_CHANNELS)
def resume(channel_id: int) -> ResponseReturnValue:
    """Try a stopped channel again."""
    channels.resume(me().id, channel_id)
    flash(gettext("Kanavaa yritetään uudelleen. Lataa sivu minuutin päästä, niin näet, miten kävi."), "done")
    return redirect(url_for("channels.index"))


def locked() -> str:
    """Why the secrets of a channel do not open; empty where they do."""
    trouble = credentials.facebook_access().trouble
    return sentence(SecretsError(trouble)) if trouble else ""
