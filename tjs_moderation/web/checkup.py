"""The health of the install: everything that is looked at, with what to do where something is wrong."""

from __future__ import annotations

from flask import Blueprint, render_template

from tjs_moderation.domain.health import Depth, Health, worst
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.extensions import db
from tjs_moderation.services import checkup
from tjs_moderation.services.install import schema
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import permission
from tjs_moderation.web.health_words import tell

blueprint = Blueprint("checkup", __name__, url_prefix="/health")

ORDER = (Health.BAD, Health.WARN, Health.UNKNOWN, Health.OK)
"""What has to be mended stands first."""


@blueprint.get("")
@permission(Permission.RUN_CHANNELS)
def show() -> str:
    """All findings, at a glance; `tjs-moderation doctor` looks closer."""
    found = [schema(), *checkup.look_over(db.session(), Depth.GLANCE)]
    told = [tell(finding, ports().settings.zone) for finding in found]
    piles = {health: [one for one in told if one.finding.health is health] for health in ORDER}
    return render_template("checkup/show.html", piles=piles, worst=worst(found))
