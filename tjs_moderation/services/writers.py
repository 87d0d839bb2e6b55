"""The people who wrote what comes in: found or begun, by the names told last, each with their key. A part of intake."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, insert, select

from tjs_moderation.domain.chain import text_key
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.models import Author
from tjs_moderation.services import person_keys
from tjs_moderation.services.person_keys import KeyRing
from tjs_moderation.services.transaction import Work, new_nonce, seal_of

NAME_LIMIT = 300
"""How much of a name is kept, in characters."""

_KNOWN = select(Author).where(
    Author.channel_id == bindparam("channel"), Author.external_id.in_(bindparam("names", expanding=True))
)
_ADD = insert(Author).returning(Author.external_id, Author.id)


class Writers:
    """Those who wrote one batch of a channel. A fixed number of statements for any batch."""

    def __init__(self, work: Work, channel_id: int) -> None:
        self._work, self._channel_id = work, channel_id
        self._keys: dict[int, bytes | None] = {}
        self._ring: KeyRing | None = None

    def ids_of(self, entries: Iterable[Incoming]) -> dict[str | None, int]:
        """The ids of those who wrote `entries`, who go by the names that were told last."""
        names: dict[str, str] = {}
        for entry in entries:
            if entry.author_external_id is not None:
                known_as = names.get(entry.author_external_id, "")
                names[entry.author_external_id] = (entry.author_name or known_as)[:NAME_LIMIT]
        if not names:
            return {}
        asked = {"channel": self._channel_id, "names": list(names)}
        known = {author.external_id: author for author in self._work.session.scalars(_KNOWN, asked)}
        for external_id, author in known.items():
            author.name = names[external_id] or author.name
            self._know(author)
        ids: dict[str | None, int] = {author.external_id: author.id for author in known.values()}
        return ids | self._begin({name: names[name] for name in names if name not in known})

    def meet(self, author_ids: Iterable[int | None]) -> None:
        """Have the keys of these people at hand. One query, or none."""
        wanted = {author_id for author_id in author_ids if author_id is not None} - self._keys.keys()
        if wanted:
            for author in self._work.session.scalars(select(Author).where(Author.id.in_(wanted))):
                self._know(author)

    def sealed(self, author_id: int | None, text: str) -> tuple[str, bool, str | None]:
        """A new text's nonce, whether it is keyed to its writer, and its commitment (None for no text)."""
        nonce = new_nonce()
        person_key = self._keys.get(author_id or 0)
        key = text_key(person_key, nonce) if person_key else nonce
        return nonce, person_key is not None, seal_of(key, text)

    def _begin(self, names: dict[str, str]) -> dict[str | None, int]:
        if not names:
            return {}
        made = {external_id: self._keyring.new(self._channel_id, external_id) for external_id in names}
        rows = [
            {
                "channel_id": self._channel_id,
                "external_id": external_id,
                "name": name,
                "sealed_key": key[1] if (key := made[external_id]) else None,
            }
            for external_id, name in names.items()
        ]
        ids: dict[str | None, int] = dict(self._work.write(_ADD, rows).all())
        for external_id, key in made.items():
            self._keys[ids[external_id]] = key[0] if key else None
        return ids

    def _know(self, author: Author) -> None:
        """Open somebody's key; whoever has none yet, from before there were keys, is given one."""
        if author.sealed_key is None and author.erased_at is None:
            made = self._keyring.new(author.channel_id, author.external_id)
            key, author.sealed_key = made or (None, None)
            self._keys[author.id] = key
        else:
            self._keys[author.id] = self._keyring.open(author)

    @property
    def _keyring(self) -> KeyRing:
        if self._ring is None:
            self._ring = person_keys.ring_to_fill(self._work)
        return self._ring
