"""In which language a page is shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from flask import Flask, current_app, has_request_context
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tjs_moderation.extensions import db
from tjs_moderation.services import options

SOURCE = "fi"
"""The language in which the pages are written; the others have a catalogue."""


def chosen_locale() -> str:
    """The language of whoever is signed in, the house's otherwise. Called by Flask-Babel once for each request."""
    usual: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return usual
    try:
        # Whoever has just signed in is asked for the house's language with the next page.
        is_in = current_user.is_authenticated
        wanted = [current_user.user.locale, current_user.house_language] if is_in else [_house_language()]
    except SQLAlchemyError:  # a page that says so needs a language, too
        wanted = []
    return next((locale for locale in wanted if locale in languages()), usual)


def _house_language() -> str:
    """The console's language, for somebody who is not signed in; nothing where the database does not say."""
    if options.is_fixed(options.LANGUAGES):
        return ""
    try:
        return options.languages(db.session()).console
    except SQLAlchemyError:
        return ""


def languages() -> Mapping[str, str]:
    """The languages the pages can be shown in, each by its own name: the source, and every one with a catalogue."""
    names: Mapping[str, str] = current_app.config["TJS_LANGUAGES"]
    return names


def spoken() -> str:
    """The language of this page, as what is remembered of pages is told apart by."""
    locale = get_locale()
    return locale.language if locale else ""


def language() -> str:
    """The language of this page, as HTML's `lang` wants it."""
    locale = get_locale()
    return _code(locale) if locale else chosen_locale()


@lru_cache(maxsize=16)
def _code(locale: Locale) -> str:
    return str(locale).replace("_", "-")


def register(app: Flask) -> None:
    """Give the templates of `app` the function `language`."""
    folder = app.config["TJS_CATALOGUES"]
    known = [locale for locale in app.config["LOCALES"] if locale == SOURCE or (folder / locale).is_dir()]
    app.config["TJS_LANGUAGES"] = {locale: _own_name(locale) for locale in known}
    app.jinja_env.globals["language"] = language


def _own_name(locale: str) -> str:
    return (Locale(locale).get_display_name() or locale).capitalize()
