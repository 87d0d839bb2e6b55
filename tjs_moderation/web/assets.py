"""Style sheets and scripts under an address that changes with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory, url_for

from tjs_moderation.web.access import public

blueprint = Blueprint("assets", __name__)

_KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
_KEPT_A_MINUTE = "public, max-age=60"


def version(folder: Path) -> str:
    """Twelve hexadecimal digits over the name and content of every file under `folder`.

    One version for the whole tree: what a style sheet or a script loads by a relative address then has it too.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


@blueprint.get("/assets/<wanted>/<path:name>")
@public
def show(wanted: str, name: str) -> Response:
    """One file. A page older than the files gets the new ones, but may not keep them under the old name."""
    response = send_from_directory(current_app.static_folder or "", name)
    is_current = wanted == current_app.config["TJS_ASSETS_VERSION"]
    response.headers["Cache-Control"] = _KEPT_FOR_GOOD if is_current else _KEPT_A_MINUTE
    return response


def is_asset(endpoint: str | None) -> bool:
    """Whether a view serves files that say nothing of anybody, and may be kept."""
    return endpoint in {"assets.show", "static"}


def asset(name: str) -> str:
    """The address of a file under static/, e.g. `css/base.css`."""
    return _address(request.script_root, current_app.config["TJS_ASSETS_VERSION"], name)


@lru_cache(maxsize=256)
def _address(_root: str, wanted: str, name: str) -> str:
    return url_for("assets.show", wanted=wanted, name=name)


def register(app: Flask) -> None:
    """Serve the static folder of `app` under its version."""
    app.config["TJS_ASSETS_VERSION"] = version(Path(app.static_folder or app.root_path))
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
