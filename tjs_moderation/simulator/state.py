"""The simulated page's memory and what can happen to it: by its visitors and, through the Graph API, by its keepers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import TypedDict, Unpack

from tjs_moderation.simulator.moments import MovableClock
from tjs_moderation.simulator.objects import Comment, Conversation, Message, PageNode, Person, Post, Thing

_FIRST_POST, _FIRST_COMMENT, _FIRST_PERSON = 500_000, 700_000, 9_000_000


class PostDetails(TypedDict, total=False):
    """What else a post may have; the fields of Post."""

    author: Person | None
    is_published: bool
    publish_at: datetime | None
    link: str
    shares: int
    reactions: dict[str, int]


class CommentDetails(TypedDict, total=False):
    """What else a comment may have; the fields of Comment."""

    is_hidden: bool
    can_hide: bool | None
    shows_author: bool
    likes: int
    attachment: Mapping[str, object] | None


class PageState:
    """One page in memory. Every method takes the one lock; whoever reads several things together holds `lock`.

    Ids are the last segments of the Graph API's ids; `find` and every method that takes an id accept all forms of it.
    """

    def __init__(
        self, page_id: str = "1000", page_name: str = "Harjoitussivu", clock: MovableClock | None = None
    ) -> None:
        self.page = PageNode(page_id, page_name)
        self.clock = clock or MovableClock()
        self.subscribed_fields: tuple[str, ...] = ()
        self.lock = threading.RLock()
        self.watch: Callable[[str, Thing], None] = lambda verb, thing: None
        """Called with what happened (`add`, `edited`, `hide`, `unhide`, `remove`) and to what, while `lock` is held."""
        self.posts: dict[str, Post] = {}
        self.comments: dict[str, Comment] = {}
        self.conversations: dict[str, Conversation] = {}
        self.people: dict[str, Person] = {}
        self._people_by_name: dict[str, Person] = {}
        self._comments_of_post: dict[str, list[Comment]] = {}
        self._messages: dict[str, Message] = {}
        self._sequence = count(1)

    def rename(self, name: str) -> None:
        """Give the page another name."""
        with self.lock:
            self.page = PageNode(self.page.id, name)

    def posts_of(self, *, with_everything: bool) -> list[Post]:
        """The page's own published posts or, with everything, also visitors' and unpublished ones; oldest first."""
        with self.lock:
            now = self.clock.now()
            wanted = [
                each
                for each in self.posts.values()
                if not each.is_deleted and (with_everything or (each.author is None and each.is_out(now)))
            ]
            return sorted(wanted, key=lambda each: (each.created_at, each.sequence))

    @property
    def page_person(self) -> Person:
        """The page as an author."""
        return Person(self.page.id, self.page.name)

    def meet(self, name: str, person_id: str | None = None) -> Person:
        """The person of this id or, without one, of this name; made known on first meeting."""
        with self.lock:
            known = self.people.get(person_id) if person_id else self._people_by_name.get(name)
            if known is not None:
                return known
            person = Person(person_id or str(_FIRST_PERSON + len(self.people)), name)
            self.people[person.id] = person
            self._people_by_name.setdefault(name, person)
            return person

    def publish(
        self,
        message: str,
        *,
        post_id: str | None = None,
        created_at: datetime | None = None,
        **details: Unpack[PostDetails],
    ) -> Post:
        """A new post, the page's own unless it has an author. An unpublished one goes out by itself at `publish_at`.

        Raises ValueError when the id is taken.
        """
        with self.lock:
            sequence = next(self._sequence)
            at = created_at or self.clock.now()
            new_id = self._free_id(post_id or str(_FIRST_POST + sequence))
            post = Post(new_id, message, at, sequence, at, **details)
            self.posts[post.id] = post
            self._comments_of_post[post.id] = []
            self.watch("add", post)
            return post

    def comment(
        self,
        target_id: str,
        author: Person,
        message: str,
        *,
        comment_id: str | None = None,
        created_at: datetime | None = None,
        **details: Unpack[CommentDetails],
    ) -> Comment:
        """A new comment under a post, or a reply under a comment. Raises LookupError when there is no such thing."""
        with self.lock:
            post_id, parent_id = self._place_under(target_id)
            sequence = next(self._sequence)
            new_id = self._free_id(comment_id or str(_FIRST_COMMENT + sequence))
            at = created_at or self.clock.now()
            comment = Comment(new_id, post_id, parent_id, author, message, at, sequence, **details)
            if author.id == self.page.id:
                comment.can_hide = False
            self.comments[comment.id] = comment
            self._comments_of_post[comment.post_id].append(comment)
            self.watch("add", comment)
            return comment

    def edit(self, comment_id: str, message: str) -> Comment:
        """Put other words into a comment, as its writer may."""
        with self.lock:
            comment = self._existing(comment_id)
            comment.message, comment.is_edited = message, True
            self.watch("edited", comment)
            return comment

    def set_hidden(self, comment_id: str, is_hidden: bool) -> bool:
        """Hide or show; False where the page refuses it (its own comments, those that cannot be hidden)."""
        with self.lock:
            comment = self._existing(comment_id)
            if comment.can_hide is False:
                return False
            if comment.is_hidden is not is_hidden:
                comment.is_hidden = is_hidden
                self.watch("hide" if is_hidden else "unhide", comment)
            return True

    def remove(self, comment_id: str) -> None:
        """Delete a comment and everything under it."""
        with self.lock:
            comment = self._existing(comment_id)
            for below in self.under(comment, every_level=True):
                below.is_deleted = True
            comment.is_deleted = True
            self.watch("remove", comment)

    def remove_post(self, post_id: str) -> None:
        """Delete a post and every comment under it, as whoever wrote it may. Told is the post alone."""
        with self.lock:
            match self.find(post_id):
                case Post() as post:
                    for below in self.under(post, every_level=True):
                        below.is_deleted = True
                    post.is_deleted = True
                    self.watch("remove", post)
                case _:
                    raise LookupError(post_id)

    def write(
        self,
        person: Person,
        text: str,
        *,
        is_from_page: bool = False,
        message_id: str | None = None,
        created_at: datetime | None = None,
        extras: Mapping[str, object] | None = None,
    ) -> Message:
        """A private message between the page and a person, from the person unless told otherwise."""
        with self.lock:
            sequence = next(self._sequence)
            conversation = self.open_conversation(person, created_at=created_at)
            at = created_at or self.clock.now()
            new_id = message_id or f"m_{sequence:08d}"
            if new_id in self._messages:
                raise ValueError(f"the id {new_id} is taken")
            message = Message(new_id, conversation.id, is_from_page, text, at, sequence, extras or {})
            conversation.messages.append(message)
            conversation.messages.sort(key=lambda each: (each.created_at, each.sequence))
            self._messages[message.id] = message
            self.watch("add", message)
            return message

    def open_conversation(
        self, person: Person, conversation_id: str | None = None, created_at: datetime | None = None
    ) -> Conversation:
        """The conversation with this person, begun if there was none."""
        with self.lock:
            known = self.conversation_with(person.id)
            if known is not None:
                return known
            sequence = next(self._sequence)
            new_id = conversation_id or f"t_{sequence:08d}"
            conversation = Conversation(new_id, person, sequence, created_at or self.clock.now())
            self.conversations[conversation.id] = conversation
            return conversation

    def conversation_with(self, person_id: str) -> Conversation | None:
        """The conversation with the person of this id, if there is one."""
        with self.lock:
            return next((each for each in self.conversations.values() if each.person.id == person_id), None)

    def under(self, thing: Post | Comment, *, every_level: bool = False) -> list[Comment]:
        """What hangs from a post or a comment, oldest first; gravestones included."""
        with self.lock:
            whole = self._comments_of_post[thing.id if isinstance(thing, Post) else thing.post_id]
            if isinstance(thing, Post):
                found: Iterable[Comment] = whole if every_level else (each for each in whole if each.parent_id is None)
            elif every_level:
                found = self._branch(thing, whole)
            else:
                found = (each for each in whole if each.parent_id == thing.id)
            return sorted(found, key=lambda each: (each.created_at, each.sequence))

    def find(self, any_id: str) -> Thing | None:
        """The thing of this id in any of its forms; what was deleted is not found."""
        with self.lock:
            if any_id in (self.page.id, "me"):
                return self.page
            if any_id in self.conversations:
                return self.conversations[any_id]
            if any_id in self._messages:
                return self._messages[any_id]
            *before, last = any_id.split("_")
            comment = self.comments.get(last)
            if comment is not None and not comment.is_deleted and (not before or before[-1] == comment.post_id):
                return comment
            post = self.posts.get(last) if before in ([], [self.page.id]) else None
            return None if post is None or post.is_deleted else post

    def _place_under(self, target_id: str) -> tuple[str, str | None]:
        """The post, and the comment above if it is a reply."""
        match self.find(target_id):
            case Post() as post:
                return post.id, None
            case Comment() as comment:
                return comment.post_id, comment.id
            case _:
                raise LookupError(target_id)

    def _existing(self, comment_id: str) -> Comment:
        match self.find(comment_id):
            case Comment() as comment:
                return comment
            case _:
                raise LookupError(comment_id)

    def _free_id(self, wanted: str) -> str:
        last = wanted.rsplit("_", 1)[-1]
        if last in self.posts or last in self.comments or last == self.page.id:
            raise ValueError(f"the id {last} is taken")
        return last

    @staticmethod
    def _branch(root: Comment, whole: list[Comment]) -> list[Comment]:
        by_parent: dict[str | None, list[Comment]] = {}
        for each in whole:
            by_parent.setdefault(each.parent_id, []).append(each)
        branch: list[Comment] = []
        waiting = [root.id]
        while waiting:
            children = by_parent.get(waiting.pop(), [])
            branch += children
            waiting += [child.id for child in children]
        return branch
