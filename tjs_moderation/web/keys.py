"""The keys as a page tells them: of each command its key and its words, and the places one can go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask, url_for
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.keys import Command, keymap
from tjs_moderation.domain.vocabulary import CaseState, Permission
from tjs_moderation.models import User
from tjs_moderation.web import queues

WORDS: Mapping[Command, object] = {
    Command.NEXT: _("seuraava"),
    Command.PREVIOUS: _("edellinen"),
    Command.KEEP: _("säilytä"),
    Command.REMOVE: _("poista näkyvistä; avaa perusteet, jos poistoa ei ehdoteta"),
    Command.WEIGH: _("jätä punnittavaksi"),
    Command.ROUTE: _("ohjaa asiantuntijalle"),
    Command.ANSWER: _("vastaa"),
    Command.SELECT: _("valitse"),
    Command.TAKE_BACK: _("peru viimeisin päätös tai ohjaus"),
    Command.FIND: _("haku"),
    Command.GO: _("siirry: paina tämän jälkeen paikan kirjainta"),
    Command.HELP: _("tämä ohje"),
}

QUEUE_KEYS: Mapping[CaseState, str] = {
    CaseState.REMOVAL: "p",
    CaseState.TROUBLE: "o",
    CaseState.APPROVAL: "h",
    CaseState.QUESTION: "k",
    CaseState.WEIGH: "w",
    CaseState.READ: "l",
    CaseState.ARRIVED: "i",
    CaseState.EXPERT: "a",
    CaseState.GOING_OUT: "m",
    CaseState.DONE: "v",
}
"""The letter of each queue, pressed after the key that goes."""

MORNING_KEY = "t"


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One command, its key and its words."""

    command: Command
    key: str
    words: object


@dataclass(frozen=True, slots=True)
class PlaceKey:
    """One place to go to: its letter, its name and its address."""

    key: str
    name: object
    address: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one person. Two who have the same, and the same queues to go to, are told the same."""

    person: User = field(compare=False)
    queues: Sequence[CaseState]
    are_on: bool
    chosen: Sequence[tuple[Command, str]]

    @property
    def commands(self) -> list[KeyEntry]:
        """Every command, in the order in which they are told."""
        return [KeyEntry(command, key, WORDS[command]) for command, key in self.chosen]

    @property
    def go(self) -> str:
        return dict(self.chosen)[Command.GO]

    @property
    def places(self) -> list[PlaceKey]:
        """The morning view, and the queues this person works with."""
        morning = PlaceKey(MORNING_KEY, _("Työpöytä"), url_for("morning.show"))
        return [morning, *(self._queue(state) for state in self.queues)]

    def _queue(self, state: CaseState) -> PlaceKey:
        name = queues.queue_name(self.person, state)
        return PlaceKey(QUEUE_KEYS[state], name, url_for("queues.show", state=state))


def keys_of(person: User) -> Keys:
    """The keys of somebody."""
    sees_items = person.may(Permission.SEE_ALL_ITEMS) or person.may(Permission.SEE_ROUTED_ITEMS)
    states = queues.queues_of(person) if sees_items else ()
    return Keys(person, states, person.has_keys, tuple(keymap(person.keys).items()))


def register(app: Flask) -> None:
    """Give the templates of `app` the function `keys_of`."""
    app.jinja_env.globals["keys_of"] = keys_of
