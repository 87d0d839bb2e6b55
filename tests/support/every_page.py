"""Every page somebody can come to by links: for the walk over all pages and the gallery."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

NO_PAGES = frozenset(
    "static assets.show sessions.sign_out health.is_up health.is_ready importing.rejects importing.example live.look "
    "live.stream guide.picture numbers.export security_txt.show oidc.begin oidc.come_back calendar.show metrics.show "
    "evidence.statement".split(),
)
"""What answers GET with something else than a page to look at."""

_TAG = re.compile(r"<[^/!][^>]*>")
_PARTICULAR = re.compile(r'="[^"]*\d[^"]*"|(?<=value)="[^"]*"')
_LINK = re.compile(r'<a\b[^>]*\shref="(/[^"#]*)', re.DOTALL)


def endpoint_of(app: Flask, path: str) -> str:
    """The view that answers a path; empty where it is no page of the console."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0], "GET")
    except (HTTPException, RequestRedirect):
        return ""
    return "" if endpoint in NO_PAGES else str(endpoint)


def parts_of(html: str) -> frozenset[str]:
    """What of a page axe could judge: every kind of element with its classes, without words and numbers.

    The masthead is not looked at: it is the same on every page.
    """
    main = html.partition("<main")[2].partition("</main>")[0]
    return frozenset(_PARTICULAR.sub('=""', " ".join(tag.split())) for tag in _TAG.findall(main))


def crawl(app: Flask, fetch: Callable[[str], str | None], starts: Iterable[str]) -> dict[str, str]:
    """The first address of every page that links lead to from `starts`, by endpoint.

    `fetch` gives the HTML of an address, or None where somebody is not let in.
    """
    found: dict[str, str] = {}
    waiting = deque(starts)
    while waiting:
        address = waiting.popleft()
        endpoint = endpoint_of(app, address)
        if not endpoint or endpoint in found or (html := fetch(address)) is None:
            continue
        found[endpoint] = address
        waiting.extend(link.replace("&amp;", "&") for link in _LINK.findall(html))
    return found
