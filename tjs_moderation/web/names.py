"""The names of the public as the house shows them: in full, or as initials."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext
from flask_login import current_user

from tjs_moderation.domain.initials import initials


def has_initials() -> bool:
    """Whether this page shows names as initials."""
    sign_in = getattr(current_user, "sign_in", None)
    return sign_in is not None and sign_in.has_initials


def writer(name: str | None) -> str:
    """Somebody's name as it is shown, or a word that there is none."""
    if not name:
        return str(gettext("Nimetön"))
    return initials(name) if has_initials() else name


def register(app: Flask) -> None:
    """Give the templates of `app` the filter `writer`."""
    app.jinja_env.filters["writer"] = writer
