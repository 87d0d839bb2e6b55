"""The people who work here: users, their topics and absences, and one-time sign-in links."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import GRANTS, Permission, Role, TimeUnit
from tjs_moderation.models.base import Base, JsonText, UtcDateTime, words


class User(Base):
    """Somebody who signs in. `handle` is what `@mentions` use; `session_key` changes when sign-ins must end."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    handle: Mapped[str] = mapped_column(String(60), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    password_hash: Mapped[str | None] = mapped_column(Text)
    session_key: Mapped[str] = mapped_column(String(64), unique=True)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locale: Mapped[str | None] = mapped_column(String(5))
    """The language in which this person wants the console; None is the organisation's."""
    theme: Mapped[str | None] = mapped_column(String(10))
    """Whether this person wants light or dark pages (`vocabulary.Theme`); None is as their machine has it."""
    has_keys: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Whether single keys do things (WCAG 2.1.4)."""
    keys: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict, server_default="{}")
    """The keys this person chose, by command; the others are the usual ones (`domain.keys`)."""
    notices: Mapped[dict[str, str]] = mapped_column(JsonText, default=dict, server_default="{}")
    """How this person wants to hear of things, by group; the others come as usual (`domain.notices`)."""
    topics: Mapped[list[Topic]] = relationship(secondary="topic_expert", back_populates="experts", lazy="raise")

    def may(self, permission: Permission) -> bool:
        """Whether this person's role carries `permission`."""
        return self.is_active and permission in GRANTS[self.role]


class SignInLink(Base):
    """A one-time link to choose a password. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Topic(Base):
    """A subject people ask about. One that is open to all belongs to whoever takes the question first.

    The words by which it is known stand in the rule set; while it is out of use, `kept_words` holds them instead.
    """

    __tablename__ = "topic"
    __table_args__ = (CheckConstraint("(answer_amount IS NULL) = (answer_unit IS NULL)", name="answer_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    is_open_to_all: Mapped[bool] = mapped_column(Boolean, default=False)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    kept_words: Mapped[Any] = mapped_column(JsonText, nullable=True)
    answer_amount: Mapped[int | None] = mapped_column(Integer)
    """How long an answer may take, in `answer_unit`; None of both is what holds in the whole house."""
    answer_unit: Mapped[TimeUnit | None] = mapped_column(words(TimeUnit, "answer_unit"))
    experts: Mapped[list[User]] = relationship(secondary="topic_expert", back_populates="topics", lazy="raise")


class TopicExpert(Base):
    """Who answers on which topic."""

    __tablename__ = "topic_expert"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class Absence(Base):
    """Somebody is away from `first_day` to `last_day`, both included, and `substitute_id` answers in their place.

    Why they are away is nobody's business here. A person's absences do not overlap.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("substitute_id <> person_id", name="other"),
        Index("ix_absence_person", "person_id", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[User] = relationship(lazy="raise", foreign_keys=person_id)
    substitute: Mapped[User | None] = relationship(lazy="raise", foreign_keys=substitute_id)
