"""Who may see what. Every view carries a mark; one without a mark does not answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import NotAllowedError
from tjs_moderation.extensions import csrf
from tjs_moderation.models import User

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "_tjs_access"
_SENSITIVE = "_tjs_sensitive"
_BY_ITSELF = "_tjs_by_itself"
_TAKES_FILES = "_tjs_takes_files"


class SignedOutError(Exception):
    """A form came from nobody who is signed in: whoever filled it in must not lose what they wrote."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks for: one of these permissions, or nothing at all where it is public."""

    any_of: frozenset[Permission] = frozenset()
    is_public: bool = False


def permission(*any_of: Permission) -> Callable[[View], View]:
    """Mark a view as open to whoever holds at least one of these permissions."""
    if not any_of:
        raise ValueError("name at least one permission, or mark the view public")

    def mark(view: View) -> View:
        setattr(view, _MARK, Access(frozenset(any_of)))
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody, signed in or not."""
    setattr(view, _MARK, Access(is_public=True))
    return view


def sensitive(view: View) -> View:
    """Mark a view, beside its permission, as one that asks for the password again where that is some time ago."""
    setattr(view, _SENSITIVE, True)
    return view


def by_itself(view: View) -> View:
    """Mark a view, beside its permission, as one that open pages ask for: it tells of nobody being there."""
    setattr(view, _BY_ITSELF, True)
    return view


def takes_files(view: View) -> View:
    """Mark a view, beside its permission, as one to which files are sent, larger than any form."""
    setattr(view, _TAKES_FILES, True)
    return view


def asks_again(view: Callable[..., Any] | None) -> bool:
    """Whether a view is marked as sensitive."""
    return hasattr(view, _SENSITIVE)


def is_sensitive() -> bool:
    """Whether the view asked for is marked as sensitive."""
    return asks_again(_view_asked_for())


def is_by_itself() -> bool:
    """Whether the view asked for is one that open pages ask for by themselves."""
    return hasattr(_view_asked_for(), _BY_ITSELF)


def access_of(view: Callable[..., Any] | None) -> Access | None:
    """The mark a view carries, None where it has none."""
    return getattr(view, _MARK, None)


def unmarked(app: Flask) -> list[str]:
    """The endpoints whose view carries no mark, sorted."""
    return sorted(name for name, view in app.view_functions.items() if access_of(view) is None)


def require_marks(app: Flask) -> None:
    """Refuse to start with a view that nobody thought about. Raises RuntimeError that names them all."""
    forgotten = unmarked(app)
    if forgotten:
        raise RuntimeError(f"views without a permission mark: {', '.join(forgotten)}")


def me() -> User:
    """The person who is signed in. Only for views that ask for a permission."""
    user: User = current_user.user
    return user


def may(asked: Permission) -> bool:
    """Whether the person looking at this page holds a permission; nobody signed in holds none."""
    person: User | None = getattr(current_user, "user", None)
    return person is not None and person.may(asked)


def safe_next(target: str | None) -> str:
    """The path to go on to after signing in; the front page where `target` would lead out of this site."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    is_printable = target.isprintable() and "\\" not in target
    parts = urlsplit(target)
    return target if is_printable and not parts.scheme and not parts.netloc else "/"


def guard() -> ResponseReturnValue | None:
    """Let a request through to its view, send it to sign in, or raise NotAllowedError or SignedOutError."""
    if request.endpoint is None:
        return None
    access = access_of(_view_asked_for())
    if access is None:
        raise NotAllowedError("unmarked_view")
    if access.is_public:
        return None
    if not current_user.is_authenticated:
        if request.method == "POST":
            raise SignedOutError
        return redirect(url_for("sessions.sign_in", next=_where_to_return()))
    if not any(may(asked) for asked in access.any_of):
        log.warning("not_allowed", person=me().id, endpoint=request.endpoint, method=request.method)
        raise NotAllowedError
    return None


def allow_files() -> None:
    """Let a file through where one is taken; who may send one has been asked by then."""
    if hasattr(_view_asked_for(), _TAKES_FILES):
        request.max_content_length = current_app.config["TJS_UPLOAD_LIMIT"]


def check_token() -> None:
    """Ask for the token against forged requests, last of all: it reads the body, which a stranger may not send."""
    if access_of(_view_asked_for()) is not None and current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()


def _view_asked_for() -> Callable[..., Any] | None:
    return current_app.view_functions.get(request.endpoint or "")


def _where_to_return() -> str | None:
    if request.method not in {"GET", "HEAD"} or request.path == "/":
        return None
    return request.full_path.rstrip("?")


def register(app: Flask) -> None:
    """Ask every request for its mark before anything else looks at it."""
    static = app.view_functions.get("static")
    if static is not None:
        public(static)
    app.before_request(guard)
    app.before_request(allow_files)
    app.before_request(check_token)
    app.jinja_env.globals.update(may=may, Permission=Permission)
