"""The data of a member of the public: finding the person, what there is of them, and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.quoting import Quotations, is_whole_name
from tjs_moderation.domain.vocabulary import ItemKind, Permission
from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Author, Channel, Erasure, Item, ItemText, Note
from tjs_moderation.services import erasing, erasure_register, quotes, traces
from tjs_moderation.services.changes import check_actor
from tjs_moderation.services.transaction import Actor, Work, new_nonce, seal_of, transact

WHY_LIMIT = 2_000
FOUND_LIMIT = 30
_Said = aliased(Item)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the public as one channel tells, and how much they wrote there."""

    author: Author
    channel: Channel
    item_count: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What erasing a person would take away, in numbers; `named_count` others' texts name the person and stay."""

    person: Person
    comment_count: int
    message_count: int
    version_count: int
    note_count: int
    quote_count: int
    named_count: int
    trace_count: int
    has_whole_name: bool


def find_people(asked: str, limit: int = FOUND_LIMIT) -> Sequence[Person]:
    """The people whose name holds these words, or whose id on the channel or here it is; those who wrote most first."""
    asked = asked.strip()
    if not asked:
        return ()
    named = Author.name.icontains(asked, autoescape=True)
    known_as: list[ColumnElement[bool]] = [named, Author.external_id == asked]
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        known_as.append(Author.id == int(asked))
    statement = _people().where(or_(*known_as), Author.erased_at.is_(None))
    rows = db.session.execute(statement.order_by(func.count(Item.id).desc(), Author.id).limit(limit))
    return [Person(*row) for row in rows]


def person(author_id: int) -> Person:
    """One person. Raises NotFoundError where there is none, or they were forgotten."""
    row = db.session.execute(_people().where(Author.id == author_id, Author.erased_at.is_(None))).one_or_none()
    if row is None:
        raise NotFoundError("person")
    return Person(*row)


def outlook(author_id: int) -> Outlook:
    """What erasing a person would take away. Raises NotFoundError as `person` does."""
    found, session = person(author_id), db.session()
    quotations = _quotations(session, found.author)
    ids = select(Item.id).where(_belongs_to(found.author))
    kinds = dict(session.execute(select(Item.kind, func.count()).where(Item.id.in_(ids)).group_by(Item.kind)).all())
    return Outlook(
        person=found,
        comment_count=kinds.get(ItemKind.COMMENT, 0),
        message_count=kinds.get(ItemKind.MESSAGE, 0),
        version_count=_count(session, select(func.count()).select_from(ItemText).where(ItemText.item_id.in_(ids))),
        note_count=_count(session, select(func.count()).select_from(Note).where(Note.item_id.in_(ids))),
        quote_count=quotes.count(session, quotations),
        named_count=_named_by_others(session, found.author),
        trace_count=traces.count(session, _external_ids(session, found.author)),
        has_whole_name=is_whole_name(found.author.name),
    )


def erase(actor: Actor, author_id: int, why: str) -> Erasure:
    """Forget a person: everything they wrote, whatever was written about it, their name, their key.

    What stays is the ledger, so that nothing comes back, and what happened when. Raises InvalidInputError where the
    reason is missing, NotFoundError, and TransitionError while an act of theirs is leaving.
    """
    why = storable(why.strip())
    if not why or len(why) > WHY_LIMIT:
        raise InvalidInputError("erasing_needs_why", limit=WHY_LIMIT)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_PRIVACY)
        author = work.session.scalars(select(Author).where(Author.id == author_id).with_for_update()).one_or_none()
        if author is None:
            raise NotFoundError("person")
        if author.erased_at is not None:
            raise TransitionError("erased_already")
        external_id = author.external_id
        erasure, items = forget(work, author, why)
        channel = work.session.get_one(Channel, author.channel_id).name
        erasure_register.note(work.now.isoformat(), channel, external_id, [item.external_id for item in items])
        work.record(
            "erase_person",
            items=[item.id for item in items],
            erasure=erasure.id,
            author=author.id,
            quotes=erasure.quote_count,
            why=seal_of(erasure.nonce, erasure.words),
        )
        work.nudge("scrub")
    return erasure


def forget(work: Work, author: Author, why: str) -> tuple[Erasure, Sequence[Item]]:
    """Take a person away; gives the erasure and the items. A part of verbs."""
    session = work.session
    quotations, external_ids = _quotations(session, author), _external_ids(session, author)
    items = session.scalars(select(Item).where(_belongs_to(author)).order_by(Item.id).with_for_update()).all()
    quoted = quotes.count(session, quotations)
    erasing.erase_items(work, items)
    quotes.take_out(work, quotations)
    traces.take_away(work, external_ids, quotations)
    erasure = Erasure(
        author_id=author.id,
        words=quotations.without(why),
        nonce=new_nonce(),
        item_count=len(items),
        quote_count=quoted,
        erased_by_id=work.actor.user_id,
        erased_at=work.now,
    )
    session.add(erasure)
    erasing.unname(work, author)
    session.flush()
    return erasure, items


def erasures(limit: int = 50) -> Sequence[Erasure]:
    """The newest erasures, newest first."""
    newest = select(Erasure).options(joinedload(Erasure.erased_by)).order_by(Erasure.id.desc()).limit(limit)
    return db.session.scalars(newest).all()


def _belongs_to(author: Author) -> ColumnElement[bool]:
    """The person's items, and what the page wrote to them in private."""
    theirs = Item.author_id == author.id
    conversations = select(_Said.conversation_external_id).where(
        _Said.author_id == author.id, _Said.kind == ItemKind.MESSAGE, _Said.conversation_external_id.is_not(None)
    )
    to_them = and_(
        Item.channel_id == author.channel_id,
        Item.is_own,
        Item.conversation_external_id.in_(conversations),
    )
    return or_(theirs, to_them)


def _quotations(session: Session, author: Author) -> Quotations:
    texts = select(ItemText.text).join(Item, Item.id == ItemText.item_id).where(Item.author_id == author.id)
    return Quotations([author.name], session.scalars(texts))


def _external_ids(session: Session, author: Author) -> set[str]:
    """Everything the channel calls the person and what they wrote."""
    return {author.external_id, *session.scalars(select(Item.external_id).where(Item.author_id == author.id))}


def _named_by_others(session: Session, author: Author) -> int:
    if not is_whole_name(author.name):
        return 0
    named = select(func.count(Item.id.distinct())).join(ItemText, ItemText.item_id == Item.id)
    others = Item.id.not_in(select(Item.id).where(_belongs_to(author)))
    return _count(session, named.where(others, ItemText.text.icontains(author.name, autoescape=True)))


def _count(session: Session, statement: Select[int]) -> int:
    return session.scalar(statement) or 0


def _people() -> Select[Author, Channel, int]:
    return (
        select(Author, Channel, func.count(Item.id))
        .join(Channel, Channel.id == Author.channel_id)
        .outerjoin(Item, Item.author_id == Author.id)
        .group_by(Author.id, Channel.id)
    )
