"""What I set for myself: the language and the look of my pages, and my keys."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.keys import DEFAULTS, Command
from tjs_moderation.domain.vocabulary import Permission, Theme
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.services import own_settings
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import member_sent
from tjs_moderation.web.keys import WORDS, KeyEntry, keys_of
from tjs_moderation.web.locales import languages
from tjs_moderation.web.sentences import sentence
from tjs_moderation.web.words import word

blueprint = Blueprint("own_settings", __name__, url_prefix="/me")


@blueprint.get("")
@permission(Permission.SEE_DESK)
def show() -> str:
    """My settings."""
    return _page(keys_of(me()).commands, are_on=me().has_keys)


@blueprint.post("/language")
@permission(Permission.SEE_DESK)
def set_language() -> ResponseReturnValue:
    """Choose the language of my pages."""
    chosen = request.form.get("locale", "")
    if chosen and chosen not in languages():
        raise InvalidInputError("unknown_field")
    own_settings.set_language(me().id, chosen or None)
    flash(gettext("Kieli on tallennettu."), "done")
    return redirect(url_for("own_settings.show"))


@blueprint.post("/theme")
@permission(Permission.SEE_DESK)
def set_theme() -> ResponseReturnValue:
    """Choose light or dark pages, or what my machine says."""
    chosen = member_sent("theme", Theme) if request.form.get("theme") else None
    own_settings.set_theme(me().id, chosen)
    flash(gettext("Ulkoasu on tallennettu."), "done")
    return redirect(url_for("own_settings.show"))


@blueprint.post("/keys")
@permission(Permission.SEE_DESK)
def set_keys() -> ResponseReturnValue:
    """Keep my keys. Where one cannot be used, what was written stays in the form and nothing is kept."""
    written = {command: request.form.get(f"key-{command}", "") for command in DEFAULTS}
    if request.form.get("reset") == "yes":
        written = {}
    are_on = request.form.get("are_on") == "yes"
    try:
        own_settings.set_keys(me().id, are_on, written)
    except InvalidInputError as error:
        return _page(_as_written(written), are_on=are_on, fault=error), 422
    flash(gettext("Pikanäppäimet on tallennettu."), "done")
    return redirect(url_for("own_settings.show"))


def _as_written(written: Mapping[Command, str]) -> list[KeyEntry]:
    return [KeyEntry(command, key.strip()[:20], WORDS[command]) for command, key in written.items()]


def _page(entries: list[KeyEntry], *, are_on: bool, fault: InvalidInputError | None = None) -> str:
    return render_template(
        "own_settings/show.html",
        entries=entries,
        are_on=are_on,
        usual=DEFAULTS,
        languages=languages(),
        themes=[(theme.value, word(theme).capitalize()) for theme in Theme],
        fault=_told(fault) if fault else "",
        faulty=_faulty(fault, entries) if fault else frozenset(),
    )


def _told(fault: InvalidInputError) -> str:
    """The sentence, with the commands in the words of the page."""
    facts = {name: WORDS[value] if isinstance(value, Command) else value for name, value in fault.facts.items()}
    return sentence(InvalidInputError(str(fault), **facts))


def _faulty(fault: InvalidInputError, entries: list[KeyEntry]) -> frozenset[Command]:
    """The commands whose keys the fault is about."""
    return frozenset(entry.command for entry in entries if entry.key.lower() == fault.facts["key"])
