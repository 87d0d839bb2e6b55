"""What I have been told, and how I want to hear of things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from tjs_moderation.domain.notices import CONCERNS, USUAL, offered
from tjs_moderation.domain.vocabulary import Delivery, NoticeGroup, Permission
from tjs_moderation.extensions import db
from tjs_moderation.services import calendar_feed, notice_words, notices
from tjs_moderation.services.notices import Line
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import member_sent, number_asked, number_sent
from tjs_moderation.web.words import word

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

PAGE_SIZE = 30
COUNTED_UP_TO = 99
"""More than so many unread notices are not told apart in the masthead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice as the page shows it."""

    id: int
    headline: str
    todo: str
    address: str
    by: str
    at: datetime
    is_read: bool


@blueprint.get("")
@permission(Permission.SEE_DESK)
def index() -> str:
    """A page of what I have been told, newest first."""
    before = number_asked("before")
    found = notices.page_of(db.session(), me(), before, PAGE_SIZE + 1)
    lines = found[:PAGE_SIZE]
    return render_template(
        "notices/index.html",
        entries=[_entry(line) for line in lines],
        newest=max((line.notice.id for line in lines), default=0),
        has_unread=any(line.notice.read_at is None for line in lines),
        following=lines[-1].notice.id if len(found) > PAGE_SIZE else None,
        is_first=before is None,
    )


@blueprint.post("/<int(max=2147483647):notice_id>/open")
@permission(Permission.SEE_DESK)
def follow(notice_id: int) -> ResponseReturnValue:
    """On to what a notice tells of; it is read then."""
    notice = notices.mark_read(me().id, notice_id)
    if notice.item_id is not None:
        return redirect(url_for("items.show", item_id=notice.item_id))
    return redirect(url_for(notice_words.words_of(notice).endpoint))


@blueprint.post("/read")
@permission(Permission.SEE_DESK)
def mark_read() -> ResponseReturnValue:
    """I have read everything down to the newest that was on my page."""
    notices.mark_all_read(me().id, number_sent("newest"))
    flash(gettext("Ilmoitukset on merkitty luetuiksi."), "done")
    return redirect(url_for("notices.index"))


@blueprint.get("/choices")
@permission(Permission.SEE_DESK)
def choices() -> str:
    """How I want to hear of things, and my calendar."""
    return page_of_choices()


@blueprint.post("/choices")
@permission(Permission.SEE_DESK)
def choose() -> ResponseReturnValue:
    """Keep how I want to hear of things."""
    notices.choose(me().id, {group: member_sent(group, Delivery) for group in _mine()})
    flash(gettext("Valintasi on tallennettu."), "done")
    return redirect(url_for("notices.choices"))


def page_of_choices(address: str = "") -> str:
    """The page of my choices; `address` is a calendar's that was made just now, and is shown this once."""
    chosen = me().notices
    return render_template(
        "notices/choices.html",
        groups=[(group, word(group), _offered(group), chosen.get(group, USUAL[group])) for group in _mine()],
        has_mail=ports().settings.mail.is_on,
        feed=calendar_feed.of(db.session(), me().id),
        address=address,
    )


def read_here(item_id: int) -> None:
    """What told me of this item is read, where I have come to its page; pages also read ahead what nobody sees yet."""
    is_seen = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if is_seen and unread():
        notices.mark_item_read(me().id, item_id)


def unread() -> int:
    """How many notices the person looking has not read."""
    count: int = current_user.sign_in.unread if current_user.is_authenticated else 0
    return count


def _mine() -> list[NoticeGroup]:
    """The groups that concern me."""
    return [group for group in NoticeGroup if any(me().may(asked) for asked in CONCERNS[group])]


def _offered(group: NoticeGroup) -> list[tuple[str, str]]:
    if group is NoticeGroup.MORNING:
        words = {Delivery.AT_ONCE: gettext("joka työpäivän aamuna"), Delivery.NONE: gettext("ei lainkaan")}
        return [(each, words[each]) for each in offered(group)]
    return [(each, word(each)) for each in offered(group)]


def _entry(line: Line) -> Entry:
    words = notice_words.words_of(line.notice)
    return Entry(
        line.notice.id,
        str(words.headline),
        str(words.todo),
        url_for("notices.follow", notice_id=line.notice.id),
        line.by,
        line.notice.made_at,
        line.notice.read_at is not None,
    )


def register(app: Flask) -> None:
    """Give the templates of `app` the function `unread_notices`."""
    app.jinja_env.globals.update(unread_notices=unread, MOST_NOTICES=COUNTED_UP_TO)
