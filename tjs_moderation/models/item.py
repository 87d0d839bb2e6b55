"""What came in. An item is its own case; its texts are versions, kept apart so that they can be erased one day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import AutomaticStep, CaseState, Category, ItemKind, Outcome
from tjs_moderation.models.base import Base, JsonText, UtcDateTime, words
from tjs_moderation.models.channel import Author, Channel, Post


class Item(Base):
    """A comment or message. `UNIQUE(channel, external_id)` is the only dedupe, and the row is never deleted.

    `state` is worked out by `domain.case.place`; the columns after it are copies that queues are listed by. `version`
    counts every change and is what two people's edits are told apart by. `sorted_at` is the channel's time, or the time
    of arrival where the channel gives none. With `erased_at` nothing of what was written is left, and nothing of it is
    taken in again.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_item_queue", "state", "urgency", "sorted_at", "id"),
        Index("ix_item_bounds", "outcome", "state", "category", "kind", "channel_id"),
        Index("ix_item_expert_queue", "expert_id", "state", "urgency", "sorted_at", "id"),
        Index("ix_item_thread", "post_id", "sorted_at", "id"),
        Index("ix_item_author", "author_id", "sorted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ItemKind] = mapped_column(words(ItemKind, "kind"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    parent_external_id: Mapped[str | None] = mapped_column(String(200))
    conversation_external_id: Mapped[str | None] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    is_own: Mapped[bool] = mapped_column(Boolean, default=False)
    is_hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    is_gone: Mapped[bool] = mapped_column(Boolean, default=False)
    can_hide: Mapped[bool | None] = mapped_column(Boolean)
    permalink: Mapped[str | None] = mapped_column(Text)
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JsonText, default=list)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sorted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_version: Mapped[int] = mapped_column(Integer, default=1)

    state: Mapped[CaseState] = mapped_column(words(CaseState, "state"), default=CaseState.ARRIVED)
    urgency: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome, "outcome"))
    category: Mapped[Category | None] = mapped_column(words(Category, "category"))
    is_question: Mapped[bool] = mapped_column(Boolean, default=False)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    channel: Mapped[Channel] = relationship(lazy="raise")
    post: Mapped[Post | None] = relationship(lazy="raise")
    author: Mapped[Author | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_guarded(self) -> bool:
        """Whether it is put away: a private message, or something hidden or gone, that nobody works on any more."""
        return is_put_away(self.state, self.kind, is_out_of_sight=self.is_hidden or self.is_gone)

    @property
    def author_name(self) -> str | None:
        """The name of whoever wrote it, as far as the channel tells."""
        return self.author.name if self.author else None


def is_put_away(state: CaseState, kind: ItemKind, *, is_out_of_sight: bool) -> bool:
    """Whether an item that stands so is kept from whoever only looks: nobody works on it any more."""
    return state is CaseState.DONE and (kind is ItemKind.MESSAGE or is_out_of_sight)


is_unread = Item.outcome.is_(None) & ~Item.is_own
"""The items whose text, as it is now, has not been assessed."""

Index("ix_item_unread", Item.id, sqlite_where=is_unread, postgresql_where=is_unread)


def _index_where_told(name: str, told: InstrumentedAttribute[Any], *columns: InstrumentedAttribute[Any]) -> None:
    """An index of the items of which `told` is known: of most it is not, and they need not pay for it."""
    is_told = told.is_not(None)
    Index(name, *columns, sqlite_where=is_told, postgresql_where=is_told)


_conversation = Item.conversation_external_id
_index_where_told("ix_item_conversation", _conversation, Item.channel_id, _conversation, Item.sorted_at, Item.id)
_index_where_told("ix_item_parent_external", Item.parent_external_id, Item.channel_id, Item.parent_external_id)
_index_where_told("ix_item_parent_id", Item.parent_id, Item.parent_id)


class ItemText(Base):
    """One version of an item's text, what its commitment in the audit log was made with, and what the channel told raw.

    `is_keyed`: it was made under the writer's own key as well (`domain.chain.text_key`).
    """

    __tablename__ = "item_text"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32))
    raw: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_keyed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


class StoredAssessment(Base):
    """What the console thought of one version of a text, under which rule set and model.

    `shadows` and `shadow_outcome` are what shadow rules said beside it; `automatic` names the rule that would hide it
    by itself, and `automatic_step` tells what came of that.
    """

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_item", "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    text_version: Mapped[int] = mapped_column(Integer)
    rule_set_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set.id"))
    model_version: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[Outcome] = mapped_column(words(Outcome, "outcome"))
    category: Mapped[Category] = mapped_column(words(Category, "category"))
    scores: Mapped[dict[str, float]] = mapped_column(JsonText)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    is_question: Mapped[bool] = mapped_column(Boolean)
    question_score: Mapped[float] = mapped_column(Float)
    topics: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    language: Mapped[str] = mapped_column(String(16))
    failure: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shadows: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list, server_default="[]")
    shadow_outcome: Mapped[Outcome | None] = mapped_column(words(Outcome, "shadow_outcome"))
    automatic: Mapped[str] = mapped_column(Text, default="", server_default="")
    automatic_step: Mapped[AutomaticStep] = mapped_column(
        words(AutomaticStep, "automatic_step"), default=AutomaticStep.NONE, server_default="none"
    )


_is_due = StoredAssessment.automatic_step == AutomaticStep.DUE
Index("ix_assessment_due", StoredAssessment.id, sqlite_where=_is_due, postgresql_where=_is_due)

_is_shadowed = StoredAssessment.shadow_outcome.is_not(None)
Index(
    "ix_assessment_shadows",
    StoredAssessment.created_at,
    StoredAssessment.id,
    sqlite_where=_is_shadowed,
    postgresql_where=_is_shadowed,
)


class RuleSet(Base):
    """One published version of the rules, as the text a person wrote."""

    __tablename__ = "rule_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    is_live: Mapped[bool] = mapped_column(Boolean, default=False)
    why: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


_is_live = text("is_live")
Index("uq_rule_set_live", RuleSet.is_live, unique=True, sqlite_where=_is_live, postgresql_where=_is_live)
