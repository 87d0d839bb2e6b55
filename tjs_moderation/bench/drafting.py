"""Drafting at size: the earlier answers most like a question, found among a hundred thousand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import islice
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.bench.bulk import Heap, writing
from tjs_moderation.bench.frame import Goal, Measurement, Sample, Sitting, written
from tjs_moderation.bench.speech import Said, Speech
from tjs_moderation.bench.yard import Yard, p95, timed
from tjs_moderation.domain.likeness import words_of
from tjs_moderation.domain.vocabulary import AnswerState, CaseState, Category, ItemKind, Outcome
from tjs_moderation.extensions import db
from tjs_moderation.models import Answer, Channel, Item, User
from tjs_moderation.services import earlier_answers

MANY, FEW = 100_000, 500
"""How many answers are stored, usually and to be quick."""

ASKED, _QUICK = 200, 20
_CHUNK = 10_000
_PRIVATE = 0.2


@dataclass
class Shelf:
    """So many answered questions, put into an install beside what it holds; one in five was asked in private."""

    yard: Yard
    answers: int

    @cached_property
    def questions(self) -> list[str]:
        """Questions to ask, of the same words; the shelf is filled when they are first asked for."""
        speech = Speech(11, self.answers)
        with self.yard.app.app_context():
            self._fill(speech)
        return [said.text for said in speech.texts(ASKED)]

    def _fill(self, speech: Speech) -> None:
        with Session(db.engine) as session:
            channel_id = session.scalars(select(Channel.id).where(Channel.name == "facebook")).one()
            first = 1 + (session.scalar(select(func.max(Item.id))) or 0)
            first_answer = 1 + (session.scalar(select(func.max(Answer.id))) or 0)
        chance, now = Random(11), datetime.now(UTC)  # noqa: S311  # nothing is kept secret with it
        with writing(db.engine) as writer:
            for start in range(0, self.answers, _CHUNK):
                heap = Heap()
                some = speech.texts(min(_CHUNK, self.answers - start))
                for number, said in enumerate(some, start=start):
                    at = now - timedelta(minutes=self.answers - number)
                    place = first + number, first_answer + number, channel_id
                    self._put(heap, place, said, at, is_private=chance.random() < _PRIVATE)
                writer.write(heap)

    def _put(self, heap: Heap, place: tuple[int, int, int], said: Said, at: datetime, *, is_private: bool) -> None:
        item_id, answer_id, channel_id = place
        kind, officer = ItemKind.MESSAGE if is_private else ItemKind.COMMENT, self.yard.officer.id
        heap.add(
            *("item", item_id, 4, channel_id, f"asked_{item_id}", kind.value, None, None, None),
            *(f"asked_{item_id}" if is_private else None, None, False, False, False, not is_private, "[]"),
            *(at, at, at, at, 1, CaseState.DONE.value, 0, Outcome.KEEP.value, Category.QUESTION.value, True, None),
        )
        heap.add("item_text", item_id, 1, said.text, "0" * 32, "{}", at)
        approval = (1, item_id, 1, officer, at)
        heap.add("answer", answer_id, 3, item_id, AnswerState.PUBLISHED.value, 1, *approval, at, at)
        heap.add("answer_revision", answer_id, 1, f"{answer_id}: {said.text}", "0" * 32, officer, at)
        words = words_of(said.text)
        heap.add("earlier_answer", answer_id, item_id, is_private, " ".join(words), len(words))
        for word in words:
            heap.add("earlier_word", word, answer_id)

    def similar(self, is_quick: bool) -> list[Sample]:
        """The p95 of finding, asked by an expert, who sees what is public and nothing else."""
        questions = self.questions[: _QUICK if is_quick else ASKED]
        with self.yard.app.app_context():
            expert = db.session.scalars(select(User).where(User.email == "asiantuntija0@esimerkki.fi")).one()
            db.session.expunge(expert)
            asked = [partial(self._find, expert, question) for question in questions]
            for find in islice(asked, 5):
                find()
            return [Sample(p95([timed(find) for find in asked]))]

    def _find(self, person: User, question: str) -> None:
        db.session.remove()
        earlier_answers.similar(person, 0, question)


def sitting(shelf: Shelf, suffix: str = "", where: str = "") -> Sitting:
    """What is measured of a shelf; `suffix` and `where` tell it from that of another database."""
    title = f"samanlaiset vastaukset, p95, {written(shelf.answers)} vastausta{where}"
    return Sitting((Measurement(f"similar_answers{suffix}", title, "ms", Goal(50, False)),), shelf.similar)
