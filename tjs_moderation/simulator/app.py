"""The simulator as a Flask application."""

from __future__ import annotations

from flask import Flask, abort, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from tjs_moderation.simulator.access import ALL_SCOPES, Access
from tjs_moderation.simulator.calls import Simulation, answer_problem
from tjs_moderation.simulator.control import control
from tjs_moderation.simulator.graph import VersionConverter, create_graph
from tjs_moderation.simulator.problems import unknown_path
from tjs_moderation.simulator.state import PageState
from tjs_moderation.simulator.visitor import visitor

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TITLES = {400: "Tätä ei voitu tehdä", 404: "Sivua ei löytynyt", 405: "Tätä ei voi tehdä näin"}


def create_simulator(
    state: PageState,
    *,
    app_secret: str,
    page_token: str,
    user_token: str = "",
    scopes: frozenset[str] = ALL_SCOPES,
) -> Flask:
    """The simulated Graph API at `/v26.0/…`, the page one can look at on `/`, the simulator's desk at `/_simulator/…`.

    `user_token`, when given, is a valid token of the wrong kind; `scopes` are the permissions of the page token.
    """
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.json.ensure_ascii = True  # type: ignore[attr-defined]  # Flask types only the base class of its own provider
    app.url_map.converters["version"] = VersionConverter
    access = Access(app_secret, page_token, user_token=user_token, scopes=scopes)
    app.extensions["simulator"] = Simulation(state, access)
    app.register_blueprint(create_graph())
    app.register_blueprint(control)
    app.register_blueprint(visitor)
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _explain)
    return app


def _refuse_other_sites() -> None:
    """A web page of somewhere else must not work the simulator through the browser of whoever runs it."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _explain(error: HTTPException) -> Response | tuple[str, int]:
    """People get a page, programs Meta's own kind of error."""
    if "text/html" not in request.headers.get("Accept", ""):
        return answer_problem(unknown_path(request.path.lstrip("/")))
    status = error.code or 500
    reason = error.description if status == 400 else None
    return render_template(
        "simulator/notice.html", title=_TITLES.get(status, "Jokin meni vikaan"), reason=reason
    ), status
