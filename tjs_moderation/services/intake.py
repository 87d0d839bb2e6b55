"""Takes in what channels and files bring: the ledger's unique key is the only dedupe, changed text makes a version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.ports import Incoming, IncomingPost
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.models import Author, Item, ItemText, Post
from tjs_moderation.services import placing
from tjs_moderation.services.transaction import Actor, Work, new_nonce, seal_of, transact


@dataclass(frozen=True, slots=True)
class IntakeCounts:
    """What came of a batch. `new` + `changed` + `duplicate` is its size."""

    new: int = 0
    changed: int = 0
    duplicate: int = 0

    def __add__(self, other: IntakeCounts) -> IntakeCounts:
        return IntakeCounts(self.new + other.new, self.changed + other.changed, self.duplicate + other.duplicate)


def take_in(actor: Actor, channel_id: int, batch: Sequence[Incoming]) -> IntakeCounts:
    """Take a batch of comments and messages in, in one transaction. The same batch again changes nothing.

    Of an id that stands in the batch twice the later text wins. Assessment is left to a worker, who is nudged.
    """
    with transact(actor) as work:
        intake = _Intake(work, channel_id, batch)
        counts = intake.run()
        if counts.new or counts.changed or intake.has_told_more:
            work.record("take_in", items=[item.id for item in intake.touched], channel=channel_id, texts=intake.sealed)
            work.nudge("assess")
    return counts


def take_in_posts(actor: Actor, channel_id: int, posts: Sequence[IncomingPost]) -> int:
    """Take in what a channel tells of our own posts; says how many were new or told something new."""
    with transact(actor) as work:
        known = _known_posts(work.session, channel_id, {post.external_id for post in posts})
        changed = sum(_tell_post(work.session, known, channel_id, post) for post in posts)
        if changed:
            work.record("take_in_posts", channel=channel_id, posts=changed)
    return changed


def clean(text: str) -> str:
    """Text as a database can keep it: NUL and lone surrogates, which no character is, become U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Intake:
    """One batch on its way in: finds what is known, adds what is new."""

    def __init__(self, work: Work, channel_id: int, batch: Sequence[Incoming]) -> None:
        self.work, self.session, self.channel_id, self.batch = work, work.session, channel_id, batch
        self.touched: list[Item] = []
        self.sealed: list[list[object]] = []
        self.has_told_more = False
        self.known = _by_external_id(self.session, channel_id, _ids(batch))
        self.texts = _current_texts(self.session, self.known.values())
        self.posts = _known_posts(self.session, channel_id, {entry.post_external_id for entry in batch})
        self.authors = _known_authors(self.session, channel_id, {entry.author_external_id for entry in batch})

    def run(self) -> IntakeCounts:
        new = changed = 0
        for entry in self.batch:
            item = self.known.get(entry.external_id)
            if item is None:
                self._add(entry)
                new += 1
            elif self._change(item, entry):
                changed += 1
        self._join_threads()
        placing.settle(self.work, self.touched)
        return IntakeCounts(new, changed, len(self.batch) - new - changed)

    def _add(self, entry: Incoming) -> None:
        item = Item(
            channel_id=self.channel_id,
            external_id=entry.external_id,
            kind=entry.kind,
            post_id=self._post_id(entry.post_external_id),
            parent_external_id=entry.parent_external_id,
            conversation_external_id=entry.conversation_external_id,
            author_id=self._author_id(entry),
            is_own=entry.is_own,
            is_hidden=bool(entry.is_hidden),
            can_hide=entry.can_hide,
            permalink=entry.permalink,
            attachments=[asdict(attachment) for attachment in entry.attachments],
            created_at=entry.created_at,
            received_at=self.work.now,
            sorted_at=entry.created_at or self.work.now,
            changed_at=self.work.now,
            state=CaseState.ARRIVED,
            text_version=1,
        )
        self.session.add(item)
        self.session.flush()
        self.work.count(item, +1)
        self.known[entry.external_id] = item
        self._add_text(item, entry)

    def _change(self, item: Item, entry: Incoming) -> bool:
        """Bring a known item up to date; True where its text is another one now."""
        told = {"is_hidden": entry.is_hidden, "can_hide": entry.can_hide, "permalink": entry.permalink}
        for name, value in told.items():
            if value is not None and getattr(item, name) != value:
                setattr(item, name, value)
                self.has_told_more = True
        if self.texts[item.id] == clean(entry.text):
            if self.has_told_more and item not in self.touched:
                self.touched.append(item)
            return False
        item.text_version += 1
        # What was thought of the old text says nothing of the new one.
        item.outcome, item.category, item.is_question = None, None, False
        self._add_text(item, entry)
        return True

    def _add_text(self, item: Item, entry: Incoming) -> None:
        text = clean(entry.text)
        nonce = new_nonce()
        self.session.add(
            ItemText(
                item_id=item.id,
                number=item.text_version,
                text=text,
                nonce=nonce,
                raw=dict(entry.raw),
                seen_at=self.work.now,
            ),
        )
        self.texts[item.id] = text
        self.sealed.append([item.id, item.text_version, seal_of(nonce, text)])
        if item not in self.touched:
            self.touched.append(item)

    def _post_id(self, external_id: str | None) -> int | None:
        if external_id is None:
            return None
        if external_id not in self.posts:
            post = Post(channel_id=self.channel_id, external_id=external_id)
            self.session.add(post)
            self.session.flush()
            self.posts[external_id] = post
        return self.posts[external_id].id

    def _author_id(self, entry: Incoming) -> int | None:
        if entry.author_external_id is None:
            return None
        author = self.authors.get(entry.author_external_id)
        if author is None:
            author = Author(channel_id=self.channel_id, external_id=entry.author_external_id, name="")
            self.session.add(author)
            self.authors[entry.author_external_id] = author
        if entry.author_name:
            author.name = clean(entry.author_name)[:300]
        self.session.flush()
        return author.id

    def _join_threads(self) -> None:
        """Hang replies under their parents, whichever of the two came first."""
        added = {item.external_id: item for item in self.touched}
        wanted = {
            item.parent_external_id for item in self.touched if item.parent_id is None and item.parent_external_id
        }
        parents = _by_external_id(self.session, self.channel_id, wanted) | added
        waiting = self.session.scalars(
            select(Item).where(
                Item.channel_id == self.channel_id,
                Item.parent_external_id.in_(added),
                Item.parent_id.is_(None),
            ),
        )
        for item in [*self.touched, *waiting]:
            parent = parents.get(item.parent_external_id or "")
            if parent is not None and item.parent_id is None and parent is not item:
                item.parent_id = parent.id


def _ids(batch: Sequence[Incoming]) -> set[str]:
    return {entry.external_id for entry in batch}


def _by_external_id(session: Session, channel_id: int, ids: Iterable[str | None]) -> dict[str, Item]:
    wanted = [external_id for external_id in ids if external_id is not None]
    found = session.scalars(
        select(Item)
        .where(Item.channel_id == channel_id, Item.external_id.in_(wanted))
        .order_by(Item.id)
        .with_for_update(),
    )
    return {item.external_id: item for item in found}


def _current_texts(session: Session, items: Iterable[Item]) -> dict[int, str]:
    ids = [item.id for item in items]
    found = session.execute(
        select(ItemText.item_id, ItemText.text)
        .join(Item, Item.id == ItemText.item_id)
        .where(ItemText.item_id.in_(ids), ItemText.number == Item.text_version),
    )
    return dict(found.tuples().all())


def _known_posts(session: Session, channel_id: int, ids: Iterable[str | None]) -> dict[str, Post]:
    wanted = [external_id for external_id in ids if external_id is not None]
    found = session.scalars(select(Post).where(Post.channel_id == channel_id, Post.external_id.in_(wanted)))
    return {post.external_id: post for post in found}


def _known_authors(session: Session, channel_id: int, ids: Iterable[str | None]) -> dict[str, Author]:
    wanted = [external_id for external_id in ids if external_id is not None]
    found = session.scalars(select(Author).where(Author.channel_id == channel_id, Author.external_id.in_(wanted)))
    return {author.external_id: author for author in found}


def _tell_post(session: Session, known: dict[str, Post], channel_id: int, told: IncomingPost) -> bool:
    post = known.get(told.external_id)
    if post is None:
        post = Post(channel_id=channel_id, external_id=told.external_id)
        known[told.external_id] = post
        session.add(post)
    values: dict[str, str | datetime | None] = {
        "text": clean(told.text),
        "permalink": told.permalink,
        "created_at": told.created_at,
    }
    fresh = {name: value for name, value in values.items() if value and getattr(post, name) != value}
    for name, value in fresh.items():
        setattr(post, name, value)
    return bool(fresh)
