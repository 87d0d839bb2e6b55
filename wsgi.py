"""The app for a WSGI server of your own: `wsgi:app`."""

from __future__ import annotations

from tjs_moderation.app import create_app

app = create_app()
