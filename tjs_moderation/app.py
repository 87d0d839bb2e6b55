"""`create_app(settings)`: settings in, wired app out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import sleep
from types import TracebackType

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from tjs_moderation import web
from tjs_moderation.domain.connection import Connector
from tjs_moderation.domain.hints import Hook
from tjs_moderation.domain.judgement import judge_for
from tjs_moderation.domain.mail import Postman
from tjs_moderation.domain.ports import Channel, Clock, HeadOutlet, Judge, LinkLooker
from tjs_moderation.extensions import babel, csrf, db, limiter, login, migrate, tune_sqlite
from tjs_moderation.gateways.facebook import (
    INBOX_CALLS_PER_SECOND,
    FacebookChannel,
    FacebookConnector,
    FacebookCredentials,
    FacebookHook,
)
from tjs_moderation.gateways.files import open_rows
from tjs_moderation.gateways.heads import HeadAddress, HeadFile, HeadMail
from tjs_moderation.gateways.links import LinkOpener
from tjs_moderation.gateways.mail import MailServer
from tjs_moderation.jobs import make_queue, nudge_through, place_of
from tjs_moderation.logs import configure_logs
from tjs_moderation.services.credentials import FACEBOOK, FacebookAccess, facebook_access
from tjs_moderation.services.wiring import JudgeMaker, Nudge, Ports
from tjs_moderation.settings import LOCALES, Settings, read_settings
from tjs_moderation.web.addresses import Address
from tjs_moderation.web.templating import Templates

PRACTICE_CALLS_PER_SECOND = 100.0
"""Of the practice page, which has no limits that would be worth waiting for."""

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parent.parent
"""Where `templates/`, `static/` and `migrations/` lie."""

CATALOGUES = ROOT / "tjs_moderation" / "translations"
"""Where the other languages of the pages lie, a folder each."""

FORM_LIMIT_BYTES = 4 * 1024 * 1024
"""The largest form without a file: it is read as a whole, by whoever sends it. The longest rule set fits in."""

UPLOAD_LIMIT_BYTES = 512 * 1024 * 1024
"""The largest file that can be uploaded; the same file comes in by command whatever its size."""


WEB_THREADS = 20
"""Threads of a web process, and connections to the database that it keeps: nearly all of them only wait, for the
database or, `live.MOST_STREAMS` at most, on a stream. With fewer, webhooks that come together keep people waiting."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What stands in for the outside world, where it is not the real one: for tests. None means the real one."""

    clock: Clock | None = None
    judge: JudgeMaker | None = None
    channels: Callable[[], Mapping[str, Channel]] | None = None
    hooks: Callable[[], Mapping[str, Hook]] | None = None
    connector: Connector | None = None
    nudge: Nudge | None = None
    postman: Postman | None = None
    links: LinkLooker | None = None
    rest: Callable[[float], None] | None = None


class Console(Flask):
    """The web application. Of a failure its log tells the kind and the place: the error itself may hold anything."""

    jinja_environment = Templates
    url_rule_class = Address

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """Say that a request failed, without what was asked or written."""
        error = exc_info[1]
        if error is not None:
            kind, place = type(error).__name__, place_of(error)
            log.error("request_failed", method=request.method, endpoint=request.endpoint, kind=kind, at=place)


def create_app(settings: Settings | None = None, wiring: Wiring | None = None) -> Flask:
    """The app, wired. Touches neither database nor network; `ConfigurationError` names every bad setting."""
    settings = settings or read_settings()
    configure_logs(settings.log_format, settings.log_level)
    app = Console("tjs_moderation", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    fit(app, settings, wiring or Wiring())
    _bind_extensions(app, settings)
    web.register(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]  # Flask's own way
    return app


def fit(app: Flask, settings: Settings, wiring: Wiring) -> None:
    """Give an app its settings, its queue and its outside world; once more, in place of those it had."""
    app.config.update(_config(settings))
    app.extensions["tjs_queue"] = make_queue(settings, app)
    app.extensions["tjs_ports"] = _ports(app, settings, wiring)


def _config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": not settings.is_sqlite, "pool_size": WEB_THREADS},
        "MAX_CONTENT_LENGTH": FORM_LIMIT_BYTES,
        "TJS_UPLOAD_LIMIT": UPLOAD_LIMIT_BYTES,  # for views that take files
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SESSION_COOKIE_NAME": "__Host-tjs" if settings.has_https else "tjs",
        "SESSION_COOKIE_SECURE": settings.has_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,  # web.access asks for the token, after it has looked who is there
        "BABEL_DEFAULT_LOCALE": settings.locale,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "BABEL_TRANSLATION_DIRECTORIES": str(CATALOGUES),
        "TJS_CATALOGUES": CATALOGUES,
        "RATELIMIT_STORAGE_URI": settings.queue_url if settings.queue_url.startswith("redis") else "memory://",
        "LOCALES": LOCALES,
        "TJS_DOCS": ROOT / "docs",
        "IS_DEMO": settings.is_demo,
    }


def _bind_extensions(app: Flask, settings: Settings) -> None:
    for extension in (db, login, csrf, limiter):
        extension.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=web.chosen_locale)
    if settings.is_sqlite:
        with app.app_context():
            tune_sqlite(db.engine)


def _ports(app: Flask, settings: Settings, wiring: Wiring) -> Ports:
    return Ports(
        settings=settings,
        clock=wiring.clock or _utc_now,
        judge=wiring.judge or kept_judge,
        open_rows=open_rows,
        channels=wiring.channels or _connected_channels(settings),
        hooks=wiring.hooks or _open_hooks,
        connector=wiring.connector or _connector(settings),
        nudge=wiring.nudge or nudge_through(app),
        head_outlets=_head_outlets(settings),
        postman=wiring.postman or _postman(settings),
        links=wiring.links or LinkOpener(),
        rest=wiring.rest or sleep,
    )


def _head_outlets(settings: Settings) -> Mapping[str, HeadOutlet]:
    outlets: dict[str, HeadOutlet] = {}
    if settings.heads_file:
        outlets["file"] = HeadFile(Path(settings.heads_file))
    if settings.heads_url:
        outlets["address"] = HeadAddress(settings.heads_url)
    postman = _postman(settings)
    if settings.heads_mail and postman is not None:
        outlets["mail"] = HeadMail(postman, settings.heads_mail)
    return outlets


def _postman(settings: Settings) -> MailServer | None:
    mail = settings.mail
    if not mail.is_on:
        return None
    return MailServer(mail.host, mail.port, mail.way, mail.sender, mail.user, mail.password)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=4)
def kept_judge(rules: str) -> Judge:
    """The judge for a rule set, made once: rule sets change seldom, and reading one takes its time."""
    return judge_for(rules)


def _connected_channels(settings: Settings) -> Callable[[], Mapping[str, Channel]]:
    """Asks for the way in each time; the channel stays the same as long as that does, with its open connections."""
    if settings.facebook.is_on:
        FacebookCredentials(settings.facebook.page_id, settings.facebook.page_token)  # a bad one is said at the start
    kept: tuple[FacebookAccess, Mapping[str, Channel]] = (FacebookAccess(), {})

    def connected() -> Mapping[str, Channel]:
        nonlocal kept
        access = facebook_access()
        if access != kept[0]:
            kept = access, _channels_of(settings, access)
        return kept[1]

    return connected


def _open_hooks() -> Mapping[str, Hook]:
    """Where no secret is known, nobody can prove anything, and there is no door."""
    access = facebook_access()
    if not access.app_secret:
        return {}
    return {FACEBOOK: FacebookHook(access.page_id, access.app_secret, access.verify_token)}


def _channels_of(settings: Settings, access: FacebookAccess) -> Mapping[str, Channel]:
    if not access.is_on:
        return {}
    credentials = FacebookCredentials(access.page_id, access.page_token, access.app_secret)
    facebook = settings.facebook
    pace = PRACTICE_CALLS_PER_SECOND if settings.is_demo else INBOX_CALLS_PER_SECOND
    channel = FacebookChannel(
        credentials, graph_url=facebook.graph_url, api_version=facebook.api_version, inbox_calls_per_second=pace
    )
    return {FACEBOOK: channel}


def _connector(settings: Settings) -> Connector:
    facebook = settings.facebook
    return FacebookConnector(graph_url=facebook.graph_url, api_version=facebook.api_version)
