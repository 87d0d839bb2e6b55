"""What pages say again and again, looked up and drawn once for each language.

A page of a queue says about a hundred translated phrases, and draws the same few marks thirty times over: looking them
up and drawing them anew each time was a third of what it cost.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flask import Flask, request
from flask_babel import get_translations
from markupsafe import Markup

from tjs_moderation.services.wiring import ports
from tjs_moderation.web.locales import spoken

_REMEMBERED = 2_048
"""So many drawings are kept, those used last."""
_KEPT_FOR = timedelta(minutes=10)
"""How long at most, while pages are drawn at all: a line of a list holds what the public wrote, and may be erased."""

Drawing = Callable[..., Markup]


class _Phrases(dict[str, Markup]):
    """The phrases of one language; one that is not there yet is looked up in the catalogue of the page's language."""

    def __missing__(self, message: str) -> Markup:
        # A phrase is ours, from a template or a catalogue, and so is markup; what stands in it is escaped.
        found = self[message] = Markup(get_translations().gettext(message))  # noqa: S704
        return found


def register(app: Flask) -> None:
    """Give the templates of `app` the functions `_` (and `gettext`), and `remembered`."""
    known: dict[str, _Phrases] = {}
    begun_at = datetime.min.replace(tzinfo=UTC)

    def say(message: str, /, **variables: object) -> Markup:
        language = spoken()
        phrases = known.get(language)
        if phrases is None:
            phrases = known[language] = _Phrases()
        # Also where there are no variables: a per cent sign is written as two everywhere.
        return phrases[message] % variables if variables or "%" in message else phrases[message]

    @lru_cache(maxsize=_REMEMBERED)
    def drawn(
        _language: str, _root: str, drawing: Drawing, told: tuple[Hashable, ...], _kinds: tuple[type, ...]
    ) -> Markup:
        return drawing(*told)

    def let_go() -> None:
        nonlocal begun_at
        now = ports().clock()
        if not begun_at <= now < begun_at + _KEPT_FOR:
            drawn.cache_clear()
            begun_at = now

    def remembered(drawing: Drawing, *told: Hashable) -> Markup:
        """What a macro draws of these values, which have to be all it depends on beside language and addresses."""
        let_go()
        # A text and markup may be equal, and only one of them is escaped.
        return drawn(spoken(), request.script_root, drawing, told, tuple(map(type, told)))

    def each_remembered(drawing: Drawing, entries: Iterable[Hashable]) -> list[Markup]:
        """What a macro draws of each of these; the entries of a list must not look equal where they are not."""
        let_go()
        language, root = spoken(), request.script_root
        return [drawn(language, root, drawing, (entry,), (type(entry),)) for entry in entries]

    app.jinja_env.globals.update(_=say, gettext=say, remembered=remembered, each_remembered=each_remembered)
