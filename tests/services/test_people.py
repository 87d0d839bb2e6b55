"""Who works here: getting in, one-time links, being closed out, and what each may reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from argon2 import Type, extract_parameters
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import PASSWORD, House
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import CaseState, ItemKind, Role
from tjs_moderation.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    TransitionError,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, User
from tjs_moderation.services import casework, desk, notes, people, routing
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.transaction import CONSOLE

NEW_PASSWORD = "uusi-hyvä-salasana"


def add(name: str, email: str = "uusi@tjs.example", role: Role = Role.ASIANTUNTIJA) -> tuple[int, str]:
    user_id, token = people.add_user(CONSOLE, name, email, role)
    assert token is not None
    return user_id, token


def person(user_id: int) -> User:
    with Session(db.engine) as session:
        return session.get_one(User, user_id)


def authenticate(email: str, password: str) -> User | None:
    """Signing in, in a request of its own."""
    db.session.remove()
    return people.authenticate(email, password)


def find_link(token: str) -> User | None:
    """Opening a link, in a request of its own."""
    db.session.remove()
    return people.find_link(token)


def mentions_of(user_id: int) -> Sequence[desk.Mentioned]:
    """What waits for somebody who was named, in a request of its own."""
    db.session.remove()
    return desk.mentions(person(user_id))


def seen_by(user_id: int) -> set[str]:
    with Session(db.engine) as session:
        return set(session.scalars(select(Item.external_id).where(visible_to(person(user_id)))))


@pytest.mark.parametrize("email", ["tiina@tjs.example", " TIINA@tjs.example "])
def test_a_person_gets_in_by_address_and_password(house: House, email: str) -> None:
    found = authenticate(email, PASSWORD)
    assert found is not None
    assert found.id == house.tiedottaja


def test_nobody_gets_in_by_anything_else(house: House) -> None:
    for email, password in (
        ("tiina@tjs.example", "väärä-salasana-tämä"),
        ("tiina@tjs.example", ""),
        ("tiina@tjs.example", PASSWORD + " "),
        ("nobody@tjs.example", PASSWORD),
        ("", PASSWORD),
        ("tiina@tjs.example\x00", PASSWORD),
        ("%", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ):
        assert authenticate(email, password) is None, (email, password)


def test_nobody_gets_in_before_a_password_was_chosen(house: House) -> None:
    add("Uusi")
    assert authenticate("uusi@tjs.example", "") is None


def test_a_closed_person_gets_in_no_more_and_their_sign_ins_end(house: House) -> None:
    before = person(house.tiedottaja).session_key
    people.set_active(CONSOLE, house.tiedottaja, False)
    assert authenticate("tiina@tjs.example", PASSWORD) is None
    assert person(house.tiedottaja).session_key != before
    people.set_active(CONSOLE, house.tiedottaja, True)
    assert authenticate("tiina@tjs.example", PASSWORD) is not None


def test_passwords_are_kept_as_argon2id_hashes(house: House) -> None:
    user_id, _ = people.add_user(CONSOLE, "Uusi", "uusi@tjs.example", Role.TIEDOTTAJA, (), NEW_PASSWORD)
    stored = person(user_id).password_hash or ""
    assert stored.startswith("$argon2id$")
    assert NEW_PASSWORD not in stored


def test_guessing_a_password_from_its_hash_costs_what_owasp_recommends() -> None:
    """The tests' own hashes are cheap; the one for nobody was made as the program makes them."""
    cost = extract_parameters(people._NOBODY)
    assert (cost.type, cost.memory_cost >= 19 * 1024, cost.time_cost >= 2) == (Type.ID, True, True)


def test_a_password_is_long_enough_and_not_endless(house: House) -> None:
    for password in ("", "yksitoista1", "x" * 257):
        with pytest.raises(InvalidInputError, match="password_length"):
            people.add_user(CONSOLE, "Uusi", "uusi@tjs.example", Role.TIEDOTTAJA, (), password)
    assert authenticate("uusi@tjs.example", "yksitoista1") is None


def test_a_link_opens_once(house: House) -> None:
    user_id, token = add("Uusi")
    found = find_link(token)
    assert found is not None
    assert people.use_link(token, NEW_PASSWORD) == user_id == found.id
    assert find_link(token) is None
    with pytest.raises(NotFoundError):
        people.use_link(token, "jokin-aivan-toinen")
    assert authenticate("uusi@tjs.example", NEW_PASSWORD) is not None


def test_a_link_with_a_password_too_short_is_not_used_up(house: House) -> None:
    _, token = add("Uusi")
    with pytest.raises(InvalidInputError):
        people.use_link(token, "lyhyt")
    assert people.use_link(token, NEW_PASSWORD)


def test_a_link_works_for_two_days(house: House) -> None:
    _, token = add("Uusi")
    house.clock.advance(hours=people.LINK_HOURS, seconds=-1)
    assert find_link(token) is not None
    house.clock.advance(seconds=1)
    assert find_link(token) is None
    with pytest.raises(NotFoundError):
        people.use_link(token, NEW_PASSWORD)


def test_a_made_up_link_opens_nothing(house: House) -> None:
    for token in ("", "keksitty", "\x00", "\ud800", "ä" * 9999):
        assert find_link(token) is None
        with pytest.raises(NotFoundError):
            people.use_link(token, NEW_PASSWORD)


def test_a_link_of_somebody_closed_opens_nothing(house: House) -> None:
    user_id, token = add("Uusi")
    people.set_active(CONSOLE, user_id, False)
    with pytest.raises(NotFoundError):
        people.use_link(token, NEW_PASSWORD)


def test_a_new_link_ends_the_old_ones_and_the_password(house: House) -> None:
    _, first = add("Uusi")
    second = people.reset_password(CONSOLE, "Uusi@tjs.example")
    assert second is not None
    assert find_link(first) is None
    people.use_link(second, NEW_PASSWORD)
    third = people.reset_password(CONSOLE, "uusi@tjs.example")
    assert authenticate("uusi@tjs.example", NEW_PASSWORD) is None
    assert third is not None
    assert find_link(third) is not None


def test_a_password_given_by_command_ends_the_links(house: House) -> None:
    _, token = add("Uusi")
    assert people.reset_password(CONSOLE, "uusi@tjs.example", NEW_PASSWORD) is None
    assert find_link(token) is None
    with pytest.raises(NotFoundError):
        people.reset_password(CONSOLE, "nobody@tjs.example")


def test_an_address_belongs_to_one_person(house: House) -> None:
    with pytest.raises(ConflictError, match="email_in_use"):
        add("Toinen Tiina", " Tiina@TJS.example")


def test_what_is_no_address_is_refused(house: House) -> None:
    for email in ("", "tiina", "tiina@", "@tjs.example", "a b@tjs.example", "a@b", "<a@tjs.example>"):
        with pytest.raises(InvalidInputError, match="user_email"):
            add("Uusi", email)


def test_a_person_has_a_name(house: House) -> None:
    for name in ("", "   ", "x" * 121):
        with pytest.raises(InvalidInputError, match="user_name"):
            add(name)


def test_an_unknown_topic_is_named_and_nobody_is_added(house: House) -> None:
    with pytest.raises(InvalidInputError, match="unknown_topic") as caught:
        people.add_user(CONSOLE, "Uusi", "uusi@tjs.example", Role.ASIANTUNTIJA, ["ewc", "kalastus"])
    assert caught.value.facts["topics"] == "kalastus"
    assert "Uusi" not in {someone.name for someone in people.everybody()}


def test_a_handle_is_made_of_the_first_name(house: House) -> None:
    wanted = {
        "Päivi Öljymäki": "päivi",
        "Åke": "åke",
        "Pa\u0308ivi": "päivi2",
        "Anna-Liisa K.": "annaliisa",
        "O'Brien": "obrien",
        "Ольга": "henkilo",
        "%_": "henkilo2",
        "Inka": "inka2",
    }
    given = {name: person(add(name, f"n{number}@tjs.example")[0]).handle for number, name in enumerate(wanted)}
    assert given == wanted


def test_of_many_with_one_name_each_has_a_handle_and_can_be_mentioned(house: House) -> None:
    item = house.receive("c1", "Moi.")
    for number in range(3):
        user_id, _ = add("Päivi", f"p{number}@tjs.example")
        handle = "päivi" if number == 0 else f"päivi{number + 1}"
        assert person(user_id).handle == handle
        notes.write_note(house.tiedottaja, item.id, f"Katso tätä, @{handle.upper()}.")
        assert seen_by(user_id) == {"c1"}


def routed(house: House, external_id: str, expert: int, **told: Any) -> Item:
    item = house.receive(external_id, "Kuinka ewc perustetaan?", **told)
    routing.route(house.tiedottaja, item.id, item.version, None, expert, "Sopii.")
    return house.item(external_id)


def test_an_expert_sees_what_is_routed_to_them_and_nothing_else(house: House) -> None:
    told: dict[str, Any] = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"}
    house.receive("c1", "Moi.")
    house.receive("m1", "Salaisuus.", **told)
    routed(house, "c2", house.expert)
    routed(house, "m2", house.expert, **told)
    routed(house, "c3", house.other_expert)
    assert seen_by(house.expert) == {"c2", "m2"}
    assert seen_by(house.other_expert) == {"c3"}
    assert seen_by(house.tiedottaja) == {"c1", "c2", "c3", "m1", "m2"}


def test_an_expert_still_sees_what_was_theirs_and_what_a_note_names_them_in(house: House) -> None:
    item = routed(house, "c1", house.expert)
    routing.route(house.tiedottaja, item.id, item.version, None, house.other_expert, "Sikke tietää.")
    assert seen_by(house.expert) == {"c1"}
    named = house.receive("c2", "Moi.")
    notes.write_note(house.tiedottaja, named.id, "@sikke, mitä sanot?")
    assert seen_by(house.other_expert) == {"c1", "c2"}


def test_the_atk_suunnittelija_sees_no_items_at_all(house: House) -> None:
    item = house.receive("c1", "Moi.")
    routed(house, "c2", house.expert)
    notes.write_note(house.tiedottaja, item.id, "@aatos, huomaatko?")
    assert seen_by(house.operator) == set()
    with pytest.raises(NotFoundError):
        casework.claim(house.operator, item.id)


def test_somebody_closed_sees_nothing(house: House) -> None:
    routed(house, "c1", house.expert)
    people.set_active(CONSOLE, house.expert, False)
    assert seen_by(house.expert) == set()


def test_a_note_that_names_a_stranger_is_not_kept(house: House) -> None:
    item = house.receive("c1", "Moi.")
    with pytest.raises(InvalidInputError, match="unknown_mention") as caught:
        notes.write_note(house.tiedottaja, item.id, "@inka ja @kukatahansa")
    assert caught.value.facts["handles"] == "@kukatahansa"
    assert mentions_of(house.expert) == []


def test_a_mention_waits_until_the_item_is_opened(house: House) -> None:
    item = house.receive("c1", "Moi.")
    notes.write_note(house.tiedottaja, item.id, "@inka, @inka ja @tiina: katsotaan yhdessä.")
    assert [mention.item_id for mention in mentions_of(house.expert)] == [item.id]
    assert mentions_of(house.tiedottaja) == []
    notes.see_mentions(house.expert, item.id)
    assert mentions_of(house.expert) == []


def open_question(house: House) -> Item:
    item = house.receive("c1", "Miten pääsen mukaan, yhdistystoiminta kiinnostaa?")
    topic = house.topic_id("yhdistystoiminta")
    routing.route(house.tiedottaja, item.id, item.version, topic, None, "Kuka vain osaa.")
    return house.item("c1")


def test_a_question_open_to_all_belongs_to_whoever_takes_it_first(house: House) -> None:
    item = open_question(house)
    assert seen_by(house.expert) == seen_by(house.other_expert) == {"c1"}
    routing.take(house.other_expert, item.id, item.version)
    with pytest.raises(ConflictError) as caught:
        routing.take(house.expert, item.id, item.version)
    assert (caught.value.facts["who"], caught.value.facts["what"]) == ("Sikke", "take")
    assert house.item("c1").expert_id == house.other_expert
    check_books()


def test_what_was_never_open_to_all_is_not_there_to_be_taken(house: House) -> None:
    item = routed(house, "c1", house.expert)
    with pytest.raises(NotFoundError):
        routing.take(house.other_expert, item.id, item.version)
    with pytest.raises(TransitionError, match="not_open_to_all"):
        routing.take(house.expert, item.id, item.version)


def test_an_expert_gives_back_what_is_theirs_and_nobody_elses(house: House) -> None:
    item = routed(house, "c1", house.expert)
    with pytest.raises(NotFoundError):
        routing.recall(house.other_expert, item.id, item.version, "Pois.")
    with pytest.raises(InvalidInputError, match="routing_needs_why"):
        routing.recall(house.expert, item.id, item.version, " ")
    routing.recall(house.expert, item.id, item.version, "Ei minun alaani.")
    assert (house.item("c1").state, house.item("c1").expert_id) == (CaseState.QUESTION, None)
    check_books()


@pytest.mark.parametrize(
    ("topic", "expert", "why", "code"),
    [
        (None, None, "Sopii.", "routing_needs_expert"),
        ("ewc", None, "Sopii.", "routing_needs_expert"),
        (None, "operator", "Sopii.", "unknown_expert"),
        (None, "expert", " ", "routing_needs_why"),
    ],
)
def test_a_question_goes_to_somebody_with_a_reason(
    house: House, topic: str | None, expert: str | None, why: str, code: str
) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    topic_id = house.topic_id(topic) if topic else None
    expert_id = getattr(house, expert) if expert else None
    with pytest.raises(InvalidInputError, match=code):
        routing.route(house.tiedottaja, item.id, item.version, topic_id, expert_id, why)


def test_nothing_goes_to_somebody_closed_or_unknown(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    people.set_active(CONSOLE, house.expert, False)
    for expert_id in (house.expert, 99_999):
        with pytest.raises(InvalidInputError, match="unknown_expert"):
            routing.route(house.tiedottaja, item.id, item.version, None, expert_id, "Sopii.")
    with pytest.raises(InvalidInputError, match="unknown_topic"):
        routing.route(house.tiedottaja, item.id, item.version, 99_999, house.other_expert, "Sopii.")


@pytest.mark.parametrize("who", ["expert", "operator"])
def test_only_a_tiedottaja_routes(house: House, who: str) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    with pytest.raises(NotAllowedError):
        routing.route(getattr(house, who), item.id, item.version, None, house.expert, "Minulle.")


VERBS: dict[str, Callable[[House, int, int], object]] = {
    "claim": lambda house, item_id, version: casework.claim(house.expert, item_id),
    "take": lambda house, item_id, version: routing.take(house.expert, item_id, version),
    "note": lambda house, item_id, version: notes.write_note(house.expert, item_id, "Hei."),
    "recall": lambda house, item_id, version: routing.recall(house.expert, item_id, version, "Ei."),
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_expert_does_nothing_to_what_they_may_not_see(house: House, verb: str) -> None:
    item = house.receive("c1", "Moi.")
    with pytest.raises(NotFoundError):
        VERBS[verb](house, item.id, item.version)
