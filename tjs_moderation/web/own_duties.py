"""What I answer on, and when I am away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import absences, duties, people
from tjs_moderation.services.transaction import user
from tjs_moderation.web.absences import OwnAbsenceForm
from tjs_moderation.web.access import me, permission

blueprint = Blueprint("own_duties", __name__, url_prefix="/me")


@blueprint.get("/duties")
@permission(Permission.DRAFT_ANSWER)
def show() -> str:
    """My topics and absences."""
    return _page(OwnAbsenceForm(formdata=None))


@blueprint.post("/topics")
@permission(Permission.DRAFT_ANSWER)
def set_topics() -> ResponseReturnValue:
    """Choose my topics."""
    duties.set_topics(user(me().id), me().id, list(dict.fromkeys(request.form.getlist("topics"))))
    flash(gettext("Aiheesi on tallennettu."), "done")
    return redirect(url_for("own_duties.show"))


@blueprint.post("/absences")
@permission(Permission.DRAFT_ANSWER)
def add_absence() -> ResponseReturnValue:
    """Tell when I am away."""
    form = OwnAbsenceForm()
    if form.save(me().id):
        return redirect(url_for("own_duties.show"))
    return _page(form), 422


def _page(form: OwnAbsenceForm) -> str:
    topics = people.topics()
    mine = {topic.slug for topic in topics if me().id in {expert.id for expert in topic.experts}}
    return render_template(
        "own_duties/show.html", form=form, absences=absences.coming(me().id), topics=topics, mine=mine
    )
