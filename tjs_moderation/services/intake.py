"""Takes in what channels and files bring: the ledger's unique key is the only dedupe, changed text makes a version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select, union, update
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.case import Facts, place
from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.ports import Incoming, IncomingPost
from tjs_moderation.domain.tally import Measure
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.errors import ConflictError
from tjs_moderation.models import Item, ItemText, Post
from tjs_moderation.services import placing, post_counts
from tjs_moderation.services.tallying import arrival_key
from tjs_moderation.services.transaction import Actor, Work, transact
from tjs_moderation.services.writers import Writers

ATTEMPTS = 3
"""How often a batch is tried where somebody else brings the same things at the same moment."""

_Told = TypeVar("_Told", Incoming, IncomingPost)
_Parent = aliased(Item)


@dataclass(frozen=True, slots=True)
class IntakeCounts:
    """What came of a batch. `new` + `changed` + `duplicate` is its size."""

    new: int = 0
    changed: int = 0
    duplicate: int = 0

    def __add__(self, other: IntakeCounts) -> IntakeCounts:
        return IntakeCounts(self.new + other.new, self.changed + other.changed, self.duplicate + other.duplicate)


def take_in(
    actor: Actor,
    channel_id: int,
    batch: Sequence[Incoming],
    *,
    keeps_known_texts: bool = False,
    is_live: bool = False,
) -> IntakeCounts:
    """Take a batch of comments and messages in, in one transaction. The same batch again changes nothing.

    Of an id that stands in the batch twice the later text wins; with `keeps_known_texts`, for what may be told late,
    the one that is known does. `is_live`: all of it stands on the channel now, so what was taken for gone is not.
    Assessment is left to a worker, who is nudged. A batch is a few hundred: its ids go into one statement. Raises
    ConflictError where it was overtaken time and again.
    """
    told = [_storable(entry) for entry in batch]
    for _ in range(ATTEMPTS - 1):
        try:
            return _take_in(actor, channel_id, told, keeps_known_texts, is_live)
        except ConflictError:
            # Whoever was faster has committed: what they brought is known now.
            continue
    return _take_in(actor, channel_id, told, keeps_known_texts, is_live)


def _take_in(
    actor: Actor, channel_id: int, batch: Sequence[Incoming], keeps_known_texts: bool, is_live: bool
) -> IntakeCounts:
    with transact(actor) as work:
        intake = _Intake(work, channel_id, batch, keeps_known_texts, is_live)
        counts = intake.run()
        if intake.touched:
            work.record("take_in", items=intake.touched, channel=channel_id, texts=intake.sealed)
            work.nudge("assess")
            work.nudge("index")
    return counts


def take_in_posts(actor: Actor, channel_id: int, posts: Sequence[IncomingPost]) -> int:
    """Take in what a channel tells of our own posts; says how many were new or told something new."""
    told = [_storable(post) for post in posts]
    with transact(actor) as work:
        known = _known_posts(work.session, channel_id, [post.external_id for post in told])
        changed = 0
        for post in told:
            if post.external_id not in known:
                known[post.external_id] = Post(channel_id=channel_id, external_id=post.external_id, text="")
                work.session.add(known[post.external_id])
            changed += _tell_post(known[post.external_id], post)
        work.session.flush()
        post_counts.keep(work, {known[post.external_id].id: post.counts for post in told})
        if changed:
            work.record("take_in_posts", channel=channel_id, posts=changed)
            work.nudge("index")
        else:
            # How often a post was shared or liked is watched, not proved.
            work.leave_no_entry()
    return changed


class _Intake:
    """One batch on its way in: finds what is known, adds what is new. A fixed number of statements for any batch."""

    def __init__(
        self, work: Work, channel_id: int, batch: Sequence[Incoming], keeps_known_texts: bool, is_live: bool
    ) -> None:
        self.keeps_known_texts, self.is_live = keeps_known_texts, is_live
        self.work, self.session, self.channel_id, self.batch = work, work.session, channel_id, batch
        self.touched: list[int] = []
        self.sealed: list[list[object]] = []
        self.texts: list[dict[str, object]] = []
        self.writers = Writers(work, channel_id)
        self.known = _known_items(self.session, channel_id, {entry.external_id for entry in batch})

    def run(self) -> IntakeCounts:
        fresh: dict[str, Incoming] = {}
        later: list[Incoming] = []
        for entry in self.batch:
            if entry.external_id in self.known or entry.external_id in fresh:
                later.append(entry)
            else:
                fresh[entry.external_id] = entry
        if fresh:
            self._add(fresh)
        changed = self._bring_up_to_date(later, fresh)
        if self.texts:
            self.session.execute(insert(ItemText), self.texts)
        return IntakeCounts(len(fresh), changed, len(later) - changed)

    def _add(self, fresh: Mapping[str, Incoming]) -> None:
        posts = _post_ids(self.session, self.channel_id, [entry.post_external_id for entry in fresh.values()])
        authors = self.writers.ids_of(fresh.values())
        rows = [
            self._new_row(entry, posts.get(entry.post_external_id), authors.get(entry.author_external_id))
            for entry in fresh.values()
        ]
        # Without `render_nulls` there would be a statement for every way in which rows leave something out.
        statement = insert(Item).returning(Item.external_id, Item.id).execution_options(render_nulls=True)
        ids = dict(self.session.execute(statement, rows).all())
        for entry in fresh.values():
            self.work.count(_place_new(entry), None, +1)
            came_at = entry.created_at or self.work.now
            self.work.tallies.count(Measure.ARRIVED, came_at, arrival_key(None, is_own=entry.is_own))
            self._add_text(ids[entry.external_id], 1, entry, authors.get(entry.author_external_id))
        self._join_threads(list(fresh))

    def _new_row(self, entry: Incoming, post_id: int | None, author_id: int | None) -> dict[str, object]:
        return {
            "version": 1,
            "channel_id": self.channel_id,
            "external_id": entry.external_id,
            "kind": entry.kind,
            "post_id": post_id,
            "parent_external_id": entry.parent_external_id,
            "conversation_external_id": entry.conversation_external_id,
            "author_id": author_id,
            "is_own": entry.is_own,
            "is_hidden": bool(entry.is_hidden),
            "can_hide": entry.can_hide,
            "permalink": entry.permalink,
            "attachments": [asdict(attachment) for attachment in entry.attachments],
            "created_at": entry.created_at,
            "received_at": self.work.now,
            "sorted_at": entry.created_at or self.work.now,
            "changed_at": self.work.now,
            "state": _place_new(entry),
            "text_version": 1,
        }

    def _bring_up_to_date(self, later: Sequence[Incoming], fresh: Mapping[str, Incoming]) -> int:
        """Compare `later` with what is known by now, this batch's own new items included; how many texts changed."""
        twice = {entry.external_id for entry in later if entry.external_id in fresh}
        items = self.known | _known_items(self.session, self.channel_id, twice) if twice else self.known
        texts = _current_texts(self.session, self.known.values()) | {
            item.id: fresh[external_id].text for external_id, item in items.items() if external_id in twice
        }
        nameless = [entry for entry in later if _is_nameless(items[entry.external_id])]
        authors = self.writers.ids_of(nameless)
        self.writers.meet(item.author_id for item in self._edited(later, items, texts))
        told: dict[int, Item] = {}
        changed = 0
        for entry in later:
            item = items[entry.external_id]
            if _tell(item, entry, authors.get(entry.author_external_id), is_live=self.is_live):
                told[item.id] = item
            if self._is_edited(item, entry, texts):
                texts[item.id] = entry.text
                self._change(item, entry)
                told[item.id] = item
                changed += 1
        self.touched += [item_id for item_id in told if item_id not in self.touched]
        placing.settle(self.work, told.values())
        return changed

    def _edited(self, later: Sequence[Incoming], items: Mapping[str, Item], texts: Mapping[int, str]) -> list[Item]:
        told = ((items[entry.external_id], entry) for entry in later)
        return [item for item, entry in told if self._is_edited(item, entry, texts)]

    def _is_edited(self, item: Item, entry: Incoming, texts: Mapping[int, str]) -> bool:
        """Whether an entry gives a known item another text. What was erased stays so, whatever is told of it."""
        return item.erased_at is None and not self.keeps_known_texts and texts[item.id] != entry.text

    def _change(self, item: Item, entry: Incoming) -> None:
        """Give an item a new version of its text. What was thought of the old one says nothing of the new."""
        item.text_version += 1
        item.outcome, item.category, item.is_question = None, None, False
        self._add_text(item.id, item.text_version, entry, item.author_id)

    def _add_text(self, item_id: int, number: int, entry: Incoming, author_id: int | None) -> None:
        nonce, is_keyed, seal = self.writers.sealed(author_id, entry.text)
        self.texts.append(
            {
                "item_id": item_id,
                "number": number,
                "text": entry.text,
                "nonce": nonce,
                "raw": dict(entry.raw),
                "seen_at": self.work.now,
                "is_keyed": is_keyed,
            },
        )
        self.sealed.append([item_id, number, seal])
        if number == 1:
            self.touched.append(item_id)

    def _join_threads(self, fresh: Sequence[str]) -> None:
        """Hang replies under their parents, whichever of the two came first. One statement."""
        parent_id = (
            select(_Parent.id)
            .where(_Parent.channel_id == Item.channel_id, _Parent.external_id == Item.parent_external_id)
            .correlate(Item)
            .scalar_subquery()
        )
        ours = select(Item.id).where(Item.channel_id == self.channel_id)
        # Each half has its index. Said as one condition, SQLite walks through everything that has no parent.
        touched = union(ours.where(Item.external_id.in_(fresh)), ours.where(Item.parent_external_id.in_(fresh)))
        self.session.execute(
            update(Item)
            .where(Item.id.in_(touched.subquery().select()), Item.parent_id.is_(None))
            .where(Item.parent_external_id != Item.external_id, parent_id.is_not(None))
            .values(parent_id=parent_id)
            .execution_options(synchronize_session=False),
        )


def _place_new(entry: Incoming) -> CaseState:
    return place(Facts(outcome=None, is_own=entry.is_own))


def _is_nameless(item: Item) -> bool:
    return item.author_id is None and item.erased_at is None


def _tell(item: Item, entry: Incoming, author_id: int | None, *, is_live: bool) -> bool:
    """Write down what a channel tells of a known item besides its text; True where it is new to us.

    Who wrote it can come later than what they wrote: a channel leaves the author out while it cannot show them. Of an
    item that was erased it is told whether it still stands there, and nothing of what it was.
    """
    told: dict[str, bool | int | str | None] = {
        "author_id": item.author_id or author_id,
        "is_own": entry.is_own or None,
        "is_gone": False if is_live else None,
        "is_hidden": entry.is_hidden,
        "can_hide": entry.can_hide,
        "permalink": entry.permalink,
    }
    if item.erased_at is not None:
        del told["author_id"], told["permalink"]
    fresh = {name: value for name, value in told.items() if value is not None and getattr(item, name) != value}
    for name, value in fresh.items():
        setattr(item, name, value)
    return bool(fresh)


def _storable(entry: _Told) -> _Told:
    """What was told, in characters that a database can keep."""
    words = {field.name: getattr(entry, field.name) for field in fields(entry)}
    # Of `kind`, which is a word of ours, nothing has to be mended: only what is a plain string came from outside.
    mended: dict[str, Any] = {
        name: storable(word) for name, word in words.items() if type(word) is str and storable(word) != word
    }
    return replace(entry, **mended) if mended else entry


def _known_items(session: Session, channel_id: int, external_ids: Iterable[str]) -> dict[str, Item]:
    found = session.scalars(
        select(Item)
        .where(Item.channel_id == channel_id, Item.external_id.in_(external_ids))
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
    return dict(found.all())


def _known_posts(session: Session, channel_id: int, external_ids: Iterable[str]) -> dict[str, Post]:
    found = session.scalars(select(Post).where(Post.channel_id == channel_id, Post.external_id.in_(external_ids)))
    return {post.external_id: post for post in found}


def _post_ids(session: Session, channel_id: int, external_ids: Iterable[str | None]) -> dict[str | None, int]:
    """The ids of the posts called so; one that nobody has told of yet is begun, with its name alone."""
    wanted = dict.fromkeys(external_id for external_id in external_ids if external_id is not None)
    known = select(Post.external_id, Post.id).where(Post.channel_id == channel_id, Post.external_id.in_(wanted))
    ids: dict[str | None, int] = dict(session.execute(known).all())
    rows = [{"channel_id": channel_id, "external_id": name, "text": ""} for name in wanted if name not in ids]
    return ids | (dict(session.execute(insert(Post).returning(Post.external_id, Post.id), rows).all()) if rows else {})


def _tell_post(post: Post, told: IncomingPost) -> bool:
    """Write down what a channel tells of a post; True where it is new to us."""
    values: dict[str, str | datetime | None] = {
        "text": told.text,
        "permalink": told.permalink,
        "created_at": told.created_at,
    }
    fresh = {name: value for name, value in values.items() if value and getattr(post, name) != value}
    for name, value in fresh.items():
        setattr(post, name, value)
    return bool(fresh) or post.id is None
