"""The evidence of a removal, held against the log by the verifier that stands alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation import audit_verifier
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import casework, desk, evidence, heads, privacy
from tjs_moderation.services.casefile import open_case
from tjs_moderation.services.transaction import CONSOLE

TEXTS = ("Olet idiootti, sanoi variksenpelätin.", "En minä mitään sanonut.")


def document(house: House) -> dict[str, Any]:
    """The evidence of a comment that was edited and then removed."""
    for text in TEXTS:
        house.receive("c1", text)
    item = house.item("c1")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    return _told(house, item.id)


def _told(house: House, item_id: int) -> dict[str, Any]:
    person = db.session.get_one(User, house.tiedottaja)
    case = open_case(person, item_id, desk.counts(person), house.clock.now, with_story=True)
    with Session(db.engine) as session:
        told = evidence.as_document(evidence.evidence_of(session, case), {})
    db.session.rollback()
    return told


def export() -> list[str]:
    lines: list[str] = []
    heads.export(lines.append)
    return lines


def test_every_text_of_the_evidence_is_bound_to_the_entry_that_brought_it(house: House) -> None:
    told, log = document(house), export()
    assert audit_verifier.verify_export(log).is_whole
    assert [text["text"] for text in told["texts"]] == list(TEXTS)
    assert audit_verifier.verify_evidence(log, json.dumps(told)) == audit_verifier.Verdict(True, 2)


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [("text", "Olet kiltti.", "text_differs"), ("commitment", "0" * 64, "text_differs"), ("entry", 1, "unbound")],
)
def test_evidence_that_was_changed_is_found(house: House, part: str, value: object, reason: str) -> None:
    told, log = document(house), export()
    told["texts"][0][part] = value
    assert audit_verifier.verify_evidence(log, json.dumps(told)).reason == reason


def test_what_is_no_evidence_is_told_so() -> None:
    assert audit_verifier.verify_evidence([], "[]").reason == "not_evidence"


def test_evidence_taken_before_a_person_was_forgotten_still_fits_the_log_and_none_can_be_taken_after(
    house: House,
) -> None:
    told = document(house)
    house.wait_and_send()
    item = house.item("c1")
    privacy.erase(CONSOLE, item.author_id or 0, "Pyyntö.")
    log = export()
    assert audit_verifier.verify_evidence(log, json.dumps(told)).is_whole
    assert [(text["text"], text["key"], text["entry"]) for text in _told(house, item.id)["texts"]] == [
        ("", "", None)
    ] * 2
