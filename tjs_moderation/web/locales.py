"""In which language a page is shown."""

from __future__ import annotations

from flask import current_app


def chosen_locale() -> str:
    """The organisation's language. Called by Flask-Babel once for each request."""
    locale: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    return locale
