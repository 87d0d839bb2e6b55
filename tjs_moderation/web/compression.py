"""Pages and their files go out compressed to whoever can read that: a page is about six times smaller so."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

# What one looks at; a download or a stream goes out as it is. A compressed page that holds a token beside words from
# outside can give the token away (BREACH) to whoever can ask for it again and again in somebody's name. The session
# cookie is SameSite=Lax, so nobody else's page can.
KINDS = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})

_LEAST_BYTES = 1_000
_LEVEL = 5


def compress(response: Response) -> Response:
    """The answer, compressed where it is worth it and the browser said that it can read it."""
    if response.mimetype not in KINDS or (response.is_streamed and not response.direct_passthrough):
        return response
    response.vary.add("Accept-Encoding")
    is_whole = response.status_code not in {204, 206, 304} and request.method != "HEAD"
    if not is_whole or not request.accept_encodings["gzip"] or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _LEAST_BYTES:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        _loosen_etag(response)
    return response


def _loosen_etag(response: Response) -> None:
    """What was compressed is the same to read, not byte for byte."""
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)


def register(app: Flask) -> None:
    """Compress what `app` answers."""
    app.after_request(compress)
