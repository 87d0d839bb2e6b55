"""A house with people in it: what most tests of the verbs begin with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.fakes import FakeChannel, MovableClock
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.domain.vocabulary import CaseState, ItemKind, Role
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    Act,
    Answer,
    AuditEntry,
    AuditSubject,
    Channel,
    Item,
    QueueCount,
    Topic,
    User,
)
from tjs_moderation.services import people
from tjs_moderation.services.intake import take_in
from tjs_moderation.services.transaction import CONSOLE, channel

PASSWORD = "hyvin-salainen-sana"

_PEOPLE = (
    ("Tiina", Role.TIEDOTTAJA),
    ("Inka", Role.ASIANTUNTIJA, "ewc", "historiahanke"),
    ("Sikke", Role.ASIANTUNTIJA, "patkatyot"),
    ("Aatos", Role.ATK_SUUNNITTELIJA),
)


def add_people() -> None:
    """Put the people of the house into an install. They have all chosen `PASSWORD`."""
    for name, role, *topics in _PEOPLE:
        people.add_user(CONSOLE, name, _address(name), role, topics, PASSWORD)


def _address(name: str) -> str:
    return f"{name.lower()}@tjs.example"


@dataclass
class House:
    """An app, its clock and channel, and the ids of its people."""

    app: Flask
    clock: MovableClock
    facebook: FakeChannel
    tiedottaja: int
    expert: int
    other_expert: int
    operator: int
    examples: int = 0

    @classmethod
    def with_people(cls, app: Flask, clock: MovableClock, facebook: FakeChannel) -> House:
        """A house whose people are yet to come."""
        add_people()
        return cls.with_its_people(app, clock, facebook)

    @classmethod
    def with_its_people(cls, app: Flask, clock: MovableClock, facebook: FakeChannel) -> House:
        """The house of an install that has its people."""
        with Session(db.engine) as session:
            ids = dict(session.execute(select(User.name, User.id)).all())
        return cls(
            app,
            clock,
            facebook,
            tiedottaja=ids["Tiina"],
            expert=ids["Inka"],
            other_expert=ids["Sikke"],
            operator=ids["Aatos"],
        )

    @property
    def instance(self) -> Path:
        """The folder of the install."""
        path: Path = self.app.extensions["tjs_ports"].settings.instance_path
        return path

    def channel_id(self, name: str = "facebook") -> int:
        with Session(db.engine) as session:
            return session.scalars(select(Channel.id).where(Channel.name == name)).one()

    def topic_id(self, slug: str) -> int:
        with Session(db.engine) as session:
            return session.scalars(select(Topic.id).where(Topic.slug == slug)).one()

    def receive(self, external_id: str, text: str, channel_name: str = "facebook", **told: Any) -> Item:
        """Something comes in, is assessed, and stands in its queue."""
        self.bring(external_id, text, channel_name, **told)
        jobs.assess()
        return self.item(external_id)

    def bring(self, external_id: str, text: str, channel_name: str = "facebook", **told: Any) -> None:
        """Something comes in, and nobody has read it yet."""
        channel_id = self.channel_id(channel_name)
        told = {"author_external_id": "p1", "author_name": "Kirjoittaja", "created_at": self.clock.now} | told
        if told.get("kind", ItemKind.COMMENT) is ItemKind.COMMENT:
            told = {"post_external_id": "1000_1"} | told
        take_in(channel(channel_id), channel_id, [Incoming(external_id, text=text, **told)])

    def item(self, external_id: str) -> Item:
        """The item as it stands in the database now."""
        with Session(db.engine) as session:
            return session.scalars(select(Item).where(Item.external_id == external_id)).one()

    def answer(self, item_id: int) -> Answer:
        """The newest answer to an item."""
        with Session(db.engine) as session:
            statement = select(Answer).where(Answer.item_id == item_id).order_by(Answer.id.desc()).limit(1)
            return session.scalars(statement).one()

    def acts(self, item_id: int) -> list[Act]:
        """The acts about an item, oldest first."""
        with Session(db.engine) as session:
            return list(session.scalars(select(Act).where(Act.item_id == item_id).order_by(Act.id)))

    def trail(self, item_id: int) -> list[tuple[str, str]]:
        """Who did what to an item, as the audit log has it: (actor, verb), oldest first."""
        with Session(db.engine) as session:
            rows = session.execute(
                select(AuditEntry.actor, AuditEntry.verb)
                .join(AuditSubject, AuditSubject.seq == AuditEntry.seq)
                .where(AuditSubject.item_id == item_id)
                .order_by(AuditEntry.seq),
            )
            return [(actor, verb) for actor, verb in rows]

    def counts(self) -> dict[tuple[CaseState, int], int]:
        """The queue counters that are not zero."""
        with Session(db.engine) as session:
            rows = session.execute(select(QueueCount.state, QueueCount.expert_id, QueueCount.count))
            return {(state, expert_id): count for state, expert_id, count in rows if count}

    def wait_and_send(self, **by: float) -> None:
        """Let the hold-back (or `by`) pass and have the worker carry out what is due."""
        self.clock.advance(**by) if by else self.clock.advance(seconds=timedelta(minutes=6).total_seconds())
        jobs.send()

    def disconnect(self) -> None:
        """The channel's credentials are gone: there is no connection to it any more."""
        wired = self.app.extensions["tjs_ports"]
        self.app.extensions["tjs_ports"] = replace(wired, channels=dict)
