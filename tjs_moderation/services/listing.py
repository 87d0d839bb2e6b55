"""Items as lists show them: columns, not objects of their tables, of which thirty cost a page dear. A part of reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, select

from tjs_moderation.domain.vocabulary import CaseState, Category, ChannelKind, ItemKind, Outcome
from tjs_moderation.extensions import db
from tjs_moderation.models import Author, Channel, Item, ItemText, Post, Topic
from tjs_moderation.models.item import is_put_away

Columns = Select[*tuple[Any, ...]]
"""A statement that reads columns."""


class Listed(NamedTuple):
    """An item with its text, who wrote it, its post and its channel: what a list shows, and no more."""

    id: int
    version: int
    kind: ItemKind
    state: CaseState
    urgency: int
    sorted_at: datetime
    text_version: int
    outcome: Outcome | None
    category: Category | None
    is_question: bool
    is_hidden: bool
    is_gone: bool
    erased_at: datetime | None
    expert_id: int | None
    author_name: str | None
    post_text: str | None
    post_external_id: str | None
    channel_kind: ChannelKind
    text: str

    @property
    def is_guarded(self) -> bool:
        """Whether it is put away."""
        return is_put_away(self.state, self.kind, is_out_of_sight=self.is_hidden or self.is_gone)

    @property
    def post(self) -> str | None:
        """What its post is called; None where it stands under none."""
        return self.post_text or self.post_external_id


LISTED = (
    *(Item.id, Item.version, Item.kind, Item.state, Item.urgency, Item.sorted_at, Item.text_version),
    *(Item.outcome, Item.category, Item.is_question, Item.is_hidden, Item.is_gone, Item.erased_at, Item.expert_id),
    *(Author.name, Post.text, Post.external_id, Channel.kind, ItemText.text),
)
"""The columns of a `Listed`, in its order."""


def with_parts(statement: Columns) -> Columns:
    """Join to the items of a statement what `LISTED` is read from beside them."""
    return (
        statement.join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        # None is without a channel; but a planner that may begin with the channels walks all items of each.
        .outerjoin(Channel, Channel.id == Item.channel_id)
        .outerjoin(Author, Author.id == Item.author_id)
        .outerjoin(Post, Post.id == Item.post_id)
    )


def columns(statement: Columns, told: Mapping[str, object] | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a statement reads, in the page's own transaction, past what a session does for objects."""
    return db.session.connection().execute(statement, told).all()


def topic_names() -> Mapping[str, str]:
    """The names of the house's topics by their slug. One query."""
    return dict(tuple(row) for row in columns(select(Topic.slug, Topic.name)))


def join_as_written() -> None:
    """For the rest of this transaction PostgreSQL joins tables in the order in which a statement names them.

    To look for a better one among nine takes it ten times as long as reading the page.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL join_collapse_limit = 1")
