"""Many people writing at once: for what has to hold at any amount of data."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.extensions import db
from tjs_moderation.models import Item
from tjs_moderation.services.intake import take_in
from tjs_moderation.services.transaction import channel


def crowd(house: House, texts: Sequence[str], parent: str | None = None, author: str = "") -> list[Item]:
    """Comments under one post, or one comment, all of the same moment; each of somebody else or all of `author`."""
    channel_id = house.channel_id()
    prefix = parent or author or "crowd"
    told = [
        Incoming(
            f"{prefix}-{number}",
            text=text,
            post_external_id="1000_1",
            parent_external_id=parent,
            author_external_id=author or f"{prefix}-p{number}",
            author_name=f"K{number}",
            created_at=house.clock.now,
        )
        for number, text in enumerate(texts)
    ]
    take_in(channel(channel_id), channel_id, told)
    jobs.assess()
    with Session(db.engine) as session:
        wanted = Item.external_id.startswith(f"{prefix}-")
        return list(session.scalars(select(Item).where(wanted).order_by(Item.id)))
