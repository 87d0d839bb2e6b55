"""The only place where text gets formatting: notes between colleagues, and marked words in what the public wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import bleach
from flask import Flask
from flask_babel import gettext
from markupsafe import Markup, escape

from tjs_moderation.domain.mentions import HANDLE
from tjs_moderation.domain.ports import Reason
from tjs_moderation.models import Item
from tjs_moderation.services.listing import Listed

_TAGS = frozenset({"a", "br", "em", "p", "span", "strong"})
_ATTRIBUTES = {"a": ["class", "href", "rel"], "span": ["class", "title"]}
_PAGE_TAGS = _TAGS | {"h2", "li", "ul"}
_GUIDE_TAGS = _PAGE_TAGS | {"blockquote", "code", "h3", "h4", "hr", "img", "ol", "pre", "table", "tbody", "td", "th"}
_GUIDE_TAGS |= {"thead", "tr"}
_GUIDE_ATTRIBUTES = {"a": ["href"], "img": ["src", "alt"], "ol": ["start"], "h2": ["id"], "h3": ["id"], "h4": ["id"]}
_PROTOCOLS = frozenset({"http", "https", "mailto"})

# The formatting of the plan (P17): [link text](url), @username, #page_id, *text* and _text_. No branch can match the
# same text in two ways, so matching takes time in proportion to the length of the note.
_TOKEN = re.compile(
    r"\[(?P<label>[^\[\]\n]{1,300})\]\((?P<url>(?:https?://|mailto:)(?:[^\s()<>]|\([^\s()<>]*\)){1,2000})\)"
    rf"|(?<![\w@/])@(?P<handle>{HANDLE})"
    r"|(?<![\w#&/])#(?P<page>[0-9]{1,15})(?!\w)"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])",
    re.IGNORECASE,
)

_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def note_html(text: str, names: Mapping[str, str], page_url: Callable[[int], str]) -> Markup:
    """A note as HTML.

    `names` gives the full name of each `@handle` somebody has (a handle nobody has stays plain text), and `page_url`
    the address that `#123` leads to. Whatever the note holds, only the tags, attributes and protocols listed above come
    out.
    """
    paragraphs = _BLANK_LINES.split(text.replace("\r\n", "\n").strip())
    html = "".join(f"<p>{_inline(paragraph, names, page_url)}</p>" for paragraph in paragraphs if paragraph)
    return Markup(bleach.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS))  # noqa: S704  # just cleaned


def page_text_html(text: str) -> Markup:
    """A text of ours for the public as HTML: paragraphs, `# ` before a heading, `- ` before each entry of a list.

    Formatting within a line is that of notes, without names and numbers of items.
    """
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").strip())
    html = "".join(_block(block) for block in blocks if block)
    return Markup(bleach.clean(html, tags=_PAGE_TAGS, attributes=_ATTRIBUTES, protocols=_PROTOCOLS))  # noqa: S704  # just cleaned


def guide_html(html: str) -> Markup:
    """A paper of ours that a library has made HTML of, with nothing in it but what text needs."""
    return Markup(bleach.clean(html, tags=_GUIDE_TAGS, attributes=_GUIDE_ATTRIBUTES, protocols=_PROTOCOLS))  # noqa: S704  # just cleaned


def _block(block: str) -> str:
    if block.startswith("# "):
        heading, _, rest = block.removeprefix("# ").partition("\n")
        return f"<h2>{escape(heading)}</h2>{_block(rest) if rest else ''}"
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        entries = "".join(f"<li>{_inline(line.removeprefix('- '), {}, None)}</li>" for line in lines)
        return f"<ul>{entries}</ul>"
    return f"<p>{_inline(block, {}, None)}</p>"


def _inline(text: str, names: Mapping[str, str], page_url: Callable[[int], str] | None) -> str:
    pieces, end = [], 0
    for found in _TOKEN.finditer(text):
        pieces += [_lines(text[end : found.start()]), _formatted(found, names, page_url)]
        end = found.end()
    return "".join([*pieces, _lines(text[end:])])


def _lines(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>")


def _formatted(found: re.Match[str], names: Mapping[str, str], page_url: Callable[[int], str] | None) -> str:
    kind, value = found.lastgroup, found[found.lastgroup or 0]
    if kind == "url":
        return f'<a href="{escape(value)}" rel="noopener noreferrer nofollow">{escape(found["label"])}</a>'
    if kind == "handle":
        name = names.get(value.lower())
        return f'<span class="mention" title="{escape(name)}">@{escape(value)}</span>' if name else _lines(found[0])
    if kind == "page":
        return f'<a href="{escape(page_url(int(value)))}">#{value}</a>' if page_url else _lines(found[0])
    tag = "strong" if kind == "bold" else "em"
    return f"<{tag}>{_inline(value, names, page_url)}</{tag}>"


def marked(text: str, reasons: Sequence[Reason], anchor: str = "reason") -> Markup:
    """What the public wrote, escaped, with the words the reasons point at in `<mark>`.

    Offsets are code points of `text`; spans may overlap and lie wrongly, and reasons about the whole text (an empty
    span) mark nothing. Where a span ends stands the number of its reason (from 1), linked to `#<anchor>-<number>`.
    """
    spans = {number: _within(reason, len(text)) for number, reason in enumerate(reasons, start=1)}
    edges = sorted({0, len(text), *(edge for span in spans.values() for edge in span)})
    html = Markup("")
    for start, end in pairwise(edges):
        covering = [number for number, span in spans.items() if span[0] <= start and end <= span[1]]
        ending = [number for number in covering if spans[number][1] == end]
        piece = escape(text[start:end])
        html += (
            Markup('<mark class="marked">{}{}</mark>').format(piece, _numbers(ending, anchor)) if covering else piece
        )
    return html


def _within(reason: Reason, length: int) -> tuple[int, int]:
    start = min(max(reason.start, 0), length)
    return start, min(max(reason.end, start), length)


def _numbers(numbers: Sequence[int], anchor: str) -> Markup:
    link = Markup('<a class="marked-number" href="#{2}-{0}" aria-label="{1}">{0}</a>')
    return Markup("").join(
        link.format(number, gettext("peruste %(number)s", number=number), anchor) for number in numbers
    )


def found_words(text: str, places: Sequence[tuple[int, int]]) -> Markup:
    """What somebody wrote, escaped, with the words in these places (in order, apart from each other) in `<mark>`."""
    pieces, end = list[str](), 0
    for start, stop in places:
        pieces += (text[end:start], Markup("<mark>"), text[start:stop], Markup("</mark>"))
        end = stop
    return Markup("").join([*pieces, text[end:]])


def said(text: str) -> str:
    """What somebody wrote, or a word that there is nothing to read: a picture or a sticker has no text."""
    return text if text.strip() else str(gettext("(ei tekstiä)"))


def shown(text: str, item: Item | Listed) -> str:
    """What somebody wrote, for a list: a word in its place where it is put away, or was erased."""
    if item.erased_at is not None:
        return str(gettext("(teksti on poistettu)"))
    return str(gettext("(suojattu teksti)")) if item.is_guarded else said(text)


def way_out(address: str | None) -> str:
    """An address from outside if it leads to a web page, empty otherwise: it may hold anything."""
    return address if address and _WEB_ADDRESS.match(address) else ""


def register(app: Flask) -> None:
    """Give the templates of `app` the functions and filters of this module."""
    app.jinja_env.globals.update(marked=marked, note_html=note_html, page_text_html=page_text_html)
    app.jinja_env.filters.update(said=said, shown=shown, way_out=way_out)
