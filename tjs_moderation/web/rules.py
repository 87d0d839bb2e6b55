"""The rules at work, for those who care for them: a sentence to try, and what shadow rules would do."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.extensions import db
from tjs_moderation.services import options, shadows
from tjs_moderation.services.preview import Preview, preview
from tjs_moderation.services.rules import live_rules
from tjs_moderation.web.access import permission
from tjs_moderation.web.forms import words_sent

blueprint = Blueprint("rules", __name__)

LONGEST_SENTENCE = 8_000
"""As long as a comment can be."""

LONGEST_DRAFT = 500_000


@blueprint.get("/rules")
@permission(Permission.EDIT_RULES)
def desk() -> str:
    """The rule set in force at work."""
    return _page()


@blueprint.post("/rules/try")
@permission(Permission.EDIT_RULES)
def try_out() -> ResponseReturnValue:
    """A sentence as the rules see it. Nothing of it is kept."""
    text, draft = words_sent("text", LONGEST_SENTENCE), words_sent("draft", LONGEST_DRAFT)
    if not text:
        return _page(draft=draft, missing=gettext("Kirjoita lause, jota haluat kokeilla.")), 422
    return _page(preview(text, draft), draft)


def _page(seen: Preview | None = None, draft: str = "", missing: str = "") -> str:
    return render_template(
        "rules/desk.html",
        live=live_rules(),
        seen=seen,
        draft=draft,
        missing=missing,
        automation=options.automation(db.session()),
        shadows=shadows.shadows(limit=shadows.PAGE_LIMIT),
        shadow_days=shadows.DAYS,
        Verdict=Verdict,
    )
