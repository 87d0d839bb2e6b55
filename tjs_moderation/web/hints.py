"""What channels sent and nobody could work: why, and what to do about it. The body itself is for operators alone."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.hints import HintTrouble
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import hint_list, hooks
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import LARGEST_NUMBER

blueprint = Blueprint("hints", __name__, url_prefix="/hints")

PAGE_SIZE = 20
SHOWN_CHARACTERS = 20_000
"""A body can hold a thousand changes: the rest of it is in the database."""

TROUBLES: Mapping[HintTrouble, object] = {
    HintTrouble.UNREADABLE: _("Lähetys ei ollut luettavassa muodossa."),
    HintTrouble.OTHER_PAGE: _("Lähetys koskee toista sivua kuin sitä, joka tähän on yhdistetty."),
    HintTrouble.OTHER_OBJECT: _("Lähetys ei koske sivua vaan jotain muuta."),
    HintTrouble.UNKNOWN_FIELD: _("Konsoli ei tunne tällaista tapahtumaa."),
    HintTrouble.UNKNOWN_SHAPE: _("Tapahtumasta puuttuu se, mistä sen tuntisi."),
    HintTrouble.WITHOUT_ID: _("Tapahtuma ei kerro, mitä viestiä tai julkaisua se koskee."),
    HintTrouble.VISITOR_POST: _(
        "Joku kirjoitti sivulle oman julkaisun. Konsoli ei osaa ottaa niitä vastaan: lue julkaisu Facebookissa."
    ),
    HintTrouble.TOO_MANY: _(
        "Lähetyksessä oli enemmän tapahtumia kuin kerralla käsitellään. Loput tulevat, kun sivu luetaan."
    ),
    HintTrouble.NOT_CONNECTED: _("Kanavaan ei ole yhteyttä, joten tapahtumaa ei voitu tarkistaa sieltä."),
    HintTrouble.CHANNEL_SAID_NO: _("Kanava ei antanut tarkistaa, mitä tapahtui."),
    HintTrouble.DEFECT: _("Konsolissa on vika, joka esti käsittelyn. Kerro siitä ylläpidolle."),
}


@blueprint.app_template_filter("trouble_words")
def trouble_words(trouble: HintTrouble) -> str:
    """Why a hint could not be worked, as a sentence."""
    return str(TROUBLES[trouble])


@blueprint.get("")
@permission(Permission.WORK_HINTS)
def index() -> str:
    """What waits or is stuck, oldest first."""
    after = request.args.get("after", 0, type=int)
    found = hint_list.listed(min(max(after, 0), LARGEST_NUMBER), PAGE_SIZE + 1)
    return render_template(
        "hints/index.html",
        hints=found[:PAGE_SIZE],
        following=found[PAGE_SIZE - 1].hint.id if len(found) > PAGE_SIZE else None,
        is_first=not after,
        refused=hooks.refused_lately(),
        days=hooks.SHOWN_DAYS,
    )


@blueprint.get("/<int(max=2147483647):hint_id>")
@permission(Permission.RUN_CHANNELS)
def show(hint_id: int) -> str:
    """The body a hint came in, as text."""
    entry, body = hint_list.body_of(me().id, hint_id)
    text = "".join(
        each if each.isprintable() or each in "\n\t" else "\ufffd" for each in body.decode("utf-8", "replace")
    )
    return render_template(
        "hints/show.html",
        entry=entry,
        text=text[:SHOWN_CHARACTERS],
        size=len(body),
        is_cut=len(text) > SHOWN_CHARACTERS,
    )


@blueprint.post("/<int(max=2147483647):hint_id>/again")
@permission(Permission.WORK_HINTS)
def try_again(hint_id: int) -> ResponseReturnValue:
    """Have it worked once more."""
    hint_list.try_again(me().id, hint_id)
    flash(gettext("Yritetään uudelleen. Jos se onnistuu, tapahtuma katoaa luettelosta."), "done")
    return redirect(url_for("hints.index"))


@blueprint.post("/<int(max=2147483647):hint_id>/aside")
@permission(Permission.WORK_HINTS)
def set_aside(hint_id: int) -> ResponseReturnValue:
    """Put it aside."""
    hint_list.set_aside(me().id, hint_id)
    flash(gettext("Tapahtuma pantiin syrjään."), "done")
    return redirect(url_for("hints.index"))
