"""Every page somebody can come to by links, and what axe says of one: for the walk over all pages and the gallery."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import axe_playwright_python
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
"""axe-core's own script, to be put into a page once."""

LOOKS = [
    "color-contrast",
    "target-size",
    "scrollable-region-focusable",
    "link-in-text-block",
    "button-name",
    "link-name",
]
"""The rules whose answer can change with colours and width; the others look at what stands in the page."""

NO_PAGES = frozenset(
    "static assets.show sessions.sign_out health.is_up health.is_ready importing.rejects importing.example live.look "
    "live.stream guide.picture numbers.export".split(),
)
"""What answers GET with something else than a page to look at."""

_WORDS = re.compile(r">[^<]*<")
_PARTICULAR = re.compile(r'="[^"]*\d[^"]*"|(?<=value)="[^"]*"')
_LINK = re.compile(r'<a\b[^>]*\shref="(/[^"#]*)', re.DOTALL)


def endpoint_of(app: Flask, path: str) -> str:
    """The view that answers a path; empty where it is no page of the console."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0], "GET")
    except (HTTPException, RequestRedirect):
        return ""
    return "" if endpoint in NO_PAGES else str(endpoint)


def shape_of(html: str) -> str:
    """What of a page axe could judge differently: its elements and classes, without words, numbers and the masthead."""
    main = html.partition("<main")[2]
    return _PARTICULAR.sub('=""', _WORDS.sub("><", main))


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


def faults_of(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on a page, by all of its rules or by these; it is put into the page where it is not there yet."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules is not None:
        options["runOnly"] = {"type": "rule", "values": rules}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options).then(answer => answer.violations)", options)
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]
