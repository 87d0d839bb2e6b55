"""What is typed is kept as it was typed: through a closed lid, in two tabs, and when a colleague was faster."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.answers.conftest import Desk
from tjs_moderation.errors import InvalidInputError, NotAllowedError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Draft, Item
from tjs_moderation.services import answers, audit, drafts
from tjs_moderation.services.drafts import Kept, Typed


def keep(desk: Desk, item: Item, text: str, typed: Typed | None = None, grew_from: int = 0) -> Kept:
    kept = drafts.keep(desk.house.expert, item.id, text, grew_from, typed)
    assert kept is not None
    return kept


def texts(desk: Desk, item: Item, who: int | None = None) -> list[str]:
    mine = select(Draft.text).where(Draft.item_id == item.id, Draft.writer_id == (who or desk.house.expert))
    with Session(db.engine) as session:
        return list(session.scalars(mine.order_by(Draft.saved_at.desc())))


def test_one_page_saves_one_draft_again_and_again(desk: Desk) -> None:
    item = desk.ask()
    first = keep(desk, item, "Neu")
    again = keep(desk, item, "Neuvottelut  ", first.typed)
    assert again == Kept(Typed(first.typed.draft_id, 2), is_apart=False)
    assert texts(desk, item) == ["Neuvottelut  "]


def test_neither_of_two_tabs_writes_over_the_other(desk: Desk) -> None:
    """Both began from the same kept draft: the second to save gets one of its own, and goes on with that."""
    item = desk.ask()
    begun = keep(desk, item, "Alku").typed
    desk.house.clock.advance(seconds=2)
    keep(desk, item, "Alku ja jatko", begun)
    desk.house.clock.advance(seconds=2)
    other = keep(desk, item, "Aivan toinen", begun)
    assert other.is_apart
    keep(desk, item, "Aivan toinen loppu", other.typed)
    assert texts(desk, item) == ["Aivan toinen loppu", "Alku ja jatko"]


def test_a_save_that_comes_late_overwrites_nothing(desk: Desk) -> None:
    item = desk.ask()
    first = keep(desk, item, "Yksi").typed
    keep(desk, item, "Yksi kaksi", first)
    assert drafts.keep(desk.house.expert, item.id, "Yksi kaksi", 0, first) is None
    assert texts(desk, item) == ["Yksi kaksi"]


def test_nothing_is_kept_of_nothing_or_of_what_is_the_answer_already(desk: Desk) -> None:
    item = desk.ask()
    desk.write(item, "Valmis.")
    for text in ("", " \n", "Valmis.", " Valmis. "):
        assert drafts.keep(desk.house.expert, item.id, text, 1) is None


def test_a_draft_that_became_a_version_is_kept_no_longer_and_its_neighbour_is(desk: Desk) -> None:
    item = desk.ask()
    typed = keep(desk, item, "Tästä tulee versio").typed
    keep(desk, item, "Tämä jää.")
    answers.save_draft(desk.house.expert, item.id, "Tästä tulee versio, ja loppu.", typed=typed)
    assert texts(desk, item) == ["Tämä jää."]


def test_a_draft_saved_elsewhere_since_outlives_the_version_that_came_of_it(desk: Desk) -> None:
    item = desk.ask()
    typed = keep(desk, item, "Yksi").typed
    keep(desk, item, "Yksi ja lisää puhelimella", typed)
    answers.save_draft(desk.house.expert, item.id, "Yksi.", typed=typed)
    assert texts(desk, item) == ["Yksi ja lisää puhelimella"]


def test_a_draft_is_its_writers_own(desk: Desk) -> None:
    house, item = desk.house, desk.ask()
    typed = keep(desk, item, "Minun").typed
    assert texts(desk, item, house.tiedottaja) == []
    with pytest.raises(NotFoundError):
        drafts.drop(house.tiedottaja, typed.draft_id)
    other = drafts.keep(house.tiedottaja, item.id, "Tiinan", 0, typed)
    assert other is not None
    assert other.typed.draft_id != typed.draft_id
    assert texts(desk, item) == ["Minun"]


def test_who_may_not_see_or_write_keeps_nothing(desk: Desk) -> None:
    house, item = desk.house, desk.ask()
    with pytest.raises(NotFoundError):
        drafts.keep(house.other_expert, item.id, "Minäkin.", 0)
    with pytest.raises(NotAllowedError):
        drafts.keep(house.operator, item.id, "Minäkin.", 0)


def test_what_is_far_too_long_is_refused_and_what_no_channel_takes_is_kept(desk: Desk) -> None:
    item = desk.ask()
    keep(desk, item, "x" * 9_000)
    with pytest.raises(InvalidInputError, match="too_long"):
        keep(desk, item, "x" * (drafts.LIMIT + 1))


def test_a_draft_is_let_go_by_choice_and_typing_leaves_no_trace_in_the_log(desk: Desk) -> None:
    item = desk.ask()
    with Session(db.engine) as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    typed = keep(desk, item, "Pois").typed
    assert drafts.drop(desk.house.expert, typed.draft_id) == item.id
    assert texts(desk, item) == []
    with Session(db.engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
    assert audit.verify().is_whole
