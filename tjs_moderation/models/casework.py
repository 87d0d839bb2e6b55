"""What people do with an item: decisions, opinions, routings, claims, notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import DeadlineStep, DecisionKind, OpinionKind
from tjs_moderation.domain.wording import Wording
from tjs_moderation.models.base import Base, UtcDateTime, words
from tjs_moderation.models.item import StoredAssessment
from tjs_moderation.models.user import Topic, User


class DecisionReason(Base):
    """A reason to choose from when deciding, in the house's three languages. `for_removal` tells the two lists apart.

    Never deleted: decisions point at it. One out of use (`is_active`) can no longer be chosen.
    """

    __tablename__ = "decision_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[str] = mapped_column(String(200))
    label_sv: Mapped[str] = mapped_column(String(200), default="", server_default="")
    label_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    for_removal: Mapped[bool] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(Integer, default=0)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)

    @property
    def wording(self) -> Wording:
        """What it says, in each language."""
        return Wording(self.label, self.label_sv, self.label_en)


class Decision(Base):
    """An event: what somebody decided on one version of an item, and on what evidence. Never changed afterwards.

    Who decided is a person, or the rule `rule` of the rule set (P13): that one can only hide, once for a text.

    `UNIQUE(item, item_version)` is the real guard against two decisions on the same sight of an item, and
    `UNIQUE(takes_back)` against one being taken back twice.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("item_id", "item_version"),
        CheckConstraint("(kind = 'take_back') = (takes_back_id IS NOT NULL)", name="take_back"),
        CheckConstraint("kind NOT IN ('remove', 'delete') OR reason_id IS NOT NULL", name="removal_reason"),
        CheckConstraint("(decided_by_id IS NULL) = (rule <> '')", name="decider"),
        CheckConstraint(
            "decided_by_id IS NOT NULL OR (kind = 'remove' AND assessment_id IS NOT NULL AND rule_set_id IS NOT NULL)",
            name="automatic",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_version: Mapped[int] = mapped_column(Integer)
    text_version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[DecisionKind] = mapped_column(words(DecisionKind, "kind"))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("decision_reason.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    nonce: Mapped[str] = mapped_column(String(32))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    rule_set_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set.id"))
    takes_back_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    rule: Mapped[str] = mapped_column(Text, default="", server_default="")
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessment: Mapped[StoredAssessment | None] = relationship(lazy="raise")
    reason: Mapped[DecisionReason | None] = relationship(lazy="raise")
    decided_by: Mapped[User | None] = relationship(lazy="raise")

    @property
    def is_automatic(self) -> bool:
        """Whether a rule decided by itself, and no person."""
        return self.decided_by_id is None


_is_automatic = Decision.decided_by_id.is_(None)
Index(
    "uq_decision_automatic",
    Decision.item_id,
    Decision.text_version,
    unique=True,
    sqlite_where=_is_automatic,
    postgresql_where=_is_automatic,
)
Index("ix_decision_automatic_at", Decision.decided_at, sqlite_where=_is_automatic, postgresql_where=_is_automatic)


class Routing(Base):
    """A question at somebody's desk, why it is there, and by when to answer it. At most one is open for an item.

    The moments are worked out when it is put there and stay as they are; None where nothing is due. `told` says how far
    people have been told of them. `read_at` is when the one on whose desk it lies first opened it; `is_follow_up` says
    that the console put it there, because `routed_by` had put the thread that it continues there.
    """

    __tablename__ = "routing"
    __table_args__ = (
        Index("ix_routing_item", "item_id", "id"),
        Index("ix_routing_expert", "expert_id", "routed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    why: Mapped[str] = mapped_column(Text)
    routed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    routed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_follow_up: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str] = mapped_column(Text, default="")
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalate_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told: Mapped[DeadlineStep] = mapped_column(
        words(DeadlineStep, "told"), default=DeadlineStep.AHEAD, server_default="ahead"
    )
    topic: Mapped[Topic | None] = relationship(lazy="raise")
    expert: Mapped[User | None] = relationship(lazy="raise", foreign_keys=expert_id)
    routed_by: Mapped[User] = relationship(lazy="raise", foreign_keys=routed_by_id)


_is_open = Routing.ended_at.is_(None)
Index("uq_routing_open", Routing.item_id, unique=True, sqlite_where=_is_open, postgresql_where=_is_open)


class Opinion(Base):
    """What a second person thinks of an item in doubt: asked for by one, given by another, or no longer needed.

    It was given of one text version. At most one is open for an item; nobody is asked by themselves.
    """

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint("asked_of_id <> asked_by_id", name="second"),
        CheckConstraint("(kind IS NULL) = (given_at IS NULL)", name="given"),
        CheckConstraint("given_at IS NULL OR withdrawn_at IS NULL", name="ending"),
        CheckConstraint("kind IS NULL OR words <> ''", name="words"),
        Index("ix_opinion_item", "item_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    question: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_of_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[OpinionKind | None] = mapped_column(words(OpinionKind, "kind"))
    words: Mapped[str] = mapped_column(Text, default="")
    nonce: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[int | None] = mapped_column(Integer)
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by: Mapped[User] = relationship(lazy="raise", foreign_keys=asked_by_id)
    asked_of: Mapped[User] = relationship(lazy="raise", foreign_keys=asked_of_id)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the one who was asked."""
        return self.given_at is None and self.withdrawn_at is None


is_awaited = Opinion.given_at.is_(None) & Opinion.withdrawn_at.is_(None)
"""The opinions that wait for the one who was asked."""

Index("uq_opinion_open", Opinion.item_id, unique=True, sqlite_where=is_awaited, postgresql_where=is_awaited)
Index("ix_opinion_asked", Opinion.asked_of_id, sqlite_where=is_awaited, postgresql_where=is_awaited)


class Claim(Base):
    """Who has an item open. A lease: after `expires_at` it is as if it were not there."""

    __tablename__ = "claim"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship(lazy="raise")


class Note(Base):
    """A note between colleagues, in the formatting of the plan (P17). Never leaves the house."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_item", "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    text: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[User] = relationship(lazy="raise")


class Mention(Base):
    """Somebody named in a note; it waits on their desk until `seen_at`."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_user", "user_id", "seen_at"),)

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
