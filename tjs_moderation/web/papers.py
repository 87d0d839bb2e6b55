"""Papers that leave the console: files that stand by themselves, and the archive they go into."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, Response, render_template

from tjs_moderation.domain.vocabulary import ActKind, ActState, AppealOutcome, DecisionKind, ItemKind, Outcome
from tjs_moderation.web.moments import exact
from tjs_moderation.web.words import word

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""What an archive says of when its files were made: it is made anew each time, and the same each time."""


def person_archive(copy: Mapping[str, Any]) -> bytes:
    """A person's copy as an archive: the same twice, for machines and for people."""
    told = {"henkilotiedot.json": as_json(copy), "henkilotiedot.html": render_template("privacy/copy.html", copy=copy)}
    return archive_of(told)


def as_json(told: Mapping[str, Any]) -> str:
    """JSON that a person can read, too."""
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def archive_of(files: Mapping[str, str]) -> bytes:
    """A zip archive of these texts by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def download(archive: bytes, name: str) -> Response:
    """An archive to be kept by the browser under this name."""
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(archive, mimetype="application/zip", headers=headers)


def register(app: Flask) -> None:
    """Give the templates of `app` the filters that papers made of JSON need."""
    app.jinja_env.filters.update(
        moment_exact=lambda written: exact(datetime.fromisoformat(written)),
        kind_word=lambda written: word(ItemKind(written)),
        outcome_word=lambda written: word(Outcome(written)),
        decision_word=lambda written: word(DecisionKind(written)),
        act_word=lambda written: word(ActKind(written)),
        act_state_word=lambda written: word(ActState(written)),
        appeal_word=lambda written: word(AppealOutcome(written)),
    )
