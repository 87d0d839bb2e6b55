"""Find: one page, whose address holds everything that was asked for. Saved searches are such addresses with a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from tjs_moderation.domain.search import LONGEST_QUERY, Part, Term, spans
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.services import live, options, saved_searches, search
from tjs_moderation.services.saved_searches import LONGEST_NAME
from tjs_moderation.services.search import Found, Hit
from tjs_moderation.web.access import may, me, permission
from tjs_moderation.web.asking import Asked, bounds, read
from tjs_moderation.web.forms import words_sent
from tjs_moderation.web.lines import item_way
from tjs_moderation.web.markup import found_words, shown
from tjs_moderation.web.moments import reader, when
from tjs_moderation.web.names import has_initials, writer
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("search", __name__, url_prefix="/search")

BEFORE_HIT, EXCERPT = 90, 260
"""How much of a text is shown before the first word that was found, and in all, in characters."""

LONGEST_ADDRESS = 4_000


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of one part of an item, with the words that were found marked."""

    part: Part
    html: Markup


class Seen(NamedTuple):
    """A hit as all that it is drawn from: what was found and asked for, and who it is for as far as that is seen."""

    hit: Hit
    terms: tuple[Term, ...]
    address: str
    since: Markup
    has_initials: bool
    is_selectable: bool

    @property
    def writer(self) -> Markup:
        name = self.hit.item.author_name or ""
        shown_name = writer(name) if name else ""
        return found_words(shown_name, spans(name, self.terms, Part.WRITER) if shown_name == name else ())

    @property
    def said(self) -> Markup:
        """What was said; the other parts are shown where something was found in them."""
        return _excerpt(shown(self.hit.item.text, self.hit.item), self.terms, Part.TEXT)[0]

    @property
    def others(self) -> Iterator[Excerpt]:
        post = self.hit.item.post_text or ""
        for part, texts in ((Part.POST, (post,)), (Part.ANSWER, self.hit.answers), (Part.NOTE, self.hit.notes)):
            for text in texts:
                html, is_found = _excerpt(text, self.terms, part)
                if is_found:
                    yield Excerpt(part, html)


@blueprint.get("")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def show() -> str:
    """The form, and what is found by what the address holds."""
    person, choices = me(), search.choices()
    asked = read(request.args, choices)
    # First where the log stands: what is told live begins there.
    seq, found, fault = live.news(person, None).last, None, ""
    if not asked.wanted.is_empty:
        try:
            found = search.find(person, asked.wanted, asked.before)
        except InvalidInputError as error:
            fault = sentence(error)
    return render_template(
        "search/show.html",
        seq=seq,
        asked=asked,
        bounds=bounds(person, choices),
        fault=fault,
        found=found,
        hits=_seen(found) if found else [],
        saved=saved_searches.saved_searches(person),
        longest=LONGEST_QUERY,
        longest_name=LONGEST_NAME,
        bulk_cap=options.bulk_cap(db.session()),
    )


@blueprint.post("/saved")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def save() -> ResponseReturnValue:
    """Keep the search of an address under a name, and go on to it."""
    address = _read_anew(words_sent("address", LONGEST_ADDRESS))
    try:
        saved_searches.save_search(me().id, words_sent("name"), address)
    except InvalidInputError as error:
        flash(sentence(error), "error")
    else:
        flash(gettext("Haku on tallennettu. Löydät sen tältä sivulta."), "done")
    return redirect(_way_to(address))


@blueprint.post("/saved/<int(max=2147483647):saved_id>/forget")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def forget(saved_id: int) -> ResponseReturnValue:
    """Let go of a saved search."""
    saved_searches.forget_search(me().id, saved_id)
    flash(gettext("Tallennettu haku on poistettu."), "done")
    return redirect(url_for("search.show"))


def _read_anew(address: str) -> str:
    """The query of an address with what it asks for and nothing else; empty where it asks for nothing."""
    try:
        told: Mapping[str, str] = dict(parse_qsl(address, max_num_fields=40))
    except ValueError:
        return ""
    return read(told, search.choices()).address


def _way_to(address: str) -> str:
    return url_for("search.show") + (f"?{address}" if address else "")


def next_page(asked: Asked, found: Found) -> str:
    """The way to the page after this one."""
    return _way_to(urlencode([*parse_qsl(asked.address), ("before", str(found.next_place))]))


def _seen(found: Found) -> list[Seen]:
    way, to, are_initials, is_selectable = item_way(), reader(), has_initials(), may(Permission.DECIDE)
    return [
        Seen(hit, found.terms, way(hit.item.id), when(hit.item.sorted_at, to), are_initials, is_selectable)
        for hit in found.hits
    ]


def _excerpt(text: str, asked: Sequence[Term], part: Part) -> tuple[Markup, bool]:
    """The text around the first word found, marked, and whether any was found. A long text is looked at once."""
    found = spans(text, asked, part)
    start = _word_edge(text, max(found[0][0] - BEFORE_HIT, 0)) if found else 0
    end = _word_edge(text, start + EXCERPT)
    inside = [(first - start, last - start) for first, last in found if last <= end]
    html = found_words(text[start:end], inside)
    return Markup("").join(["… " if start else "", html, " …" if end < len(text) else ""]), bool(found)


def _word_edge(text: str, place: int) -> int:
    """The end of the word before this place, so that no word is cut; the place itself within a very long one."""
    if not 0 < place < len(text):
        return min(place, len(text))
    space = text.rfind(" ", max(place - BEFORE_HIT // 2, 0), place)
    return space if space > 0 else place


blueprint.add_app_template_global(next_page, "next_page_of_search")
blueprint.add_app_template_global(_way_to, "way_to_search")
