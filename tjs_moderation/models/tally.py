"""How much of what there was on each day, so that no page of figures counts rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.domain.tally import Measure
from tjs_moderation.models.base import Base, words


class DayTally(Base):
    """One count of one day of the organisation's own time zone; `key` says of what, see `domain.tally.Measure`.

    Kept in the transaction of the verb that changes it, as `QueueCount` is; a recount agrees.
    """

    __tablename__ = "day_tally"

    measure: Mapped[Measure] = mapped_column(words(Measure, "measure"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
