"""The house with a simulated page as its channel, over real HTTP: both live by the house's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.simulator import PAGE_ID, RunningSimulator, running_simulator
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Channel, Item, ItemText, Pace, WalkThread
from tjs_moderation.services import channels, walking
from tjs_moderation.services.transaction import user
from tjs_moderation.services.walking import WalkReport
from tjs_moderation.simulator import MovableClock, PageState


@dataclass
class PageHouse:
    """A house, the page it answers for, and short words for what tests of the two do all the time."""

    house: House
    page: RunningSimulator

    @property
    def state(self) -> PageState:
        return self.page.state

    def publish(self, post_id: str, days_ago: float = 0, shares: int = 0) -> None:
        """A post of the page."""
        at = _days_before(self, days_ago)
        self.state.publish(f"julkaisu {post_id}", post_id=post_id, created_at=at, shares=shares)

    def write(self, post_id: str, comment_id: str, text: str = "Hei!", days_ago: float = 0) -> None:
        """A visitor's comment."""
        author = self.state.meet("Aino")
        self.state.comment(post_id, author, text, comment_id=comment_id, created_at=_days_before(self, days_ago))

    def walk(self, calls: int | None = None) -> WalkReport:
        """A walk as a worker makes it."""
        [report] = walking.walk_all(calls=calls) if calls else walking.walk_all()
        return report

    def sync(self) -> WalkReport:
        """A thorough walk as a person asks for it."""
        [report] = walking.walk_all(is_thorough=True)
        return report

    def pass_time(self, **by: float) -> None:
        self.house.clock.advance(**by)

    def set_baseline(self, days_ago: float) -> None:
        channels.set_baseline(user(self.house.operator), "facebook", _days_before(self, days_ago))

    def texts(self) -> dict[str, str]:
        """What is known of every item, by its id: its newest text."""
        with Session(db.engine) as session:
            newest = ItemText.number == Item.text_version
            rows = session.execute(
                select(Item.external_id, ItemText.text).join(ItemText, (ItemText.item_id == Item.id) & newest)
            )
            return dict(rows.all())

    def thread(self, external_id: str, kind: str = "comments") -> WalkThread:
        with Session(db.engine) as session:
            return session.get_one(WalkThread, (self.house.channel_id(), kind, external_id))

    def channel(self) -> Channel:
        with Session(db.engine) as session:
            return session.get_one(Channel, self.house.channel_id())

    def pace(self) -> Pace:
        with Session(db.engine) as session:
            return session.get_one(Pace, self.house.channel_id())

    def entries(self, verb: str) -> list[AuditEntry]:
        with Session(db.engine) as session:
            return list(session.scalars(select(AuditEntry).where(AuditEntry.verb == verb)))

    def reads(self, of: Callable[[], object]) -> dict[str, int]:
        """What is read of the page while something is done."""
        before = self.page.ledger.reads
        of()
        return dict(self.page.ledger.reads - before)


def _days_before(house: PageHouse, days: float) -> datetime:
    return house.house.clock.now - timedelta(days=days)


@pytest.fixture
def page_house(house: House) -> Iterator[PageHouse]:
    """The house, connected to an empty simulated page."""
    with running_simulator(PageState(PAGE_ID, clock=MovableClock(house.clock))) as page:
        channel = page.channel()
        wired = house.app.extensions["tjs_ports"]
        house.app.extensions["tjs_ports"] = replace(
            wired, channels=lambda: {"facebook": channel}, rest=lambda seconds: house.clock.advance(seconds=seconds)
        )
        yield PageHouse(house, page)
