"""In which language a page is shown."""

from __future__ import annotations

from flask import Flask, current_app
from flask_babel import get_locale


def chosen_locale() -> str:
    """The organisation's language. Called by Flask-Babel once for each request."""
    locale: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    return locale


def language() -> str:
    """The language of this page, as HTML's `lang` wants it."""
    return str(get_locale() or chosen_locale()).replace("_", "-")


def register(app: Flask) -> None:
    """Give the templates of `app` the function `language`."""
    app.jinja_env.globals["language"] = language
