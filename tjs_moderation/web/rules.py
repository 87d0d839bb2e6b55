"""The rules of the page in words, for the public and the staff alike."""

from __future__ import annotations

from flask import Blueprint, render_template

from tjs_moderation.web.access import public

blueprint = Blueprint("rules", __name__)


@blueprint.get("/saannot")
@public
def in_words() -> str:
    """What is kept, weighed and removed, and how to complain."""
    return render_template("rules/in_words.html")
