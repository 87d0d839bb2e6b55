"""Help while an answer is written: what is remarked on it as one types, and earlier and ready answers to begin with.

A script asks for JSON and puts it beside the box; without one, the same is a page of its own that loses nothing typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tjs_moderation.domain.drafting import Remark
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.services import desk, draft_checks, earlier_answers, ready_answers
from tjs_moderation.services.casefile import CaseFile, open_case
from tjs_moderation.services.drafts import LIMIT
from tjs_moderation.services.earlier_answers import Earlier
from tjs_moderation.services.ready_answers import Sheet
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.draft_words import summary
from tjs_moderation.web.forms import LARGEST_NUMBER, text_sent

blueprint = Blueprint("drafting", __name__, url_prefix="/items/<int(max=2147483647):item_id>/answer/write")


_BASE = re.compile(r"([er])([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class Aids:
    """What there is to begin an answer with."""

    earlier: Sequence[Earlier]
    ready: Sequence[Sheet]


@blueprint.app_template_global("remarks_on")
def remarks_on(case: CaseFile, text: str, *, is_private: bool = False) -> Sequence[Remark]:
    """What there is to say of a text as the answer to the item of `case`."""
    staff = [person.name for person in case.people.values() if person.is_active]
    heard_at = case.newest_from_person.sorted_at
    return draft_checks.remarks(db.session(), case.item, text, staff, heard_at, is_private=is_private)


@blueprint.get("")
@permission(Permission.DRAFT_ANSWER)
def show(item_id: int) -> ResponseReturnValue:
    """The box with what stands in it, and what there is to begin with; for a script only the latter, as `aids`."""
    case = _case(item_id)
    if _asks_for_json():
        return {"aids": render_template("answers/_aids.html", aids=_aids(case))}
    return _page(case)


@blueprint.post("")
@permission(Permission.DRAFT_ANSWER)
def look(item_id: int) -> ResponseReturnValue:
    """What was typed, with what is remarked on it, after what was chosen to begin with has been put to its end.

    For a script: `{"text", "remarks", "told", "is_waiting"}`.
    """
    text = text_sent("text")
    if len(text) > LIMIT:
        raise InvalidInputError("too_long", limit=LIMIT, length=len(text))
    case = _case(item_id) if "base" in request.form or not _asks_for_json() else None
    if case is not None:
        text = _begun(case, text, request.form.get("base", ""))
    found = draft_checks.look_over(me(), item_id, text)
    if case is not None and not _asks_for_json():
        return _page(case, text)
    return {
        "text": text,
        "remarks": render_template("answers/_remarks.html", found=found),
        "told": summary(found) if text.strip() else "",
        "is_waiting": draft_checks.is_waiting(found),
    }


def _asks_for_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _case(item_id: int) -> CaseFile:
    return open_case(me(), item_id, desk.counts(me()), ports().clock())


def _aids(case: CaseFile) -> Aids:
    topics = [entry["topic"] for entry in case.assessment.topics] if case.assessment else []
    return Aids(
        earlier_answers.similar(me(), case.item.id, case.text),
        ready_answers.offered(case.item.id, topics),
    )


def _begun(case: CaseFile, text: str, base: str) -> str:
    """What stands in the box with an earlier answer (`e` and its id) or a ready one (`r`) at its end."""
    found = _BASE.fullmatch(base)
    if found is None:
        return text
    kind, number = found[1], min(int(found[2]), LARGEST_NUMBER)
    chosen = ready_answers.filled(number, case.item) if kind == "r" else earlier_answers.text_of(me(), number)
    return f"{text.rstrip()}\n\n{chosen}".strip() if chosen else text


def _page(case: CaseFile, text: str | None = None) -> str:
    return render_template("answers/writing.html", case=case, text=text, aids=_aids(case))
