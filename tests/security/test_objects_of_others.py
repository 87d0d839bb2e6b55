"""What is somebody else's does not exist: every address with a number in it, asked with the number of their thing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import UNHURRIED
from tests.security.conftest import Doors
from tests.web.client import PageClient
from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import GRANTS, Role
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, AuditEntry, Draft, Notice, Passkey, SavedSearch, UserSession
from tjs_moderation.services import absences, drafts, saved_searches
from tjs_moderation.web.access import access_of

Numbers = dict[str, list[int]]

FILLED_IN = {
    **dict.fromkeys(("version", "answer_version", "revision", "newest", "number", "grew_from", "text_version"), "1"),
    **dict.fromkeys(("text", "words", "why", "note", "reason"), "Kirjoitan tähän jotain."),
    "kind": "keep",
}
"""What the forms ask for, so that it is the object that is refused and not the form."""

HARMLESS = {"items.claim", "morning.see_mentions", "search.forget"}
"""Touch nothing but marks of one's own, and say no word of what they were asked about."""


@pytest.fixture
def office(doors: Doors) -> Office:
    doors.set(**{name: getattr(UNHURRIED, name) for name in ("idle_seconds", "longest_seconds", "proof_seconds")})
    return Office(doors.app, doors.clock, PASSWORD)


@pytest.fixture
def colleague(office: Office) -> PageClient:
    """An expert on whose desk nothing is."""
    return office.colleague()


@pytest.fixture
def theirs(office: Office, colleague: PageClient, doors: Doors) -> Numbers:
    """The numbers of things that are Päivi's or Tiina's: an item on Päivi's desk with all that hangs from it."""
    item = office.approved()
    PageClient(office.app.test_client()).come_in(EMAILS[Role.ASIANTUNTIJA])
    with office.inside() as house:
        other = office.house.receive("c2", "Miten pätkätyö karttuu?")
        drafts.keep(house.tiedottaja, other.id, "Luonnos", 0)
        saved_searches.save_search(house.tiedottaja, "Omani", "q=palkka")
        today = doors.clock.now.date()
        absence = absences.add_absence(house.expert, house.expert, today, today + timedelta(days=3), None)
        answer = house.answer(item.id)
        with Session(db.engine) as session:
            session.add(_passkey(house.expert, doors))
            session.commit()
            own = Notice.person_id != house.other_expert
            return {
                "item_id": [item.id, other.id],
                "answer_id": [answer.id],
                "act_id": list(session.scalars(select(Act.id))),
                "draft_id": list(session.scalars(select(Draft.id))),
                "saved_id": list(session.scalars(select(SavedSearch.id))),
                "notice_id": list(session.scalars(select(Notice.id).where(own))),
                "absence_id": [absence],
                "number": list(session.scalars(select(UserSession.id).where(UserSession.user_id == house.expert))),
            }


def _passkey(user_id: int, doors: Doors) -> Passkey:
    return Passkey(
        user_id=user_id, credential_id="a", public_key="b", sign_count=0, name="Puhelin", made_at=doors.clock.now
    )


def asked(app: Flask, theirs: Numbers, role: Role) -> Iterator[tuple[str, str, str]]:
    """Every address this role may ask that names something of theirs: (endpoint, method, address)."""
    for rule in app.url_map.iter_rules():
        mark = access_of(app.view_functions[rule.endpoint])
        if mark is None or mark.is_public or not mark.any_of & GRANTS[role] or not rule.arguments:
            continue
        if not rule.arguments <= theirs.keys() or rule.endpoint in HARMLESS:
            continue
        address = app.url_map.bind("localhost").build(rule.endpoint, {name: theirs[name][0] for name in rule.arguments})
        yield from ((rule.endpoint, method, address) for method in sorted({"GET", "POST"} & (rule.methods or set())))


def test_an_expert_reaches_nothing_that_is_not_theirs(office: Office, colleague: PageClient, theirs: Numbers) -> None:
    assert all(theirs.values()), theirs
    office.app.config["WTF_CSRF_ENABLED"] = False
    before = _entries(office)
    found = {}
    for endpoint, method, address in asked(office.app, theirs, Role.ASIANTUNTIJA):
        response = colleague.client.open(address, method=method, data=FILLED_IN if method == "POST" else None)
        found[endpoint, method] = response.status_code
        assert "Pätkätyö" not in response.text, address
    assert len(found) > 15
    assert {key: status for key, status in found.items() if status not in {403, 404}} == {}
    assert _entries(office) == before
    colleague.client.post(f"/search/saved/{theirs['saved_id'][0]}/forget")
    with office.inside(), Session(db.engine) as session:
        assert list(session.scalars(select(SavedSearch.id))) == theirs["saved_id"]


def test_a_tiedottaja_reaches_nothing_private_of_others(office: Office, theirs: Numbers) -> None:
    office.app.config["WTF_CSRF_ENABLED"] = False
    tiina = PageClient(office.app.test_client())
    tiina.come_in(EMAILS[Role.TIEDOTTAJA])
    with office.inside() as house, Session(db.engine) as session:
        paivis = select(Notice.id).where(Notice.person_id == house.expert)
        [notice, *_] = session.scalars(paivis)
    [number] = theirs["number"]
    for address in (
        f"/notices/{notice}/open",
        f"/me/security/sign-ins/{number}/end",
        f"/me/security/passkeys/{number}/remove",
    ):
        assert tiina.client.post(address).status_code == 404, address


def _entries(office: Office) -> int:
    with office.inside(), Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
