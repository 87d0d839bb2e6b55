"""The audit log: everything that was done, newest first, and whether the chain is whole. Nothing the public wrote."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.chain import Verdict
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import audit, desk
from tjs_moderation.web.access import permission
from tjs_moderation.web.channel_words import channel_name
from tjs_moderation.web.chronicle import Names, people_in, read
from tjs_moderation.web.forms import LARGEST_NUMBER

blueprint = Blueprint("proof", __name__, url_prefix="/proof")

PAGE_SIZE = 50

WHAT_IS_WRONG: Mapping[str, object] = {
    "missing": _("Merkintä puuttuu."),
    "out_of_order": _("Merkinnät ovat väärässä järjestyksessä, tai väliin on lisätty merkintä."),
    "does_not_follow": _("Merkintä ei jatku edellisestä: ketjua on muutettu tästä tai sitä ennen."),
    "changed": _("Merkintää on muutettu jälkikäteen."),
    "head_differs": _("Ketjun pää ei vastaa viimeistä merkintää."),
}


@blueprint.get("")
@permission(Permission.SEE_PROOF)
def index() -> str:
    """A page of the log."""
    return _page()


@blueprint.post("/verify")
@permission(Permission.SEE_PROOF)
def verify() -> str:
    """Walk the whole chain and say whether it is whole; if not, which entry is the first bad one."""
    return _page(audit.verify())


def _page(verdict: Verdict | None = None) -> str:
    before = request.args.get("before", type=int)
    is_first = before is None or not 0 < before <= LARGEST_NUMBER
    found = audit.page_of_entries(None if is_first else before, PAGE_SIZE + 1)
    entries = found[:PAGE_SIZE]
    channels = {channel.id: channel_name(channel) for channel in desk.channels()}
    names = Names(desk.names_of(people_in(entries)), channels)
    return render_template(
        "proof/index.html",
        lines=[read(entry, names) for entry in entries],
        following=entries[-1].seq if len(found) > PAGE_SIZE else None,
        is_first=is_first,
        head=audit.head(),
        verdict=verdict,
        wrong=WHAT_IS_WRONG.get(verdict.reason, "") if verdict else "",
    )
