"""The ledger is the only dedupe: whatever comes twice stands once, and changed text makes a version."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.queries import queries_of
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Attachment, Incoming, IncomingPost
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind, Outcome
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Author, Item, ItemText, Post
from tjs_moderation.services import casework, routing
from tjs_moderation.services.intake import IntakeCounts, take_in, take_in_posts
from tjs_moderation.services.transaction import channel


def bring(house: House, batch: Sequence[Incoming]) -> IntakeCounts:
    channel_id = house.channel_id()
    return take_in(channel(channel_id), channel_id, batch)


def comments(numbers: Iterable[int]) -> list[Incoming]:
    return [
        Incoming(
            f"c{number}",
            text=f"Kommentti {number}.",
            post_external_id=f"p{number % 3}",
            parent_external_id=f"c{number - 1}" if number % 5 else None,
            author_external_id=f"a{number % 7}",
            author_name=f"Nimi {number % 7}",
            permalink=f"https://example.org/{number}" if number % 2 else None,
        )
        for number in numbers
    ]


def count(model: type[Item | ItemText | Post | Author | AuditEntry]) -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def names() -> list[str]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Author.name).order_by(Author.id)))


def texts_of(external_id: str) -> list[str]:
    with Session(db.engine) as session:
        found = select(ItemText.text).join(Item, Item.id == ItemText.item_id).where(Item.external_id == external_id)
        return list(session.scalars(found.order_by(ItemText.number)))


def test_the_same_batch_twice_changes_nothing(house: House) -> None:
    assert bring(house, comments(range(20))) == IntakeCounts(new=20)
    entries = count(AuditEntry)
    assert bring(house, comments(range(20))) == IntakeCounts(duplicate=20)
    assert (count(Item), count(ItemText), count(Post), count(Author)) == (20, 20, 3, 7)
    assert count(AuditEntry) == entries
    check_books()


def test_an_empty_batch_is_no_event(house: House) -> None:
    entries = count(AuditEntry)
    assert bring(house, []) == IntakeCounts()
    assert count(AuditEntry) == entries


@pytest.mark.parametrize("order", [["c1", "c2", "c3"], ["c3", "c2", "c1"], ["c2", "c3", "c1"]])
@pytest.mark.parametrize("size", [1, 3])
def test_replies_find_their_parents_in_whatever_order_they_come(house: House, order: list[str], size: int) -> None:
    told = {entry.external_id: entry for entry in comments([1, 2, 3])}
    told["c1"] = replace(told["c1"], parent_external_id=None)
    batch = [told[external_id] for external_id in order]
    for start in range(0, len(batch), size):
        bring(house, batch[start : start + size])
    assert house.item("c1").parent_id is None
    assert house.item("c2").parent_id == house.item("c1").id
    assert house.item("c3").parent_id == house.item("c2").id
    check_books()


def test_nothing_is_its_own_parent(house: House) -> None:
    bring(house, [Incoming("c1", text="Minä.", parent_external_id="c1")])
    assert house.item("c1").parent_id is None


def test_a_parent_on_another_channel_is_no_parent(house: House) -> None:
    by_hand = house.channel_id("kasin")
    take_in(channel(by_hand), by_hand, [Incoming("c1", text="Toisaalla.")])
    bring(house, [Incoming("c2", text="Täällä.", parent_external_id="c1")])
    assert house.item("c2").parent_id is None


def test_of_an_id_that_comes_twice_in_a_batch_the_later_text_wins(house: House) -> None:
    counts = bring(
        house, [Incoming("c1", text="Ensin."), Incoming("c1", text="Sitten."), Incoming("c1", text="Sitten.")]
    )
    assert counts == IntakeCounts(new=1, changed=1, duplicate=1)
    assert texts_of("c1") == ["Ensin.", "Sitten."]
    assert house.item("c1").text_version == 2
    check_books()


def test_a_known_item_that_comes_twice_in_a_batch_takes_both_tellings_in_turn(house: House) -> None:
    house.receive("c1", "Ensin.", author_external_id=None, author_name=None)
    house.receive("c2", "Ennallaan.")
    counts = bring(
        house,
        [
            Incoming("c1", text="Sitten.", is_hidden=True, author_external_id="a1", author_name="Aino"),
            Incoming("c2", text="Ennallaan."),
            Incoming("c1", text="Ensin.", is_hidden=False),
        ],
    )
    assert counts == IntakeCounts(changed=2, duplicate=1)
    assert texts_of("c1") == ["Ensin.", "Sitten.", "Ensin."]
    item = house.item("c1")
    assert (item.text_version, item.is_hidden, item.author_id is None) == (3, False, False)
    assert len(house.trail(house.item("c2").id)) == 2
    check_books()


def test_one_who_wrote_twice_in_a_batch_is_one_person_by_the_name_told_last(house: House) -> None:
    def said(number: int, name: str | None) -> Incoming:
        return Incoming(f"c{number}", text="Hei!", author_external_id="a1", author_name=name)

    bring(house, [said(1, "Aino Aalto"), said(2, None)])
    assert names() == ["Aino Aalto"]
    bring(house, [said(3, "Aino A."), said(4, "Aino Aaltonen"), said(5, "")])
    assert names() == ["Aino Aaltonen"]
    assert len({house.item(f"c{number}").author_id for number in range(1, 6)}) == 1


def test_nothing_of_a_batch_stays_where_one_of_it_cannot_be_kept(house: House) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  # what no reader hands over, and no database may guess at
    with pytest.raises(StatementError):
        bring(house, [*comments(range(3)), Incoming("c9", text="Milloin?", created_at=naive)])
    assert (count(Item), count(ItemText), count(Author), count(Post)) == (0, 0, 0, 0)
    check_books()


def test_a_changed_text_is_a_new_version_and_is_read_anew(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    assert (item.state, item.outcome) == (CaseState.REMOVAL, Outcome.REMOVE)
    house.bring("c1", "Olet ystävä.")
    changed = house.item("c1")
    assert (changed.state, changed.outcome, changed.category) == (CaseState.ARRIVED, None, None)
    assert changed.version > item.version
    jobs.assess()
    assert house.item("c1").state is CaseState.READ
    assert texts_of("c1") == ["Olet idiootti.", "Olet ystävä."]
    check_books()


def test_a_text_changed_back_is_a_third_version(house: House) -> None:
    for text in ("Yksi.", "Kaksi.", "Yksi."):
        house.receive("c1", text)
    assert texts_of("c1") == ["Yksi.", "Kaksi.", "Yksi."]


def test_an_edited_comment_that_was_kept_comes_back_to_be_looked_at(house: House) -> None:
    item = house.receive("c1", "hmm, outoa")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    assert house.item("c1").state is CaseState.DONE
    assert house.receive("c1", "Olet idiootti.").state is CaseState.REMOVAL
    check_books()


def test_an_edited_comment_that_was_removed_stays_removed(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    house.wait_and_send()
    assert house.receive("c1", "Olet ihana.").state is CaseState.DONE


def test_a_question_edited_into_an_insult_on_its_experts_desk_is_read_again(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    edited = house.receive("c1", "Olet idiootti.")
    assert (edited.state, edited.outcome, edited.urgency) == (CaseState.EXPERT, Outcome.REMOVE, 1)
    check_books()


def test_our_own_comments_wait_for_nobody(house: House) -> None:
    own = house.receive("o1", "Olet idiootti, kirjoitti sivu itse.", is_own=True)
    assert (own.state, own.outcome) == (CaseState.DONE, None)
    assert house.receive("o1", "Korjaus.", is_own=True).state is CaseState.DONE
    check_books()


def test_what_the_channel_tells_besides_the_text_is_kept_and_is_no_change_of_text(house: House) -> None:
    house.receive("c1", "Moi.")
    house.receive("c2", "Hei.")
    counts = bring(house, [Incoming("c1", text="Moi.", is_hidden=True, can_hide=False), Incoming("c2", text="Hei.")])
    assert counts == IntakeCounts(duplicate=2)
    assert (house.item("c1").is_hidden, house.item("c1").can_hide) == (True, False)
    channel_name = f"channel:{house.channel_id()}"
    assert house.trail(house.item("c1").id).count((channel_name, "take_in")) == 2
    assert house.trail(house.item("c2").id).count((channel_name, "take_in")) == 1


HOSTILE = "Nolla\x00 ja yksinäinen \ud83d sijaismerkki \udc00, mutta 🙂 jää"


def test_characters_that_no_database_keeps_are_marked_and_the_rest_stays(house: House) -> None:
    entry = Incoming(
        "c\x001",
        text=HOSTILE,
        post_external_id="p\x00",
        author_external_id="a\ud800",
        author_name="Nimi\x00",
        permalink="https://example.org/\x00",
        attachments=(Attachment("photo", "https://example.org/\udfff", "n\x00"),),
        raw={"mitä\ud800": ["\x00", {"\udfff": 1}]},
    )
    assert bring(house, [entry]) == IntakeCounts(new=1)
    assert bring(house, [entry]) == IntakeCounts(duplicate=1)
    assert texts_of("c\ufffd1") == ["Nolla\ufffd ja yksinäinen \ufffd sijaismerkki \ufffd, mutta 🙂 jää"]


def test_the_texts_themselves_are_not_in_the_log(house: House) -> None:
    house.receive("c1", "Aivan tietty lause.", author_name="Aivan Tietty")
    with Session(db.engine) as session:
        bodies = " ".join(session.scalars(select(AuditEntry.body)))
    assert "tietty" not in bodies.lower()


def test_the_log_binds_every_text_that_came(house: House) -> None:
    bring(house, comments(range(3)))
    with Session(db.engine) as session:
        newest = select(AuditEntry.body).where(AuditEntry.verb == "take_in").order_by(AuditEntry.seq.desc()).limit(1)
        body = json.loads(session.scalars(newest).one())
    assert [(number, len(seal)) for _, number, seal in body["texts"]] == [(1, 64)] * 3
    assert body["items"] == [house.item(f"c{number}").id for number in range(3)]


@pytest.mark.parametrize("size", [50, 500])
def test_a_batch_of_any_size_costs_the_same_statements(app: Flask, house: House, size: int) -> None:
    bring(house, comments(range(10)))
    with queries_of(app) as asked:
        bring(house, comments(range(1000, 1000 + size)))
    with queries_of(app) as asked_again:
        bring(house, comments(range(1000, 1000 + size)))
    assert len(asked) <= 14, asked
    assert len(asked_again) <= 3, asked_again


def test_two_workers_who_bring_the_same_end_with_one_of_each(house: House) -> None:
    start = threading.Barrier(2)
    brought: list[IntakeCounts] = []

    def work(batch: list[Incoming]) -> None:
        with house.app.app_context():
            start.wait()
            brought.append(bring(house, batch))
            db.session.remove()

    batch = comments(range(40))
    workers = [threading.Thread(target=work, args=(part,)) for part in (batch, batch[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(brought, IntakeCounts()) == IntakeCounts(new=40, duplicate=40)
    assert (count(Item), count(ItemText), count(Post), count(Author)) == (40, 40, 3, 7)
    check_books()


def test_posts_are_told_of_once_and_brought_up_to_date(house: House) -> None:
    channel_id = house.channel_id()
    told = IncomingPost("p1", text="Luento torstaina.\x00")
    bring(house, [Incoming("c1", text="Mihin aikaan?", post_external_id="p1")])
    assert take_in_posts(channel(channel_id), channel_id, [told, IncomingPost("p2")]) == 2
    assert take_in_posts(channel(channel_id), channel_id, [told, IncomingPost("p2")]) == 0
    assert take_in_posts(channel(channel_id), channel_id, [replace(told, text="Luento perjantaina.")]) == 1
    with Session(db.engine) as session:
        assert set(session.scalars(select(Post.text))) == {"Luento perjantaina.", ""}


ENTRIES = st.builds(
    Incoming,
    external_id=st.sampled_from(["a", "b", "c", "d"]),
    text=st.text(max_size=3),
    parent_external_id=st.sampled_from([None, "a", "b", "c"]),
    author_external_id=st.sampled_from([None, "x", "y"]),
    author_name=st.sampled_from([None, "", "Nimi"]),
    is_own=st.booleans(),
    is_hidden=st.sampled_from([None, True, False]),
)


@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(ENTRIES, max_size=6), max_size=4))
def test_whatever_comes_is_counted_and_the_last_text_stands(house: House, batches: list[list[Incoming]]) -> None:
    house.examples += 1
    last: dict[str, str] = {}
    for batch in batches:
        named = [replace(entry, external_id=f"{entry.external_id}{house.examples}") for entry in batch]
        counts = bring(house, named)
        assert counts.new + counts.changed + counts.duplicate == len(named)
        assert counts.new == len({entry.external_id for entry in named} - last.keys())
        last |= {entry.external_id: entry.text for entry in named}
    jobs.assess()
    for external_id, text in last.items():
        kept = texts_of(external_id)
        assert kept[-1] == text.replace("\x00", "\ufffd")
        assert house.item(external_id).text_version == len(kept)
        assert all(earlier != later for earlier, later in pairwise(kept))
    check_books()


def test_who_wrote_it_is_filled_in_when_a_channel_tells_later(house: House) -> None:
    unsigned = house.receive("c9", "Hei!", author_external_id=None, author_name=None)
    assert unsigned.author_id is None

    told = house.receive("c9", "Hei!", author_external_id="p9", author_name="Pirjo")

    assert told.author_id is not None
    assert told.text_version == 1
