"""Short words for what these tests do again and again: questions on desks, times of the house, who was told of what."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.vocabulary import NoticeKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, Notice, Routing, User
from tjs_moderation.services import routing

HELSINKI = ZoneInfo("Europe/Helsinki")
WHY = "Sinä tunnet tämän."


def at(house: House, local: str) -> None:
    """Let it be this moment, as the house's clock on the wall shows it."""
    house.clock.now = datetime.fromisoformat(local).replace(tzinfo=HELSINKI)


def local(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(HELSINKI):%Y-%m-%d %H:%M}"


def question(house: House, external_id: str = "c1", text: str = "Kuinka ewc perustetaan?") -> Item:
    return house.receive(external_id, text)


def routed(house: House, external_id: str = "c1", *, heard: tuple[int, ...] = ()) -> Item:
    """A question on EWC at its expert's desk."""
    item = question(house, external_id)
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, WHY, heard)
    return house.item(external_id)


def free(house: House, external_id: str = "c1") -> Item:
    """A question that anybody may take."""
    item = question(house, external_id, "Miten yhdistystoiminta alkaa?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("yhdistystoiminta"), None, WHY)
    return house.item(external_id)


def newest_routing(item: Item) -> Routing:
    with Session(db.engine) as session:
        found = select(Routing).where(Routing.item_id == item.id).order_by(Routing.id.desc()).limit(1)
        return session.scalars(found).one()


def told(*kinds: NoticeKind) -> list[tuple[str, str]]:
    """Who was told of what, in order: (name, kind); of these kinds, or of all."""
    with Session(db.engine) as session:
        rows = session.execute(
            select(User.name, Notice.kind).join(User, User.id == Notice.person_id).order_by(Notice.id)
        ).all()
    return [(name, str(kind)) for name, kind in rows if not kinds or kind in kinds]
