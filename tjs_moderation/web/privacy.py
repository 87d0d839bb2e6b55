"""The data of a member of the public: finding the person, their copy, and forgetting them in two steps."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.services import privacy
from tjs_moderation.services.privacy_copy import copy_of
from tjs_moderation.services.transaction import user
from tjs_moderation.web.access import me, permission, sensitive
from tjs_moderation.web.forms import words_sent
from tjs_moderation.web.papers import download, person_archive

blueprint = Blueprint("privacy", __name__, url_prefix="/privacy")

PERSON = "/people/<int(max=2147483647):author_id>"
LONGEST_NAME = 300


@blueprint.get("")
@permission(Permission.RUN_PRIVACY)
def index() -> str:
    """The form to find a person by, whom it found, and what was erased before."""
    asked = request.args.get("who", "").replace("\x00", "")[:LONGEST_NAME]
    return render_template(
        "privacy/index.html", asked=asked, found=privacy.find_people(asked), erasures=privacy.erasures()
    )


@blueprint.get(PERSON)
@permission(Permission.RUN_PRIVACY)
def person(author_id: int) -> str:
    """What there is of a person, and what can be done."""
    return render_template("privacy/person.html", outlook=privacy.outlook(author_id))


@blueprint.post(f"{PERSON}/copy")
@permission(Permission.RUN_PRIVACY)
@sensitive
def copy(author_id: int) -> Response:
    """The person's copy; that it was taken is recorded."""
    return download(person_archive(copy_of(user(me().id), author_id)), f"henkilotiedot-{author_id}.zip")


@blueprint.get(f"{PERSON}/erase")
@permission(Permission.RUN_PRIVACY)
def erase_what(author_id: int) -> str:
    """The first step: what would go, and what would stay."""
    return render_template("privacy/erase.html", outlook=privacy.outlook(author_id))


@blueprint.post(f"{PERSON}/erase")
@permission(Permission.RUN_PRIVACY)
@sensitive
def erase(author_id: int) -> ResponseReturnValue:
    """The second step: forget them."""
    if request.form.get("is_sure") != "yes":
        raise InvalidInputError("erasing_unconfirmed")
    erasure = privacy.erase(user(me().id), author_id, words_sent("words"))
    told = gettext("Henkilön tiedot on poistettu. Viestejä oli %(count)s.", count=erasure.item_count)
    flash(told, "done")
    return redirect(url_for("privacy.index"))
