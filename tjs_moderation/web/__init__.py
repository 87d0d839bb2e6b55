"""The console's pages: one module a family of pages, and what they all share."""

from __future__ import annotations

from flask import Flask

from tjs_moderation.web import (
    access,
    assets,
    errors,
    forms,
    headers,
    health,
    locales,
    markup,
    moments,
    morning,
    navigation,
    rules,
    sessions,
    words,
)
from tjs_moderation.web.locales import chosen_locale

__all__ = ["chosen_locale", "register"]

_SHARED = (headers, errors, access, assets, forms, locales, moments, markup, navigation, words, sessions)
_FAMILIES = (health.blueprint, morning.blueprint, rules.blueprint)


def register(app: Flask) -> None:
    """Put every page on `app`. Raises RuntimeError where a view has no permission mark."""
    for part in _SHARED:
        part.register(app)
    for family in _FAMILIES:
        app.register_blueprint(family)
    access.require_marks(app)
