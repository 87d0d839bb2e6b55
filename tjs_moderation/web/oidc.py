"""Signing in by the organisation's OpenID provider (OpenID Connect, code flow with PKCE), where one is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from joserfc.errors import JoseError

from tjs_moderation.domain.vocabulary import SignInStage
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import outer_identities
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import SignInSettings
from tjs_moderation.web.access import public, safe_next
from tjs_moderation.web.coming_in import following, keep_following, let_in

blueprint = Blueprint("oidc", __name__, url_prefix="/sign-in/openid")

PROVIDER = "provider"
TIMEOUT_SECONDS = 10
SEVERAL_FACTORS = "mfa"
"""What a provider puts among the methods (`amr`, RFC 8176) when it has asked for more than one factor itself."""

log = structlog.get_logger()


@blueprint.get("")
@public
def begin() -> ResponseReturnValue:
    """On to the provider, with a state, a nonce and a challenge of our own."""
    wanted = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(wanted)
    keep_following(wanted)
    back = ports().settings.base_url + url_for("oidc.come_back")
    try:
        answer: ResponseReturnValue = _client().authorize_redirect(back)
    except (AuthlibBaseError, requests.RequestException, ValueError) as error:
        return _told_no(error)
    return answer


@blueprint.get("/back")
@public
def come_back() -> ResponseReturnValue:
    """Back from the provider: who it is, if everything it says fits what we asked."""
    client = _client()
    try:
        _check_issuer(client)
        claims: Mapping[str, Any] = client.authorize_access_token()["userinfo"]
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError) as error:
        return _told_no(error)
    person = _person_of(claims)
    if person is None:
        return _told_no()
    methods = claims.get("amr")
    has_shown_all = isinstance(methods, list) and SEVERAL_FACTORS in methods
    return let_in(person, following(), SignInStage.IN if has_shown_all else None)


def _person_of(claims: Mapping[str, Any]) -> User | None:
    """The person of the house whom the claims are about."""
    return outer_identities.recognise(
        db.session(),
        ports().settings.sign_in.oidc_issuer,
        str(claims.get("sub", "")),
        str(claims.get("email", "")),
        is_verified=claims.get("email_verified") is True,
    )


def _check_issuer(client: FlaskOAuth2App) -> None:
    """Raises ValueError where the answer is another provider's (RFC 9207), or the one asked calls itself otherwise."""
    issuer = ports().settings.sign_in.oidc_issuer
    told = client.load_server_metadata()
    if told.get("issuer") != issuer:
        raise ValueError("the provider calls itself by another name")
    said = request.args.get("iss")
    if said != issuer and (said is not None or told.get("authorization_response_iss_parameter_supported")):
        raise ValueError("the answer is of another provider")


def _client() -> FlaskOAuth2App:
    """The client for the provider that is set. 404 where there is none."""
    told = ports().settings.sign_in
    if not told.has_oidc:
        abort(404)
    kept = current_app.extensions.get("tjs_oidc")
    if kept is None or kept[0] != told:
        kept = current_app.extensions["tjs_oidc"] = told, _new_client(told)
    client: FlaskOAuth2App = kept[1]
    return client


def _new_client(told: SignInSettings) -> FlaskOAuth2App:
    oauth = OAuth(current_app)
    oauth.register(
        PROVIDER,
        client_id=told.oidc_client_id,
        client_secret=told.oidc_client_secret or None,
        server_metadata_url=f"{told.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "timeout": TIMEOUT_SECONDS,
            "token_endpoint_auth_method": "client_secret_basic" if told.oidc_client_secret else "none",
        },
    )
    return oauth.create_client(PROVIDER)


def _told_no(error: Exception | None = None) -> ResponseReturnValue:
    """A page that says no, the same whatever the reason: that stands in the log."""
    log.warning("openid_failed", reason=type(error).__name__ if error else "nobody")
    return render_template("sessions/openid_failed.html", name=_name()), 422


def _name() -> str:
    told = ports().settings.sign_in
    return told.oidc_name or urlsplit(told.oidc_issuer).hostname or ""


def register(app: Flask) -> None:
    """Give the templates of `app` the function `openid_name`: empty where there is no provider."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["openid_name"] = lambda: _name() if ports().settings.sign_in.has_oidc else ""
