"""The keys of the public: made as people come in, sealed, changed with the vault's, and never in anybody's way."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain import chain
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Author, ItemText, Setting
from tjs_moderation.services import audit, credentials, person_keys
from tjs_moderation.services.vault import new_key

WORDS = "Kaarnaveneen purjeet lepattivat."


def commitment_opens(item_id: int) -> bool:
    """Whether the newest text of an item is the one its entry in the log commits to."""
    with Session(db.engine) as session:
        kept = session.scalars(
            select(ItemText).where(ItemText.item_id == item_id).order_by(ItemText.number.desc()).limit(1)
        ).one()
        bodies = session.scalars(select(AuditEntry.body).where(AuditEntry.verb == "take_in")).all()
        author = session.scalars(select(Author)).first()
        key = person_keys.ring(session).open(author) if author else None
        return any(chain.commitment(person_keys.key_of_text(kept, key), kept.text) in body for body in bodies)


def test_each_person_has_a_key_of_their_own_and_edits_are_made_under_the_same(house: House) -> None:
    item = house.receive("c1", WORDS)
    house.receive("c1", f"{WORDS} Muokattu.")
    house.receive("c2", WORDS, author_external_id="p2", author_name="Toinen")
    with Session(db.engine) as session:
        sealed = session.scalars(select(Author.sealed_key)).all()
        assert set(session.scalars(select(ItemText.is_keyed))) == {True}
    assert len(set(sealed)) == 2
    assert commitment_opens(item.id)


def test_a_key_sealed_for_one_opens_for_nobody_else(house: House) -> None:
    house.receive("c1", WORDS)
    house.receive("c2", WORDS, author_external_id="p2", author_name="Toinen")
    with Session(db.engine) as session:
        one, other = session.scalars(select(Author).order_by(Author.id)).all()
        ring = person_keys.ring(session)
        assert ring.open(one)
        one.sealed_key = other.sealed_key
        assert ring.open(one) is None


def test_a_new_key_of_the_vault_leaves_every_commitment_openable(house: House) -> None:
    item = house.receive("c1", WORDS)
    before = house.instance.joinpath("credentials.key").read_text()
    assert credentials.rotate_key() == 1
    assert house.instance.joinpath("credentials.key").read_text() != before
    assert commitment_opens(item.id)


def test_what_comes_in_while_the_vault_is_shut_comes_in_all_the_same(house: House) -> None:
    house.receive("c1", WORDS)
    path = house.instance / "credentials.key"
    kept = path.read_text()
    path.write_text(new_key() + "\n")
    shut = house.receive("c2", WORDS, author_external_id="p2", author_name="Toinen")
    with Session(db.engine) as session:
        assert credentials.unreadable_secrets(session) == "secrets_key_wrong"
        assert not session.get_one(ItemText, (shut.id, 1)).is_keyed
    path.write_text(kept)
    assert commitment_opens(shut.id)
    assert audit.verify().is_whole


def test_somebody_known_from_before_there_were_keys_is_given_one(house: House) -> None:
    item = house.receive("c1", WORDS)
    with Session(db.engine) as session:
        author = session.get_one(Author, item.author_id)
        author.sealed_key = None
        session.delete(session.get_one(Setting, person_keys.HOUSE_KEY))
        session.commit()
    newer = house.receive("c2", f"{WORDS} Uusi.")
    assert commitment_opens(newer.id)
