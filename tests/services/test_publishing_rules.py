"""A rule set is put in force by one verb: of two who began from the same version, the slower one is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.errors import ConflictError, InvalidInputError, NotAllowedError
from tjs_moderation.models import AuditEntry
from tjs_moderation.services import rules
from tjs_moderation.services.transaction import user


def rule_text(word: str) -> str:
    return f'sanat s:\n  {word}\n\nsääntö solvaus\n  kun lista: s\n  niin poista: loukkaus\n  koska "Loukkaa."\n'


def test_a_version_keeps_who_put_it_in_force_and_why(house: House, session: Session) -> None:
    number = rules.publish_rules(user(house.tiedottaja), rule_text("tollo"), " Uusi sana ", began_from=1)
    [(newest, who), (first, nobody)] = rules.versions()
    assert (newest.number, newest.is_live, newest.why, who) == (number, True, "Uusi sana", "Tiina")
    assert (first.number, first.is_live, nobody) == (1, False, None)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (last.verb, last.actor) == ("publish_rules", f"user:{house.tiedottaja}")


def test_the_slower_of_two_is_told_who_was_faster_and_nothing_is_published(house: House) -> None:
    rules.publish_rules(user(house.tiedottaja), rule_text("tollo"), "Ensin", began_from=1)
    with pytest.raises(ConflictError) as refused:
        rules.publish_rules(user(house.tiedottaja), rule_text("houkka"), "Sitten", began_from=1)
    assert refused.value.facts["who"] == "Tiina"
    assert refused.value.facts["number"] == 2
    assert rules.live_rules().why == "Ensin"


def test_what_the_console_put_in_force_meanwhile_is_told_as_its_doing(house: House) -> None:
    with pytest.raises(ConflictError) as refused:
        rules.publish_rules(user(house.tiedottaja), rule_text("houkka"), "Vanhasta", began_from=0)
    assert refused.value.facts["who"] == "console"


def test_the_same_rules_again_are_refused(house: House) -> None:
    with pytest.raises(InvalidInputError, match="rules_unchanged"):
        rules.publish_rules(user(house.tiedottaja), rules.live_rules().text, "Samat", began_from=1)


@pytest.mark.parametrize("who", ["expert", "operator"])
def test_only_who_may_edit_rules_puts_them_in_force(house: House, who: str) -> None:
    with pytest.raises(NotAllowedError):
        rules.publish_rules(user(getattr(house, who)), rule_text("tollo"), "Luvatta")


def test_older_versions_are_listed_a_page_at_a_time(house: House) -> None:
    for number, word in enumerate(("tollo", "houkka", "tomppeli"), start=1):
        rules.publish_rules(user(house.tiedottaja), rule_text(word), "Uusi sana", began_from=number)
    assert [found.number for found, _ in rules.versions(2)] == [4, 3]
    assert [found.number for found, _ in rules.versions(2, before=3)] == [2, 1]
