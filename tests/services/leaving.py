"""Something that is about to leave: what the tests of the outbox begin with."""

from __future__ import annotations

from typing import Any

from tests.support.house import House
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.models import Act, Item
from tjs_moderation.services import answers, casework, publishing

LEASE_AND_A_BIT = publishing.LEASE_SECONDS + 1


def removed(house: House, external_id: str = "c1", channel_name: str = "facebook") -> Item:
    """A comment that a tiedottaja has decided to remove a moment ago."""
    item = house.receive(external_id, "Olet idiootti.", channel_name)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    return item


def answered(house: House, external_id: str = "c1", text: str = "Näin se käy.", **told: Any) -> Item:
    """A question whose answer was approved a moment ago."""
    item = house.receive(external_id, "Kuinka ewc perustetaan?", **told)
    answers.save_draft(house.tiedottaja, item.id, text)
    answers.submit(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    approve(house, item)
    return item


def approve(house: House, item: Item) -> None:
    answer = house.answer(item.id)
    answers.approve(house.tiedottaja, answer.id, answer.version, item.id)


def act_of(house: House, item: Item) -> Act:
    return house.acts(item.id)[-1]
