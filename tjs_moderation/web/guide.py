"""The guide and the manuals in the console, the same text as in `docs/`: help in place points at their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, send_from_directory, url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.web.access import permission
from tjs_moderation.web.markup import guide_html

blueprint = Blueprint("guide", __name__, url_prefix="/help")

GUIDE = "kayttoopas"
MANUALS = {GUIDE: "fi", "rules": "fi", "operations": "en", "facebook": "en"}
"""What can be read here, and its language; other papers are for those who build."""

_RELATIVE = re.compile(r"([\w-]+)\.md(?:#(.*))?")
_NO_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Manual:
    """A paper ready to be shown: its title, its HTML, and its parts as level, id and name."""

    title: str
    html: str
    parts: tuple[tuple[int, str, str], ...]


@blueprint.get("")
@permission(Permission.SEE_DESK)
def show() -> str:
    """The user's guide."""
    return _page(GUIDE)


@blueprint.get("/<manual>")
@permission(Permission.SEE_DESK)
def manual(manual: str) -> str:
    """Another paper."""
    return _page(manual)


@blueprint.get("/pictures/<picture_name>")
@permission(Permission.SEE_DESK)
def picture(picture_name: str) -> Response:
    """A picture of the guide."""
    return send_from_directory(_folder() / "pictures", picture_name)


def slug(heading: str) -> str:
    """The id of a heading, as the forges make it: `## Mitä nyt?` is `mitä-nyt`."""
    return _NO_SLUG.sub("", heading.lower()).strip().replace(" ", "-")


def _folder() -> Path:
    folder: Path = current_app.config["TJS_DOCS"]
    return folder


def _page(name: str) -> str:
    if name not in MANUALS:
        abort(404)
    path = _folder() / f"{name}.md"
    return render_template(
        "guide/show.html",
        paper=_read(path, path.stat().st_mtime_ns),
        language_shown=MANUALS[name],
        manuals=[each for each in MANUALS if each != name],
        name=name,
    )


@cache
def _read(path: Path, _changed: int) -> Manual:
    """A paper as HTML; made once for each version of the file."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    title, rest = tokens[1].content, tokens[3:]
    parts = []
    for number, token in enumerate(rest):
        if token.type == "heading_open":
            name = _plain(rest[number + 1])
            token.attrSet("id", slug(name))
            parts.append((int(token.tag[1]), slug(name), name))
        if token.type == "th_open" and not rest[number + 1].content:
            # A column without a name is no heading to those who listen.
            token.tag = rest[number + 2].tag = "td"
        for inline in token.children or ():
            _lead(inline)
    return Manual(title, guide_html(parser.renderer.render(rest, parser.options, {})), tuple(parts))


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def _lead(token: Token) -> None:
    """Let a link between papers lead to where they are read here, and a picture come from here."""
    if token.type == "image":
        token.attrSet("src", url_for("guide.picture", picture_name=str(token.attrGet("src")).rpartition("/")[2]))
    elif token.type == "link_open":
        address = str(token.attrGet("href"))
        found = _RELATIVE.fullmatch(address)
        if found and found[1] in MANUALS:
            token.attrSet("href", url_for("guide.manual", manual=found[1]) + (f"#{found[2]}" if found[2] else ""))
        elif not address.startswith(("#", "https://", "http://")):
            del token.attrs["href"]
