"""What shows why something was removed: a page, a statement of reasons, an archive; and reading what is put away."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, render_template, request
from flask_babel import force_locale

from tjs_moderation.domain.vocabulary import AppealOutcome, Permission
from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.services import desk, evidence
from tjs_moderation.services.casefile import open_case
from tjs_moderation.services.evidence import Evidence
from tjs_moderation.services.page_rules import public_rules
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import LOCALES
from tjs_moderation.web import items, story
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.locales import languages
from tjs_moderation.web.moves import Moves
from tjs_moderation.web.papers import archive_of, as_json, download

blueprint = Blueprint("evidence", __name__, url_prefix="/items/<int(max=2147483647):item_id>")


@blueprint.get("/evidence")
@permission(Permission.DECIDE)
def show(item_id: int) -> str:
    """Everything about a removal on one page, its text put away."""
    return _page(item_id)


@blueprint.post("/reveal")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def reveal(item_id: int) -> str:
    """Record that the text is read, then show the page with it."""
    evidence.reveal(me().id, item_id)
    show_page = _PAGES.get(request.form.get("page", ""), items.page_of)
    return show_page(item_id, is_revealed=True)


@blueprint.get("/evidence/statement")
@permission(Permission.DECIDE)
def statement(item_id: int) -> str:
    """The statement of reasons, to be printed or sent, in the language asked for."""
    found = _evidence(item_id)
    if found.statement is None:
        raise NotFoundError("statement")
    asked = request.args.get("lang", "")
    language = asked if asked in LOCALES else "fi"
    with force_locale(language):
        return render_template("evidence/statement.html", languages=languages(), **_of_statement(found, language))


@blueprint.post("/evidence/archive")
@permission(Permission.DECIDE)
def archive(item_id: int) -> Response:
    """The evidence as an archive; that it was taken is recorded."""
    evidence.record_export(me().id, item_id)
    found = _evidence(item_id)
    statements = _statements(found)
    document = evidence.as_document(found, statements)
    page = render_template("evidence/paper.html", told=document, made_at=ports().clock())
    papers = {f"perustelut-{language}.html": text for language, text in statements.items()}
    files = {"todisteet.json": as_json(document), "todisteet.html": page, **papers}
    return download(archive_of(files), f"todisteet-{item_id}.zip")


def _page(item_id: int, *, is_revealed: bool = False) -> str:
    found = _evidence(item_id)
    return render_template(
        "evidence/show.html",
        evidence=found,
        case=found.case,
        is_revealed=is_revealed,
        names={person.id: person.name for person in found.case.people.values()},
        languages=languages(),
        outcomes=list(AppealOutcome),
        moves=Moves(me(), found.case),
    )


_PAGES: Mapping[str, Callable[..., str]] = {"item": items.page_of, "story": story.page_of, "evidence": _page}
"""The pages on which a text can be read, by the word that the form sends."""


def _evidence(item_id: int) -> Evidence:
    person = me()
    case = open_case(person, item_id, desk.counts(person), ports().clock(), with_story=True)
    return evidence.evidence_of(db.session(), case)


def _statements(found: Evidence) -> dict[str, str]:
    if found.statement is None:
        return {}
    told = {}
    for language in languages():
        with force_locale(language):
            told[language] = render_template("evidence/statement_paper.html", **_of_statement(found, language))
    return told


def _of_statement(found: Evidence, language: str) -> dict[str, object]:
    return {
        "statement": found.statement,
        "item": found.case.item,
        "chosen": language,
        "rules_number": public_rules().number,
        "base_url": ports().settings.base_url,
    }
