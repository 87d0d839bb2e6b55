"""The parts of the pages side by side, each in its states, for those who build: only in the demo, nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Flask, render_template
from flask_wtf import FlaskForm
from wtforms import StringField

from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.vocabulary import CaseState, Category, ChannelKind, ItemKind, Outcome, Permission
from tjs_moderation.services.desk import Row
from tjs_moderation.services.listing import Listed
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import permission
from tjs_moderation.web.queues import QueueEntry
from tjs_moderation.web.words import word

blueprint = Blueprint("design", __name__, url_prefix="/tyyli")

COLOURS = (
    ("paper", "surface", "ink", "ink-soft", "line", "line-strong", "mark"),
    ("accent", "accent-ink", "accent-soft"),
    ("keep", "keep-ink", "keep-soft"),
    ("weigh", "weigh-ink", "weigh-soft"),
    ("remove", "remove-ink", "remove-soft"),
)
STEPS = ("step-small", "step", "step-read", "step-large", "step-title")
GAPS = ("gap-hair", "gap-small", "gap", "gap-large", "gap-huge")

QUOTE = "Tosi hyvä luento, mutta puhuja oli kyllä melkoinen tollo."
START = QUOTE.index("tollo")
REASON = Reason("example", START, START + 5, "tollo", "Kommentti loukkaa: ”tollo”.", rule="esimerkki")


class SampleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A field in its usual state, with a hint, and with an error."""

    plain = StringField("Nimi")
    hinted = StringField("Sähköposti", description="Tällä osoitteella henkilö kirjautuu sisään.")
    faulty = StringField("Osoite")


@blueprint.get("")
@permission(Permission.SEE_DESK)
def show() -> str:
    """Tokens and components, with how each is called."""
    now = ports().clock()
    form = SampleForm(formdata=None)
    form.faulty.errors = ["Kirjoita osoite muodossa nimi@esimerkki.fi."]
    return render_template(
        "design/show.html",
        colours=COLOURS,
        steps=STEPS,
        gaps=GAPS,
        form=form,
        quote=QUOTE,
        found=[REASON],
        moment=now - timedelta(hours=3),
        outcomes=list(Outcome),
        counted=tuple(QueueEntry(state, word(state), 3 * number) for number, state in enumerate(list(CaseState)[:4])),
        rows=_rows(now),
    )


def _rows(now: datetime) -> list[Row]:
    """Entries of a queue as they look, one with everything on it and one with nothing. They are in no database."""
    plain = Listed(
        id=1,
        version=1,
        kind=ItemKind.COMMENT,
        state=CaseState.READ,
        urgency=1,
        sorted_at=now,
        text_version=1,
        outcome=Outcome.KEEP,
        category=None,
        is_question=False,
        is_hidden=False,
        is_gone=False,
        erased_at=None,
        expert_id=None,
        author_name="Maija Mallikas",
        post_text="Verkkoluento torstaina",
        post_external_id="1000_1",
        channel_kind=ChannelKind.FACEBOOK,
        text=QUOTE,
    )
    urgent = plain._replace(outcome=Outcome.REMOVE, category=Category.THREAT, urgency=3, is_hidden=True)
    question = plain._replace(
        id=2, sorted_at=now - timedelta(days=2), is_question=True, text="Milloin seuraava kurssi on?"
    )
    long_ago = datetime(2026, 1, 2, tzinfo=UTC)
    message = plain._replace(id=3, sorted_at=long_ago, kind=ItemKind.MESSAGE, outcome=Outcome.WEIGH, text="")
    return [Row(urgent), Row(question), Row(message)]


def register(app: Flask) -> None:
    """Put the page on `app` where it is a demo; elsewhere there is no such page."""
    if app.config["IS_DEMO"]:
        app.register_blueprint(blueprint)
