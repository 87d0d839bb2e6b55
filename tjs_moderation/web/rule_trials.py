"""A draft of the rules on trial: how far it is, and what would change of what came in lately."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import trials
from tjs_moderation.services.backtest import DAYS
from tjs_moderation.web.access import permission

blueprint = Blueprint("rule_trials", __name__, url_prefix="/rules/trials")

FAILURES = {
    "faults": _("Luonnosta ei voi enää lukea säännöiksi. Tarkista se ja kokeile uudelleen."),
    "given_up": _("Kokeilu keskeytyi monta kertaa, joten se lopetettiin. Kerro atk-suunnittelijalle."),
}

AGREEMENT = {
    "decided": _("Ihminen on päättänyt"),
    "agreed": _("Päätti samoin kuin ehdotus"),
    "removed_in_vain": _("Ehdotus poistaa, ihminen säilytti"),
    "missed": _("Ehdotus säilyttää, ihminen poisti"),
}


@blueprint.get("/<int(max=2147483647):trial_id>")
@permission(Permission.EDIT_RULES)
def show(trial_id: int) -> str:
    """One trial; while it is under way, the page brings itself up to date."""
    trial, who = trials.trial(trial_id)
    return render_template(
        "rules/trial.html",
        trial=trial,
        who=who,
        report=trials.report_of(trial),
        failure=FAILURES.get(trial.failure, ""),
        agreement=AGREEMENT,
        days=DAYS,
        most=trials.MOST_READ,
        kept_days=trials.KEPT_DAYS,
    )
