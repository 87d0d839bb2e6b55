"""What the public is told of the rules is versioned: published with a reason, in every language, never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tjs_moderation.models import AuditEntry
from tjs_moderation.services import page_rules
from tjs_moderation.services.transaction import look_anew

TEXTS = {"fi": "Ole reilu.", "sv": "Var schysst.", "en": "Be fair."}


def publish(house: House, texts: dict[str, str], began_from: int = 1, why: str = "Lyhyemmin") -> int:
    look_anew()
    return page_rules.publish_public_rules(house.tiedottaja, texts, why, began_from)


def test_a_new_install_has_the_shipped_texts_in_every_language(house: House) -> None:
    rules = page_rules.public_rules()
    assert rules.number == 1
    assert {"fi", "sv", "en"} == {language for language, text in rules.texts.items() if len(text) > 1000}


def test_a_version_is_kept_with_who_when_and_why_and_the_one_before_stays(house: House, session: Session) -> None:
    assert publish(house, TEXTS) == 2
    rules = page_rules.public_rules()
    assert (rules.number, rules.who, rules.why) == (2, "Tiina", "Lyhyemmin")
    assert (rules.texts["sv"], rules.published_at) == ("Var schysst.\n", house.clock())
    assert page_rules.public_rules(1) == page_rules.shipped()
    assert [version.number for version in page_rules.public_versions()] == [2, 1]
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (last.verb, last.actor) == ("publish_public_rules", f"user:{house.tiedottaja}")


def test_the_slower_of_two_is_told_who_was_faster(house: House) -> None:
    publish(house, TEXTS)
    with pytest.raises(ConflictError) as refused:
        publish(house, TEXTS | {"fi": "Ole kiltti."})
    assert refused.value.facts["who"] == "Tiina"
    assert page_rules.public_rules().texts["fi"] == "Ole reilu.\n"


@pytest.mark.parametrize(
    ("texts", "why", "code"),
    [
        (TEXTS | {"sv": "  "}, "Miksi", "public_rules_empty"),
        (TEXTS | {"en": "x" * 30_000}, "Miksi", "too_long"),
        (TEXTS, "  ", "publishing_needs_why"),
        (dict(page_rules.shipped().texts), "Miksi", "rules_unchanged"),
    ],
)
def test_a_text_that_is_missing_too_long_unchanged_or_without_a_reason_is_refused(
    house: House, texts: dict[str, str], why: str, code: str
) -> None:
    with pytest.raises(InvalidInputError, match=code):
        publish(house, texts, why=why)
    assert page_rules.public_rules().number == 1


@pytest.mark.parametrize("who", ["expert", "operator"])
def test_only_who_may_edit_rules_tells_the_public_of_them(house: House, who: str) -> None:
    with pytest.raises(NotAllowedError):
        page_rules.publish_public_rules(getattr(house, who), TEXTS, "Luvatta", 1)


def test_a_version_that_is_not_there_is_not_found(house: House) -> None:
    with pytest.raises(NotFoundError):
        page_rules.public_rules(7)
