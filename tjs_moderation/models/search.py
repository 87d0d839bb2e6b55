"""What is found by: the words of each item, the items whose words have changed, and searches people keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.models.base import Base, UtcDateTime

_BIG = BigInteger().with_variant(Integer, "sqlite")


class SearchText(Base):
    """The words of an item, made by `domain.search.document`; the newest item has the greatest `place`.

    The full-text index over it is of the migration's making: on SQLite the FTS5 table `search_index`, which triggers
    keep; on PostgreSQL the generated column `search_index` with its GIN index.
    """

    __tablename__ = "search_text"

    place: Mapped[int] = mapped_column(_BIG, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)


class SearchDue(Base):
    """An item of which something findable has changed: triggers write it in the transaction that changes it.

    Rows are added and taken away, never changed, so that nobody waits for anybody else's.
    """

    __tablename__ = "search_due"

    id: Mapped[int] = mapped_column(_BIG, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))


class SavedSearch(Base):
    """A search that a person keeps: its name, and the query of its address."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
