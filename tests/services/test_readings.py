"""What the judge is told around a text: the author's past, the post, the time, the people who work here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.support.fakes import WordJudge
from tests.support.house import House
from tests.support.queries import queries_of
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Assessment, Context, Reading
from tjs_moderation.domain.vocabulary import DecisionKind, ItemKind
from tjs_moderation.models import Post, User
from tjs_moderation.services import casework


@dataclass
class Listener:
    """Makes judges that remember what they were given to read."""

    heard: dict[str, Reading] = field(default_factory=dict)

    def __call__(self, rules: str) -> Listening:
        return Listening(rules, self.heard)


class Listening(WordJudge):
    def __init__(self, rules: str, heard: dict[str, Reading]) -> None:
        super().__init__(rules)
        self.heard = heard

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        self.heard.update((reading.text, reading) for reading in readings)
        return super().assess(readings)


@pytest.fixture
def listener(app: Flask) -> Listener:
    listener = Listener()
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=listener)
    return listener


def told(listener: Listener, text: str) -> Context:
    return listener.heard[text].context


def remove(house: House, external_id: str) -> int:
    item = house.item(external_id)
    return casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")


def test_an_authors_past_is_counted_up_to_the_text_itself(house: House, listener: Listener) -> None:
    house.receive("c1", "Ensimmäinen, idiootti")
    house.clock.now += timedelta(hours=2)
    house.receive("c2", "Toinen, idiootti")
    for external_id in ("c1", "c2"):
        remove(house, external_id)
    house.clock.now += timedelta(minutes=5)
    house.receive("c3", "Kolmas")
    house.receive("c4", "Toisen kirjoittajan", author_external_id="p2")
    first, third = told(listener, "Ensimmäinen, idiootti"), told(listener, "Kolmas")
    assert (first.author_items, first.author_removed, first.author_in_hour) == (0, 0, 1)
    assert (third.author_items, third.author_removed, third.author_in_hour) == (2, 2, 2)
    assert told(listener, "Toisen kirjoittajan").author_items == 0


def test_of_one_whose_author_is_not_told_nothing_is_known(house: House, listener: Listener) -> None:
    house.receive("c1", "Nimetön", author_external_id=None, author_name=None)
    context = told(listener, "Nimetön")
    assert (context.author_items, context.author_removed, context.author_in_hour) == (None, None, None)


def test_the_post_the_kind_and_the_local_time_are_told(house: House, listener: Listener, session: Session) -> None:
    house.bring("c1", "Kommentti")
    house.bring("m1", "Viesti", kind=ItemKind.MESSAGE, conversation_external_id="t1")
    session.execute(update(Post).values(text="Kurssit alkavat", created_at=house.clock.now - timedelta(days=3)))
    session.commit()
    jobs.assess()
    comment, message = told(listener, "Kommentti"), told(listener, "Viesti")
    assert (comment.kind, message.kind) == (ItemKind.COMMENT, ItemKind.MESSAGE)
    assert (comment.post_text, message.post_text) == ("Kurssit alkavat", None)
    assert comment.written_at is not None
    assert comment.post_written_at is not None
    assert comment.written_at - comment.post_written_at == timedelta(days=3)
    assert (house.clock.now.hour, comment.written_at.hour) == (6, 8), "in November Helsinki is two hours ahead of UTC"


def test_the_names_of_those_who_work_here_now_go_along(house: House, listener: Listener, session: Session) -> None:
    session.execute(update(User).where(User.name == "Sikke").values(is_active=False))
    session.commit()
    house.receive("c1", "Moi")
    assert listener.heard["Moi"].staff == ("Aatos", "Inka", "Tiina")


def test_a_batch_costs_as_many_queries_as_a_single_item(house: House, listener: Listener) -> None:
    house.bring("c0", "Yksi")
    with queries_of(house.app) as single:
        jobs.assess()
    for number in range(1, 9):
        house.bring(f"c{number}", f"Kommentti {number}", author_external_id=f"p{number}")
    with queries_of(house.app) as many:
        jobs.assess()
    assert len(listener.heard) == 9
    reads = [[one for one in asked if one.startswith("SELECT")] for asked in (single, many)]
    assert len(reads[1]) <= len(reads[0]) + 1
