"""What the rules were: every version with who, when and why, what differs between two, and the way back to one."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.comparison import compare_lines
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, InvalidInputError
from tjs_moderation.services import rules
from tjs_moderation.services.transaction import look_anew, user
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import number_asked, number_sent, words_sent
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("rule_versions", __name__, url_prefix="/rules/versions")

PAGE_LENGTH = 50
_RULE = re.compile(r"^sääntö[ \t]+(\S+)", re.MULTILINE)


@blueprint.get("")
@permission(Permission.EDIT_RULES)
def index() -> str:
    """The versions, newest first, a page at a time."""
    found = rules.versions(PAGE_LENGTH + 1, number_asked("before"))
    return render_template("rules/versions.html", versions=found[:PAGE_LENGTH], has_more=len(found) > PAGE_LENGTH)


@blueprint.get("/<int(max=2147483647):number>")
@permission(Permission.EDIT_RULES)
def show(number: int) -> str:
    """One version, and what would change if it were brought back."""
    return _page(number)


@blueprint.get("/differences")
@permission(Permission.EDIT_RULES)
def differences() -> str:
    """What differs between two versions, in the order they are named."""
    old, new = (rules.rules_by_number(number_asked(name) or 0) for name in ("old", "new"))
    return render_template("rules/differences.html", old=old, new=new, changes=compare_lines(old.text, new.text))


@blueprint.post("/<int(max=2147483647):number>/restore")
@permission(Permission.EDIT_RULES)
def restore(number: int) -> ResponseReturnValue:
    """Put an earlier text in force again, as a new version."""
    text, why, seen = rules.rules_by_number(number).text, words_sent("why"), number_sent("began_from")
    try:
        published = rules.publish_rules(user(me().id), text, why, seen)
    except (InvalidInputError, ConflictError) as error:
        look_anew()
        return _page(number, sentence(error), why), 409 if isinstance(error, ConflictError) else 422
    flash(gettext("Version %(old)s teksti on taas voimassa, versiona %(new)s.", old=number, new=published), "done")
    return redirect(url_for("rule_versions.show", number=published))


def passages(text: str) -> list[tuple[str, str]]:
    """A rule set in pieces, one behind the other: the name of the rule that begins there (or empty), and its lines."""
    starts = [0, *(found.start() for found in _RULE.finditer(text))]
    pieces = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [(found[1] if (found := _RULE.match(piece)) else "", piece) for piece in pieces if piece]


def rules_named_in(text: str) -> set[str]:
    """The names of the rules of a rule set."""
    return {name for name, _lines in passages(text) if name}


def _page(number: int, refusal: str = "", why: str = "") -> str:
    found, live = rules.rules_by_number(number), rules.live_rules()
    return render_template(
        "rules/version.html",
        found=found,
        passages=passages(found.text),
        who=rules.publisher_of(found),
        live=live,
        changes=compare_lines(live.text, found.text),
        refusal=refusal,
        why=why,
    )
