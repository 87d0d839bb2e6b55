"""Takes in what channels and files bring: the ledger's unique key is the only dedupe, changed text makes a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, false, insert, literal_column, select, union, update
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.case import Facts, place
from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.ports import Incoming, IncomingPost
from tjs_moderation.domain.tally import Measure
from tjs_moderation.errors import ConflictError
from tjs_moderation.models import Item, ItemText, Post
from tjs_moderation.services import placing, post_counts
from tjs_moderation.services.tallying import arrival_key
from tjs_moderation.services.transaction import Actor, Work, transact
from tjs_moderation.services.writers import Writers

ATTEMPTS = 3
"""How often a batch is tried where somebody else brings the same things at the same moment."""

_Told = TypeVar("_Told", Incoming, IncomingPost)
_NAMES = {told: [field.name for field in fields(told)] for told in (Incoming, IncomingPost)}
_PLACES = {is_own: place(Facts(outcome=None, is_own=is_own)) for is_own in (False, True)}
"""Where something new stands, by whether it is our own."""

_Known = Item | Row[*tuple[Any, ...]]
"""A known item: what was read of it, or the whole of it where something has to be written down."""

_Parent = aliased(Item)
_NAMED = Item.external_id.in_(bindparam("names", expanding=True))

_TOLD_OF = (Item.author_id, Item.is_own, Item.is_gone, Item.is_hidden, Item.can_hide, Item.permalink)
_KNOWN = (
    select(Item.id, Item.external_id, Item.erased_at, *_TOLD_OF)
    .where(Item.channel_id == bindparam("channel"), _NAMED)
    .order_by(Item.id)
    .with_for_update()
)
_MOVED = select(Item).where(Item.id.in_(bindparam("ids", expanding=True)))
_CURRENT_TEXTS = (
    select(ItemText.item_id, ItemText.text)
    .join(Item, Item.id == ItemText.item_id)
    .where(ItemText.item_id.in_(bindparam("ids", expanding=True)), ItemText.number == Item.text_version)
)
_KNOWN_POSTS = select(Post.external_id, Post.id).where(
    Post.channel_id == bindparam("channel"), Post.external_id.in_(bindparam("names", expanding=True))
)

# What is the same for all that is new is said once in the statement, not handed over with each row.
_ADD_ITEMS = (
    insert(Item)
    .values(
        version=literal_column("1"),
        text_version=literal_column("1"),
        urgency=literal_column("0"),
        is_gone=false(),
        is_question=false(),
    )
    .returning(Item.external_id, Item.id)
)
_ADD_POSTS = insert(Post).values(text=literal_column("''")).returning(Post.external_id, Post.id)
# What is given back is not looked at: asked for it, SQLAlchemy writes all rows by one statement, not by one for each.
_ADD_TEXTS = insert(ItemText).returning(ItemText.number)

_ITS_PARENT = (
    select(_Parent.id)
    .where(_Parent.channel_id == Item.channel_id, _Parent.external_id == Item.parent_external_id)
    .correlate(Item)
    .scalar_subquery()
)
_OURS = select(Item.id).where(Item.channel_id == bindparam("channel"))
_JOIN_THREADS = (
    update(Item)
    # Each half has its index. Said as one condition, SQLite walks through everything that has no parent.
    .where(
        Item.id.in_(
            union(
                _OURS.where(_NAMED),
                _OURS.where(Item.parent_external_id.in_(bindparam("parents", expanding=True))),
            )
            .subquery()
            .select()
        ),
        Item.parent_id.is_(None),
    )
    .where(Item.parent_external_id != Item.external_id, _ITS_PARENT.is_not(None))
    .values(parent_id=_ITS_PARENT)
)


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
        changed = self._bring_up_to_date(later, fresh) if later else 0
        if self.texts:
            self.work.write(_ADD_TEXTS, self.texts)
        return IntakeCounts(len(fresh), changed, len(later) - changed)

    def _add(self, fresh: Mapping[str, Incoming]) -> None:
        posts = self._post_ids(entry.post_external_id for entry in fresh.values())
        authors = self.writers.ids_of(fresh.values())
        rows = [
            self._new_row(entry, posts.get(entry.post_external_id), authors.get(entry.author_external_id))
            for entry in fresh.values()
        ]
        ids: dict[str, int] = dict(self.work.write(_ADD_ITEMS, rows).all())
        for entry in fresh.values():
            came_at = entry.created_at or self.work.now
            self.work.tallies.count(Measure.ARRIVED, came_at, arrival_key(None, is_own=entry.is_own))
            self._add_text(ids[entry.external_id], 1, entry, authors.get(entry.author_external_id))
        for is_own, many in Counter(entry.is_own for entry in fresh.values()).items():
            self.work.count(_PLACES[is_own], None, many)
        self._join_threads(fresh)

    def _post_ids(self, told: Iterable[str | None]) -> dict[str | None, int]:
        """The ids of the posts called so; one that nobody has told of yet is begun, with its name alone."""
        names = list(dict.fromkeys(name for name in told if name is not None))
        if not names:
            return {}
        found = self.session.execute(_KNOWN_POSTS, {"channel": self.channel_id, "names": names})
        ids: dict[str | None, int] = dict(found.all())
        rows = [{"channel_id": self.channel_id, "external_id": name} for name in names if name not in ids]
        return ids | (dict(self.work.write(_ADD_POSTS, rows).all()) if rows else {})

    def _new_row(self, entry: Incoming, post_id: int | None, author_id: int | None) -> dict[str, object]:
        return {
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
            "state": _PLACES[entry.is_own],
        }

    def _bring_up_to_date(self, later: Sequence[Incoming], fresh: Mapping[str, Incoming]) -> int:
        """Compare `later` with what is known by now, this batch's own new items included; how many texts changed."""
        twice = {entry.external_id for entry in later if entry.external_id in fresh}
        known = self.known | _known_items(self.session, self.channel_id, twice)
        texts = _current_texts(self.session, self.known.values()) | {known[name].id: fresh[name].text for name in twice}
        authors = self.writers.ids_of(entry for entry in later if _is_nameless(known[entry.external_id]))
        told = [(known[entry.external_id], entry, authors.get(entry.author_external_id)) for entry in later]
        edited = [item for item, entry, _ in told if self._is_edited(item, entry, texts)]
        self.writers.meet(item.author_id for item in edited)
        moved = {item.id for item in edited} | {
            item.id for item, entry, author in told if self._news(item, entry, author)
        }
        return self._move([(item.id, entry, author) for item, entry, author in told if item.id in moved], texts)

    def _move(self, told: Sequence[tuple[int, Incoming, int | None]], texts: dict[int, str]) -> int:
        """Write down what is new of known items, one after the other; how many texts changed."""
        moved = list(dict.fromkeys(item_id for item_id, *_ in told))
        if not moved:
            return 0
        items = {item.id: item for item in self.session.scalars(_MOVED, {"ids": moved})}
        changed = 0
        for item_id, entry, author_id in told:
            item = items[item_id]
            for name, value in self._news(item, entry, author_id).items():
                setattr(item, name, value)
            if self._is_edited(item, entry, texts):
                texts[item_id] = entry.text
                self._change(item, entry)
                changed += 1
        self.touched = list(dict.fromkeys([*self.touched, *moved]))
        placing.settle(self.work, items.values())
        return changed

    def _news(self, item: _Known, entry: Incoming, author_id: int | None) -> dict[str, bool | int | str]:
        """What a channel tells of a known item besides its text that is new to us.

        Who wrote it can come later than what they wrote: a channel leaves the author out while it cannot show them. Of
        an item that was erased it is told whether it still stands there, and nothing of what it was.
        """
        told: dict[str, bool | int | str | None] = {
            "author_id": item.author_id or author_id,
            "is_own": entry.is_own or None,
            "is_gone": False if self.is_live else None,
            "is_hidden": entry.is_hidden,
            "can_hide": entry.can_hide,
            "permalink": entry.permalink,
        }
        if item.erased_at is not None:
            del told["author_id"], told["permalink"]
        return {name: value for name, value in told.items() if value is not None and getattr(item, name) != value}

    def _is_edited(self, item: _Known, entry: Incoming, texts: Mapping[int, str]) -> bool:
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

    def _join_threads(self, fresh: Mapping[str, Incoming]) -> None:
        """Hang replies under their parents, whichever of the two came first. One statement."""
        replies = [name for name, entry in fresh.items() if entry.parent_external_id is not None]
        self.work.write(_JOIN_THREADS, {"channel": self.channel_id, "names": replies, "parents": list(fresh)})


def _is_nameless(item: _Known) -> bool:
    return item.author_id is None and item.erased_at is None


def _storable(entry: _Told) -> _Told:
    """What was told, in characters that a database can keep."""
    words = ((name, getattr(entry, name)) for name in _NAMES[type(entry)])
    # Of `kind`, which is a word of ours, nothing has to be mended: only what is a plain string came from outside.
    mended: dict[str, Any] = {
        name: kept for name, word in words if type(word) is str and (kept := storable(word)) is not word
    }
    return replace(entry, **mended) if mended else entry


def _known_items(session: Session, channel_id: int, names: Collection[str]) -> dict[str, _Known]:
    """What is known of the items called so, locked: columns alone, for most of what comes again tells nothing new."""
    if not names:
        return {}
    found = session.execute(_KNOWN, {"channel": channel_id, "names": list(names)})
    return {item.external_id: item for item in found}


def _current_texts(session: Session, items: Iterable[_Known]) -> dict[int, str]:
    ids = [item.id for item in items]
    return dict(session.execute(_CURRENT_TEXTS, {"ids": ids}).all()) if ids else {}


def _known_posts(session: Session, channel_id: int, external_ids: Iterable[str]) -> dict[str, Post]:
    found = session.scalars(select(Post).where(Post.channel_id == channel_id, Post.external_id.in_(external_ids)))
    return {post.external_id: post for post in found}


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
