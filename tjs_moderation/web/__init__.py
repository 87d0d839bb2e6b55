"""The console's pages: one module a family of pages, and what they all share."""

from __future__ import annotations

from flask import Flask

from tjs_moderation.web import (
    access,
    acts,
    answers,
    assets,
    bulk,
    by_hand,
    change_words,
    channel_words,
    channels,
    checkup,
    connecting,
    connecting_words,
    decisions,
    design,
    errors,
    first_steps,
    forms,
    guide,
    headers,
    health,
    hints,
    hooks,
    house_settings,
    importing,
    items,
    keys,
    live,
    locales,
    markup,
    moments,
    morning,
    navigation,
    numbers,
    opinions,
    own_settings,
    page_rules,
    people,
    proof,
    queues,
    reasons,
    routings,
    rule_editing,
    rule_trials,
    rule_versions,
    rules,
    search,
    sessions,
    story,
    topics,
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
    change_words,
    first_steps,
    undo,
    sessions,
    design,
    hooks,
)
_FAMILIES = (
    health.blueprint,
    hints.blueprint,
    morning.blueprint,
    queues.blueprint,
    items.blueprint,
    live.blueprint,
    bulk.blueprint,
    decisions.blueprint,
    opinions.blueprint,
    routings.blueprint,
    answers.blueprint,
    acts.blueprint,
    by_hand.blueprint,
    importing.blueprint,
    story.blueprint,
    own_settings.blueprint,
    people.blueprint,
    house_settings.blueprint,
    topics.blueprint,
    reasons.blueprint,
    first_steps.blueprint,
    guide.blueprint,
    channels.blueprint,
    connecting.blueprint,
    checkup.blueprint,
    proof.blueprint,
    numbers.blueprint,
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
