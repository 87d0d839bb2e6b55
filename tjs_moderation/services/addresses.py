"""The addresses of pages as they stand outside the console: in a mail, in a calendar."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app

from tjs_moderation.services.wiring import ports


def address(endpoint: str, **values: object) -> str:
    """The address of a page, made of `TJS_BASE_URL`: a worker has no request, and no request is believed in this."""
    base = urlsplit(ports().settings.base_url)
    urls = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    return urls.build(endpoint, values, force_external=True)
