"""The answer to an item: drafting, sending for approval, returning, approving, stopping, giving it up."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.sending import Sending, When
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, InvalidInputError, TjsError, TransitionError
from tjs_moderation.services import answer_history, answer_sources, answers, desk, drafts
from tjs_moderation.services.casefile import CaseFile, open_case
from tjs_moderation.services.transaction import look_anew
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.answer_desk import AnswerDesk
from tjs_moderation.web.answer_steps import steps
from tjs_moderation.web.drafts import grew_from_sent, typed_sent
from tjs_moderation.web.errors import status_of
from tjs_moderation.web.forms import member_sent, number_asked, number_chosen, number_sent, words_sent
from tjs_moderation.web.items import back_to_item
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("answers", __name__)

ONE = "/answers/<int(max=2147483647):answer_id>"


@blueprint.app_template_global("answer_desk")
def answer_desk(case: CaseFile) -> AnswerDesk:
    """What the one who looks may do with the answer to the item of `case`."""
    return AnswerDesk(me(), case, number_asked("draft"))


@blueprint.post("/items/<int(max=2147483647):item_id>/answer")
@permission(Permission.DRAFT_ANSWER)
def save(item_id: int) -> ResponseReturnValue:
    """Save the draft and, where that button was pressed, send it for approval."""
    text = words_sent("text")
    sources = words_sent("sources", answer_sources.LONGEST) if "sources" in request.form else None
    try:
        answer_id = answers.save_draft(me().id, item_id, text, number_chosen("answer_version"), typed_sent())
    except (InvalidInputError, ConflictError, TransitionError) as error:
        return _unsaved(item_id, text, error)
    if sources is not None:
        answer_sources.keep_sources(me().id, answer_id, sources)
    if request.form.get("action") == "submit":
        _submit_saved(answer_id, text)
    else:
        flash(gettext("Vastaus on tallennettu."), "done")
    return back_to_item(item_id)


@blueprint.post(f"{ONE}/submit")
@permission(Permission.DRAFT_ANSWER)
def submit(answer_id: int) -> ResponseReturnValue:
    """Send the draft for approval as it is."""
    answers.submit(me().id, answer_id, number_sent("version"))
    flash(gettext("Vastaus on lähetetty hyväksyttäväksi."), "done")
    return _back(answer_id)


@blueprint.post(f"{ONE}/send-back")
@permission(Permission.APPROVE_ANSWER)
def send_back(answer_id: int) -> ResponseReturnValue:
    """Return the draft to its expert with a sentence why."""
    answers.send_back(me().id, answer_id, number_sent("version"), words_sent("why", 2000))
    flash(gettext("Vastaus on palautettu asiantuntijalle."), "done")
    return _back(answer_id)


@blueprint.post(f"{ONE}/approve")
@permission(Permission.APPROVE_ANSWER)
def approve(answer_id: int) -> ResponseReturnValue:
    """Approve the revision that was on the page, as an answer to the newest message that was there."""
    seen = number_sent("newest"), number_sent("newest_text")
    is_private = request.form.get("is_private") == "yes"
    answers.approve(me().id, answer_id, number_sent("version"), *seen, is_private=is_private, sending=_sending())
    flash(gettext("Vastaus on hyväksytty. Voit pysäyttää sen, kunnes se lähtee."), "done")
    return _back(answer_id)


def _sending() -> Sending:
    """When the answer is to leave, as the form says; at once where it does not."""
    when = member_sent("when", When) if "when" in request.form else When.AT_ONCE
    try:
        chosen = datetime.fromisoformat(request.form.get("chosen_at", ""))
    except ValueError:
        return Sending(when)
    return Sending(when, chosen.replace(tzinfo=ports().settings.zone))


@blueprint.post(f"{ONE}/stop")
@permission(Permission.APPROVE_ANSWER)
def stop(answer_id: int) -> ResponseReturnValue:
    """Stop an approved answer before it leaves."""
    answers.stop(me().id, answer_id, number_sent("version"))
    flash(gettext("Vastaus on pysäytetty. Se odottaa taas hyväksyntää."), "done")
    return _back(answer_id)


@blueprint.post(f"{ONE}/withdraw")
@permission(Permission.APPROVE_ANSWER)
def withdraw(answer_id: int) -> ResponseReturnValue:
    """Give the answer up."""
    answers.withdraw(me().id, answer_id, number_sent("version"))
    flash(gettext("Vastauksesta on luovuttu. Teksti jää talteen asian tietoihin."), "done")
    return _back(answer_id)


@blueprint.get(f"{ONE}/versions")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def versions(answer_id: int) -> str:
    """Every version of an answer with what changed in it, and every return between them."""
    history = answer_history.history_of(me(), answer_id)
    return render_template("answers/versions.html", history=history, steps=steps(history))


def _back(answer_id: int) -> ResponseReturnValue:
    return back_to_item(answers.item_id_of(answer_id))


def _submit_saved(answer_id: int, text: str) -> None:
    """Send for approval what was just saved. Where that is refused, the draft is kept, and the person is told so."""
    try:
        answers.submit(me().id, answer_id, answers.version_of(answer_id, text))
    except TjsError as error:
        kept = gettext("Luonnos on tallennettu, mutta sitä ei lähetetty hyväksyttäväksi.")
        flash(f"{kept} {sentence(error)}", "warning")
    else:
        flash(gettext("Vastaus on tallennettu ja lähetetty hyväksyttäväksi."), "done")


def _unsaved(item_id: int, text: str, error: TjsError) -> ResponseReturnValue:
    """The page that gives back what was typed, beside what stands there now; the text is kept as a draft, too."""
    with suppress(TjsError):
        drafts.keep(me().id, item_id, text, grew_from_sent(), typed_sent())
    look_anew()
    case = open_case(me(), item_id, desk.counts(me()), ports().clock())
    status = status_of(error)
    return render_template("answers/unsaved.html", case=case, text=text, said=sentence(error), status=status), status
