"""Where what an answer says stands: kept with it for colleagues, never sent."""

from __future__ import annotations

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError, NotFoundError
from tjs_moderation.models import Answer
from tjs_moderation.services import answering
from tjs_moderation.services.reach import item_to_change
from tjs_moderation.services.transaction import transact, user

LONGEST = 4_000


def keep_sources(user_id: int, answer_id: int, sources: str) -> bool:
    """Keep the sources of an answer; gives whether anything became another. An approval stands: nothing of it leaves.

    InvalidInputError where they are too long; NotFoundError and NotAllowedError as for whoever writes the answer.
    """
    sources = storable(sources.strip())
    if len(sources) > LONGEST:
        raise InvalidInputError("ready_sources", limit=LONGEST)
    with transact(user(user_id)) as work:
        answer = work.session.get(Answer, answer_id)
        if answer is None:
            raise NotFoundError("answer")
        item = item_to_change(work, user_id, answer.item_id, None, Permission.DRAFT_ANSWER)
        answering.check_writer(work.session, user_id, item)
        work.session.refresh(answer, with_for_update=True)
        if answer.sources == sources:
            work.leave_no_entry()
            return False
        answer.sources = sources
        work.record("keep_sources", items=[item.id], answer=answer.id)
    return True
