"""The page as a visitor sees it, and what a visitor does there: comments, replies, edits, deletes, writes a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tjs_moderation.simulator.calls import simulation
from tjs_moderation.simulator.objects import Comment, Person, Post

visitor = Blueprint("visitor", __name__)

POSTS_ON_A_PAGE = 20
_MAX_TEXT_LENGTH = 8000
_ZONE = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment as it is shown, with the replies under it."""

    comment: Comment
    is_own: bool
    replies: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as it is shown, with its comments."""

    post: Post
    author: Person
    threads: tuple[Thread, ...]


@visitor.app_template_filter("hetki")
def finnish_moment(moment: datetime) -> str:
    """`22.11.2026 klo 14.05`."""
    local = moment.astimezone(_ZONE)
    return f"{local.day}.{local.month}.{local.year} klo {local.hour}.{local.minute:02d}"


@visitor.get("/")
def show_page() -> str:
    """The newest posts with their comments; `?nakyma=yllapito` shows the hidden ones too, `?sivu=2` older posts."""
    state, number = simulation().state, max(request.args.get("sivu", 1, type=int), 1)
    with state.lock:
        newest = [each for each in reversed(state.posts_of(with_everything=True)) if each.is_out(state.clock.now())]
        first = (number - 1) * POSTS_ON_A_PAGE
        posts = _shown(newest[first : first + POSTS_ON_A_PAGE])
        conversations = sorted(state.conversations.values(), key=lambda each: each.updated_at, reverse=True)
        return render_template(
            "simulator/page.html",
            posts=posts,
            conversations=conversations,
            number=number,
            has_older=len(newest) > first + POSTS_ON_A_PAGE,
        )


@visitor.get("/posts/<post_id>")
def show_post(post_id: str) -> str:
    """One post with its comments; the permalinks of the API lead here."""
    with simulation().state.lock:
        return render_template("simulator/post.html", shown=_shown([_post(post_id)])[0])


@visitor.post("/posts")
def write_post() -> Response:
    """A visitor writes a post of their own on the page."""
    made = simulation().state.publish(_text(), author=_writer())
    return redirect(url_for(".show_post", post_id=made.id, nakyma=_view()))


@visitor.post("/posts/<post_id>/comments")
def comment_on_post(post_id: str) -> Response:
    """A visitor comments on a post."""
    made = simulation().state.comment(_post(post_id).id, _writer(), _text())
    return _back_to(made)


@visitor.post("/posts/<post_id>/delete")
def delete_post(post_id: str) -> Response:
    """Whoever wrote a post, or keeps the page, deletes it; its comments go with it."""
    simulation().state.remove_post(_post(post_id).id)
    return redirect(url_for(".show_page", nakyma=_view()))


@visitor.post("/comments/<comment_id>/replies")
def reply_to_comment(comment_id: str) -> Response:
    """A visitor replies to a comment."""
    made = simulation().state.comment(_comment(comment_id).id, _writer(), _text())
    return _back_to(made)


@visitor.post("/comments/<comment_id>/edit")
def edit_comment(comment_id: str) -> Response:
    """The writer of a comment puts it into other words."""
    return _back_to(simulation().state.edit(_comment(comment_id).id, _text()))


@visitor.post("/comments/<comment_id>/delete")
def delete_comment(comment_id: str) -> Response:
    """The writer of a comment deletes it."""
    comment = _comment(comment_id)
    simulation().state.remove(comment.id)
    return redirect(url_for(".show_post", post_id=comment.post_id, nakyma=_view()))


@visitor.post("/comments/<comment_id>/hide")
def hide_comment(comment_id: str) -> Response:
    """Somebody who keeps the page hides a comment on Facebook itself."""
    comment = _comment(comment_id)
    simulation().state.set_hidden(comment.id, is_hidden=True)
    return _back_to(comment)


@visitor.post("/comments/<comment_id>/show")
def show_comment(comment_id: str) -> Response:
    """Somebody who keeps the page shows a comment again."""
    comment = _comment(comment_id)
    simulation().state.set_hidden(comment.id, is_hidden=False)
    return _back_to(comment)


@visitor.post("/messages")
def begin_conversation() -> Response:
    """A visitor writes to the page privately."""
    person = _writer()
    simulation().state.write(person, _text())
    return redirect(url_for(".show_conversation", person_id=person.id))


@visitor.get("/messages/<person_id>")
def show_conversation(person_id: str) -> str:
    """The conversation as the visitor sees it."""
    with simulation().state.lock:
        conversation = simulation().state.conversation_with(person_id) or abort(404)
        return render_template("simulator/conversation.html", conversation=conversation)


@visitor.post("/messages/<person_id>")
def continue_conversation(person_id: str) -> Response:
    """The visitor writes more."""
    state = simulation().state
    conversation = state.conversation_with(person_id) or abort(404)
    state.write(conversation.person, _text())
    return redirect(url_for(".show_conversation", person_id=person_id))


@visitor.app_context_processor
def page_facts() -> dict[str, object]:
    """What every page shows: whose page it is, and from whose side it is seen."""
    return {"page": simulation().state.page, "view": _view()}


def _view() -> str | None:
    return "yllapito" if request.args.get("nakyma") == "yllapito" else None


def _shown(posts: Sequence[Post]) -> list[ShownPost]:
    state = simulation().state
    return [ShownPost(post, post.author or state.page_person, _threads(post)) for post in posts]


def _threads(post: Post) -> tuple[Thread, ...]:
    """The comments of a post as trees; under a hidden comment its replies are hidden with it."""
    page_id, sees_all = simulation().state.page.id, bool(_view())
    by_parent: dict[str | None, list[Comment]] = {}
    for comment in simulation().state.under(post, every_level=True):
        if not comment.is_deleted and (sees_all or not comment.is_hidden):
            by_parent.setdefault(comment.parent_id, []).append(comment)

    def below(parent_id: str | None) -> tuple[Thread, ...]:
        return tuple(Thread(each, each.author.id == page_id, below(each.id)) for each in by_parent.get(parent_id, ()))

    return below(None)


def _post(post_id: str) -> Post:
    found = simulation().state.find(post_id)
    return found if isinstance(found, Post) else abort(404)


def _comment(comment_id: str) -> Comment:
    found = simulation().state.find(comment_id)
    return found if isinstance(found, Comment) and found.author.id != simulation().state.page.id else abort(404)


def _writer() -> Person:
    name = request.form.get("name", "").strip()[:80]
    return simulation().state.meet(name) if name else abort(400, "Kirjoita nimesi.")


def _text() -> str:
    text = request.form.get("message", "").replace("\r\n", "\n").strip()
    if not text:
        abort(400, "Kirjoita ensin teksti.")
    return (
        text
        if len(text) <= _MAX_TEXT_LENGTH
        else abort(400, f"Tekstissä saa olla enintään {_MAX_TEXT_LENGTH} merkkiä.")
    )


def _back_to(comment: Comment) -> Response:
    return redirect(url_for(".show_post", post_id=comment.post_id, _anchor=f"kommentti-{comment.id}", nakyma=_view()))
