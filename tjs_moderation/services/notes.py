"""Notes between colleagues on an item."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.mentions import handles_in
from tjs_moderation.domain.vocabulary import NoticeKind, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import Mention, Note, User
from tjs_moderation.services import notices
from tjs_moderation.services.reach import item_to_change
from tjs_moderation.services.transaction import Work, new_nonce, seal_of, transact, user

LIMIT = 10_000
"""The longest note, in characters."""


def write_note(user_id: int, item_id: int, text: str) -> int:
    """Write a note on an item; those it mentions find it on their desks. Gives the note's id.

    A note is no change to the item: it makes nobody's form stale. Raises InvalidInputError where it is empty, too long,
    or mentions somebody who is not here.
    """
    text = storable(text.strip())
    if not text:
        raise InvalidInputError("note_empty")
    if len(text) > LIMIT:
        raise InvalidInputError("note_too_long", limit=LIMIT, length=len(text))
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.WRITE_NOTE)
        wanted = handles_in(text)
        named = work.session.scalars(select(User).where(User.handle.in_(wanted), User.is_active)).all()
        strangers = wanted - {person.handle for person in named}
        if strangers:
            raise InvalidInputError("unknown_mention", handles=", ".join(f"@{handle}" for handle in sorted(strangers)))
        mentions = sorted(person.id for person in named if person.id != user_id)
        note = note_on(work, item.id, text, mentions)
        notices.tell_all(work, mentions, NoticeKind.MENTIONED, item.id, f"note:{note.id}")
        work.record("write_note", items=[item.id], note=note.id, text=seal_of(note.nonce, text), mentions=mentions)
    return note.id


def note_on(work: Work, item_id: int, text: str, mentions: Sequence[int]) -> Note:
    """Write a note by the person who acts, that names these people. A part of verbs: the entry is the verb's."""
    note = Note(item_id=item_id, text=text, nonce=new_nonce(), written_by_id=work.actor.id, written_at=work.now)
    work.session.add(note)
    work.session.flush()
    work.session.add_all(Mention(note_id=note.id, user_id=mentioned) for mentioned in mentions)
    work.nudge("index")
    return note


def see_mentions(user_id: int, item_id: int) -> None:
    """The person has opened the item: what named them there waits no longer. Leaves no entry."""
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        on_item = select(Note.id).where(Note.item_id == item_id)
        work.session.execute(
            update(Mention)
            .where(Mention.user_id == user_id, Mention.seen_at.is_(None), Mention.note_id.in_(on_item))
            .values(seen_at=work.now)
            .execution_options(synchronize_session=False),
        )
