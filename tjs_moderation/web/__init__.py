"""The console's pages: one module a family of pages, and what they all share."""

from __future__ import annotations

from flask import Flask

from tjs_moderation.web import (
    access,
    acts,
    answers,
    assets,
    by_hand,
    channel_words,
    channels,
    checkup,
    connecting,
    connecting_words,
    decisions,
    errors,
    forms,
    headers,
    health,
    hints,
    hooks,
    importing,
    items,
    keys,
    locales,
    markup,
    moments,
    morning,
    navigation,
    own_settings,
    page_rules,
    people,
    proof,
    queues,
    routings,
    rule_editing,
    rule_trials,
    rule_versions,
    rules,
    search,
    sessions,
    story,
    undo,
    words,
)
from tjs_moderation.web.locales import chosen_locale

__all__ = ["chosen_locale", "register"]

_SHARED = (
    headers,
    errors,
    access,
    assets,
    forms,
    locales,
    moments,
    markup,
    channel_words,
    connecting_words,
    navigation,
    keys,
    words,
    undo,
    sessions,
    hooks,
)
_FAMILIES = (
    health.blueprint,
    hints.blueprint,
    morning.blueprint,
    queues.blueprint,
    items.blueprint,
    decisions.blueprint,
    routings.blueprint,
    answers.blueprint,
    acts.blueprint,
    by_hand.blueprint,
    importing.blueprint,
    story.blueprint,
    own_settings.blueprint,
    people.blueprint,
    channels.blueprint,
    connecting.blueprint,
    checkup.blueprint,
    proof.blueprint,
    rules.blueprint,
    search.blueprint,
    rule_editing.blueprint,
    rule_trials.blueprint,
    page_rules.blueprint,
    rule_versions.blueprint,
)


def register(app: Flask) -> None:
    """Put every page on `app`. Raises RuntimeError where a view has no permission mark."""
    for part in _SHARED:
        part.register(app)
    for family in _FAMILIES:
        app.register_blueprint(family)
    access.require_marks(app)
