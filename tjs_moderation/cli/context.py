"""What commands share: an app on an install that is up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tjs_moderation.settings import Settings


@contextmanager
def installed_app(settings: Settings | None = None) -> Iterator[Flask]:
    """An app in its context, its database brought up to date. Raises ConfigurationError where settings are bad."""
    from tjs_moderation.app import create_app
    from tjs_moderation.extensions import db
    from tjs_moderation.services.install import prepare
    from tjs_moderation.services.wiring import ports

    app = create_app(settings)
    with app.app_context():
        ports().settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            prepare()
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
