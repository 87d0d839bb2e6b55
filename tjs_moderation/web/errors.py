"""Errors as pages: what happened, what was kept, and what to do next. Never a traceback."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from tjs_moderation.errors import (
    ConflictError,
    GatewayError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    OutcomeUnknownError,
    SecretsError,
    TjsError,
    TransitionError,
)
from tjs_moderation.services.outage import Outage, outage_of
from tjs_moderation.web.access import SignedOutError, safe_next
from tjs_moderation.web.sentences import detail, sentence

log = structlog.get_logger()

STATUSES: dict[type[TjsError], HTTPStatus] = {
    InvalidInputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    ConflictError: HTTPStatus.CONFLICT,
    TransitionError: HTTPStatus.CONFLICT,
    SecretsError: HTTPStatus.CONFLICT,
    GatewayError: HTTPStatus.BAD_GATEWAY,
    OutcomeUnknownError: HTTPStatus.BAD_GATEWAY,
}

_HEADINGS: dict[int, object] = {
    400: _("Pyyntöä ei voitu lukea"),
    403: _("Tähän ei ole oikeutta"),
    404: _("Ei löytynyt"),
    405: _("Näin tätä sivua ei voi käyttää"),
    409: _("Tilanne on muuttunut"),
    413: _("Liian suuri"),
    422: _("Jotain pitää korjata"),
    429: _("Hetki, liian monta yritystä"),
    502: _("Kanava ei vastannut"),
}

_SENTENCES: dict[int, object] = {
    400: _("Selaimesi lähetti jotain, mitä ei voitu käyttää. Mitään ei tallennettu."),
    403: _("Tehtäväsi ei anna oikeutta tähän. Jos tarvitset sen, pyydä sitä atk-suunnittelijalta."),
    404: _("Osoitteessa ei ole sivua, tai se ei ole sinun nähtävissäsi. Tarkista osoite tai palaa työpöydälle."),
    405: _("Palaa edelliselle sivulle ja käytä sen painikkeita. Mitään ei tallennettu."),
    413: _("Lähetit enemmän kuin kerralla voi ottaa vastaan. Mitään ei tallennettu. Jaa aineisto pienempiin osiin."),
    429: _("Odota minuutti ja yritä uudelleen. Mitään ei tallennettu."),
}

RETRY_SECONDS = 30
"""After how long to come again to a database that is away or full."""

_LABELS: dict[str, object] = {
    "words": _("Omat sanasi"),
    "text": _("Tekstisi"),
    "text_fi": _("Teksti suomeksi"),
    "text_sv": _("Teksti ruotsiksi"),
    "text_en": _("Teksti englanniksi"),
    "why": _("Perustelusi"),
    "result": _("Vastauksen osoite"),
    "name": _("Nimi"),
    "email": _("Sähköposti"),
}


def register(app: Flask) -> None:
    """Turn every error of `app` into a page."""
    app.register_error_handler(TjsError, _refused)
    app.register_error_handler(SignedOutError, _signed_out)
    app.register_error_handler(CSRFError, _not_from_our_form)
    app.register_error_handler(HTTPException, _no_such_request)
    app.register_error_handler(SQLAlchemyError, _database_fails)
    app.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, _our_own_fault)


def status_of(error: TjsError) -> int:
    """The HTTP status that says the same as an error of the domain."""
    found = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), None)
    return found or HTTPStatus.INTERNAL_SERVER_ERROR


def kept_words() -> list[tuple[str, str]]:
    """What the person had written in the form that was refused, with labels, so that none of it is lost.

    Empty where the form may not have been one of ours: what another site sent is not repeated in our name.
    """
    if request.method != "POST" or not _is_from_here():
        return []
    try:
        sent = request.form
    except RequestEntityTooLarge:  # it was never read, and never will be
        return []
    return [(str(label), sent[name]) for name, label in _LABELS.items() if sent.get(name, "").strip()]


def _refused(error: TjsError) -> ResponseReturnValue:
    status = status_of(error)
    return _page(status, sentence(error), detail=detail(error), item_id=error.facts.get("item_id")), status


def _signed_out(_error: SignedOutError) -> ResponseReturnValue:
    """Straight to the sign-in page, unless something was written that would be lost with that."""
    if not kept_words():
        return redirect(url_for("sessions.sign_in"))
    words = gettext(
        "Kirjautumisesi oli päättynyt, eikä mitään tallennettu. "
        "Ota tekstisi talteen, kirjaudu sisään ja lähetä se uudelleen."
    )
    return _page(HTTPStatus.UNAUTHORIZED, words, heading=gettext("Kirjautumisesi oli päättynyt")), 401


def _not_from_our_form(_error: CSRFError) -> ResponseReturnValue:
    words = gettext(
        "Lomake oli ollut auki liian kauan, tai olit kirjautunut ulos. Mitään ei tallennettu. "
        "Palaa sivulle, lataa se uudelleen ja lähetä lomake vielä kerran.",
    )
    return _page(HTTPStatus.BAD_REQUEST, words, heading=gettext("Lomake on vanhentunut")), HTTPStatus.BAD_REQUEST


def _no_such_request(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if isinstance(error, SecurityError):  # under a name that is not ours no address can be made, and so no page
        return "Unknown host.\n", HTTPStatus.BAD_REQUEST, {"Content-Type": "text/plain; charset=utf-8"}
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    words = _wait_words(error) or str(_SENTENCES.get(status, _SENTENCES[400]))
    headers = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}]
    return _page(status, words), status, headers


def _wait_words(error: HTTPException) -> str:
    """How long to wait, where that is longer than a minute."""
    seconds = getattr(error, "retry_after", None)
    if not isinstance(seconds, int) or seconds <= 60:
        return ""
    minutes = -(-seconds // 60)
    return str(gettext("Odota %(minutes)s minuuttia ja yritä uudelleen. Mitään ei tallennettu.", minutes=minutes))


def _our_own_fault(_error: Exception) -> ResponseReturnValue:
    """The page for a defect. It asks the database for nothing, since that may be what is broken."""
    page = render_template("errors/defect.html", mark=g.get("request_mark"))
    return page, HTTPStatus.INTERNAL_SERVER_ERROR


def _database_fails(error: SQLAlchemyError) -> ResponseReturnValue:
    """The page for a database that is away or full, which asks it for nothing; anything else it says is a defect."""
    outage = outage_of(error)
    if outage is None:
        raise error
    log.error("database_fails", outage=outage, endpoint=request.endpoint, kind=type(error).__name__)
    page = render_template("errors/outage.html", is_away=outage is Outage.AWAY, kept=kept_words())
    return page, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_SECONDS)}


def _page(status: int, words: str, *, heading: str | None = None, detail: str = "", item_id: object = None) -> str:
    return render_template(
        "errors/error.html",
        heading=heading or _HEADINGS.get(status) or gettext("Pyyntöä ei voitu täyttää"),
        words=words,
        detail=detail,
        kept=kept_words(),
        back=_page_before(item_id),
    )


def _page_before(item_id: object) -> str:
    """The page the person came from if it is ours; otherwise the item that the error is about, or the front page."""
    if not _is_from_here() or not request.referrer:
        return url_for("items.show", item_id=item_id) if item_id else "/"
    parts = urlsplit(request.referrer)
    return safe_next(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _is_from_here() -> bool:
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    return urlsplit(request.headers.get("Origin") or request.referrer or "").netloc == request.host
