"""The console's install as the tests of the papers furnish it: the house of the verbs, behind the pages of the web."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import Update, select
from sqlalchemy.orm import Session

from tests.support.fakes import FakeChannel, MovableClock
from tests.support.house import House
from tests.web.client import PageClient
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, Topic, User
from tjs_moderation.services import answers, people, routing
from tjs_moderation.services.transaction import CONSOLE

NOBODY = 0
OTHER_EXPERT = "leo@esimerkki.fi"
QUESTION = "Miten pätkätyö näkyy eläkkeessä?"
DRAFT = "Pätkätyöstäkin kertyy eläkettä. Terveisin Päivi"


def changed(statement: Update) -> None:
    """Change rows behind the verbs' back, as something that no verb of ours does would."""
    with Session(db.engine) as session:
        session.execute(statement)
        session.commit()


class Office:
    """The house and its people, reached from outside of any request."""

    def __init__(self, app: Flask, clock: MovableClock, password: str) -> None:
        self.app, self.facebook, self.password = app, FakeChannel(), password
        with app.app_context(), Session(db.engine) as session:
            ids = {person.role: person.id for person in session.scalars(select(User))}
        self.house = House(
            app,
            clock,
            self.facebook,
            tiedottaja=ids[Role.TIEDOTTAJA],
            expert=ids[Role.ASIANTUNTIJA],
            other_expert=NOBODY,
            operator=ids[Role.ATK_SUUNNITTELIJA],
        )

    @contextmanager
    def inside(self) -> Iterator[House]:
        """The house, with the app's context around it."""
        with self.app.app_context():
            yield self.house

    def connect(self) -> FakeChannel:
        """Connect Facebook, so that acts go out by themselves; without it they are done by hand."""
        ports = self.app.extensions["tjs_ports"]
        self.app.extensions["tjs_ports"] = replace(ports, channels=lambda: {"facebook": self.facebook})
        return self.facebook

    def outside(self, **others: Any) -> None:
        """Put others in the place of parts of the outside world (fields of `Ports`)."""
        self.app.extensions["tjs_ports"] = replace(self.app.extensions["tjs_ports"], **others)

    def colleague(self) -> PageClient:
        """Another expert, on whose desk nothing is, signed in."""
        with self.inside() as house:
            added = people.add_user(CONSOLE, "Leo Aalto", OTHER_EXPERT, Role.ASIANTUNTIJA, (), self.password)
            house.other_expert, _ = added
        client = PageClient(self.app.test_client())
        client.come_in(OTHER_EXPERT, self.password)
        return client

    def question(self, external_id: str = "c1", text: str = QUESTION) -> Item:
        """A question on the expert's desk."""
        with self.inside() as house:
            item = house.receive(external_id, text, permalink="https://facebook.example/c1")
            why = "Aihe on pätkätyöt."
            routing.route(house.tiedottaja, item.id, item.version, house.topic_id("patkatyot"), house.expert, why)
            return house.item(external_id)

    def topic_name(self, slug: str) -> str:
        """What a topic is called."""
        with self.inside(), Session(db.engine) as session:
            return session.scalars(select(Topic.name).where(Topic.slug == slug)).one()

    def drafted(self, *texts: str) -> Item:
        """A question with a draft in these revisions by its expert."""
        item = self.question()
        with self.inside() as house:
            version = None
            for text in texts or (DRAFT,):
                answers.save_draft(house.expert, item.id, text, version)
                version = house.answer(item.id).version
        return item

    def submitted(self, *texts: str) -> Item:
        """A question whose answer waits for approval."""
        item = self.drafted(*texts)
        with self.inside() as house:
            answer = house.answer(item.id)
            answers.submit(house.expert, answer.id, answer.version)
        return item

    def approved(self) -> Item:
        """A question whose answer is approved and held back."""
        item = self.submitted()
        with self.inside() as house:
            answer = house.answer(item.id)
            answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
        return item
