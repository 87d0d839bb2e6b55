"""The rule set in a person's hands: checked as often as wanted, published with a reason, nothing typed ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.comparison import compare_lines
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, Fault, FaultsError, InvalidInputError, TransitionError
from tjs_moderation.models import RuleSet
from tjs_moderation.services import rules, trials
from tjs_moderation.services.backtest import DAYS
from tjs_moderation.services.transaction import look_anew, user
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.fault_lines import places_of
from tjs_moderation.web.forms import member_sent, number_asked, number_sent, text_sent, words_sent
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("rule_editing", __name__, url_prefix="/rules/edit")

LONGEST_RULES = 500_000
LONGEST_WHY = 1_000


class Wish(StrEnum):
    """What the editor's buttons ask for."""

    CHECK = "check"
    PUBLISH = "publish"
    TRY = "try"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has in hand: the text, the version it was made from, and why it is to be published."""

    text: str
    began_from: int
    why: str = ""


@blueprint.get("")
@permission(Permission.EDIT_RULES)
def show() -> str:
    """The rule set in force, an earlier one, or a draft that was tried, to be changed."""
    tried, version = number_asked("trial"), number_asked("version")
    live = rules.live_rules()
    if tried is not None:
        trial, _ = trials.trial(tried)
        return _page(Draft(trial.text, trial.began_from, trial.why), live)
    begun = live if version is None else rules.rules_by_number(version)
    return _page(Draft(begun.text, live.number), live)


@blueprint.post("")
@permission(Permission.EDIT_RULES)
def act() -> ResponseReturnValue:
    """What was typed is checked, put in force, or left to a worker to try."""
    wish = member_sent("do", Wish)
    draft = Draft(text_sent("text"), number_sent("began_from"), words_sent("why"))
    too_long = _too_long(draft)
    if too_long:
        return _page(draft, refusal=too_long), 422
    return {Wish.CHECK: _check, Wish.PUBLISH: _publish, Wish.TRY: _try}[wish](draft)


def _check(draft: Draft) -> ResponseReturnValue:
    faults = rules.faults_in(draft.text)
    return _page(draft, faults=faults, is_sound=not faults)


def _publish(draft: Draft) -> ResponseReturnValue:
    try:
        number = rules.publish_rules(user(me().id), draft.text, draft.why, draft.began_from)
    except FaultsError as error:
        return _page(draft, faults=error.faults), 422
    except InvalidInputError as error:
        return _page(draft, refusal=sentence(error)), 422
    except ConflictError as error:
        return _overtaken(draft, error), 409
    flash(gettext("Säännöt on julkaistu. Voimassa on nyt versio %(number)s.", number=number), "done")
    return redirect(url_for("rule_versions.show", number=number))


def _try(draft: Draft) -> ResponseReturnValue:
    try:
        trial_id = trials.start_trial(me().id, draft.text, draft.began_from, draft.why)
    except FaultsError as error:
        return _page(draft, faults=error.faults), 422
    except TransitionError as error:
        return _page(draft, refusal=sentence(error)), 409
    return redirect(url_for("rule_trials.show", trial_id=trial_id))


def _overtaken(draft: Draft, error: ConflictError) -> str:
    """The page with what was typed, and what the other has changed meanwhile.

    Now that the person is told, the draft counts as begun from the newest version.
    """
    look_anew()
    live = rules.live_rules()
    changes = compare_lines(rules.rules_by_number(draft.began_from).text, live.text)
    seen = replace(draft, began_from=live.number)
    return _page(seen, live, refusal=sentence(error), overtaken_by=live, changes=changes)


def _too_long(draft: Draft) -> str:
    for typed, most in ((draft.text, LONGEST_RULES), (draft.why, LONGEST_WHY)):
        if len(typed) > most:
            return sentence(InvalidInputError("too_long", limit=most, length=len(typed)))
    return ""


def _page(draft: Draft, live: RuleSet | None = None, faults: Sequence[Fault] = (), **told: object) -> str:
    return render_template(
        "rules/edit.html",
        draft=draft,
        live=live or rules.live_rules(),
        faults=faults,
        faulty_places=places_of(draft.text, faults),
        longest_why=LONGEST_WHY,
        trials=trials.newest_trials(),
        days=DAYS,
        **told,
    )
