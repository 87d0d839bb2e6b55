"""Short words for an answer's life, for the tests of this area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.answer import OVER
from tjs_moderation.domain.sending import AT_ONCE, Sending
from tjs_moderation.domain.vocabulary import ItemKind, NoticeKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, Answer, Item, Notice
from tjs_moderation.services import answers, routing
from tjs_moderation.services.threads import newest_of_thread

QUESTION = "Kuinka ewc perustetaan?"


@dataclass
class Desk:
    """The house as these tests use it."""

    house: House

    def ask(self, external_id: str = "c1", text: str = QUESTION, expert: int | None = None, **told: Any) -> Item:
        """A question on a desk: the expert's, where nobody else is named."""
        house = self.house
        item = house.receive(external_id, text, **told)
        topic, expert = house.topic_id("ewc"), expert or house.expert
        routing.route(house.tiedottaja, item.id, item.version, topic, expert, "Aihe on EWC.")
        return house.item(external_id)

    def message(self, external_id: str, text: str = QUESTION, **told: Any) -> Item:
        """A private message of the one conversation, on nobody's desk."""
        told = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"} | told
        return self.house.receive(external_id, text, **told)

    def ask_privately(self, external_id: str = "m1", **told: Any) -> Item:
        """A private message on the expert's desk."""
        return self.ask(external_id, kind=ItemKind.MESSAGE, conversation_external_id="t1", **told)

    def write(self, item: Item, text: str, who: int | None = None) -> Answer:
        """A version of the answer: by the expert, where nobody else is named."""
        is_open = Answer.state.not_in(list(OVER))
        with Session(db.engine) as session:
            version = session.scalar(select(Answer.version).where(Answer.item_id == item.id, is_open))
        answers.save_draft(who or self.house.expert, item.id, text, version)
        return self.house.answer(item.id)

    def submit(self, item: Item, text: str = "Näin se perustetaan.", who: int | None = None) -> Answer:
        """A version that waits for approval."""
        answer = self.write(item, text, who)
        answers.submit(who or self.house.expert, answer.id, answer.version)
        return self.house.answer(item.id)

    def approve(self, item: Item, sending: Sending = AT_ONCE, *, is_private: bool = False) -> Act:
        """Approve what waits, on the thread as it is now; gives the act."""
        answer = self.house.answer(item.id)
        with Session(db.engine) as session:
            newest = newest_of_thread(session, session.get_one(Item, item.id))
        seen = newest.id, newest.text_version
        answers.approve(self.house.tiedottaja, answer.id, answer.version, *seen, is_private=is_private, sending=sending)
        return self.house.acts(item.id)[-1]

    def publish(self, item: Item) -> None:
        """The whole way from a draft to the channel."""
        self.submit(item)
        self.approve(item)
        self.house.wait_and_send()

    def told(self, person: int, kind: NoticeKind) -> list[int | None]:
        """The items that a person was told of so, oldest first."""
        mine = select(Notice.item_id).where(Notice.person_id == person, Notice.kind == kind).order_by(Notice.id)
        with Session(db.engine) as session:
            return list(session.scalars(mine))


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)
