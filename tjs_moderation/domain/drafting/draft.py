"""A draft of an answer looked through: every check, in order, each remark weighed as the house has agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tjs_moderation.domain.drafting import blanks, links, manner, privacy, spelling, subjects, voice
from tjs_moderation.domain.drafting.remarks import ALWAYS_BLOCKING, CHOOSABLE, HINTS, Check, Found, Remark, Weight
from tjs_moderation.domain.language import DictionaryError, Utterance, read
from tjs_moderation.domain.ports import Assessment
from tjs_moderation.domain.rulebook.staff import staff_names
from tjs_moderation.domain.vocabulary import LinkState
from tjs_moderation.domain.window import Window

MOST_OF_A_KIND = 12
"""So many remarks of one check are told: more would hide the others."""

LAST_CALL = timedelta(hours=24)
"""So long before the window closes it is said."""

_ORDER = {weight: place for place, weight in enumerate(Weight)}


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the house has agreed on: which checks block, which subjects are not published, what contacts are its own."""

    blocking: frozenset[Check] = frozenset({Check.INSULTING})
    subjects: tuple[str, ...] = ()
    own_contacts: tuple[str, ...] = ()
    spells: bool = True
    opens_links: bool = True

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Agreement:
        """What was kept as `told`; the usual agreement where nothing was. What is not known any more is left out."""
        if kept is None:
            return cls()
        return cls(
            frozenset(check for check in CHOOSABLE if check in kept["blocking"]),
            tuple(kept["subjects"]),
            tuple(kept["own_contacts"]),
            spells=kept["spells"],
            opens_links=kept["opens_links"],
        )

    @property
    def told(self) -> dict[str, Any]:
        """The agreement as it is kept."""
        return {
            "blocking": [str(check) for check in CHOOSABLE if check in self.blocking],
            "subjects": list(self.subjects),
            "own_contacts": list(self.own_contacts),
            "spells": self.spells,
            "opens_links": self.opens_links,
        }

    def weight_of(self, check: Check) -> Weight:
        """How much a remark of this check weighs."""
        if check in HINTS:
            return Weight.HINT
        is_blocking = check in ALWAYS_BLOCKING or (check in CHOOSABLE and check in self.blocking)
        return Weight.BLOCKING if is_blocking else Weight.ADVISING


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and what is known around it.

    `limit` is what its channel takes in characters; `asker` the name of the person asked, where all will read the
    answer (else empty); `staff` the names of those who work here; `assessment` what the judge makes of the text;
    `links` what is known of links by address.
    """

    text: str
    limit: int
    now: datetime
    asker: str = ""
    staff: tuple[str, ...] = ()
    window: Window | None = None
    assessment: Assessment | None = None
    links: Mapping[str, LinkState] = field(default_factory=dict)


def remarks_on(draft: Draft, house: Agreement) -> tuple[Remark, ...]:
    """Everything to be said of a draft: first what blocks, then advice, then hints, each in the order of the text.

    Never raises: where there is no dictionary, one remark says that nobody has read the words.
    """
    kept: dict[tuple[Check, int, int], Remark] = {}
    counts: dict[Check, int] = {}
    for found in _everything(draft, house):
        key = found.check, *found.span
        counts[found.check] = counts.get(found.check, 0) + 1
        if key not in kept and counts[found.check] <= MOST_OF_A_KIND:
            start, end = found.span
            text, weight = draft.text[start:end], house.weight_of(found.check)
            kept[key] = Remark(found.check, weight, start, end, text, found.facts, found.reason)
    return tuple(sorted(kept.values(), key=lambda remark: (_ORDER[remark.weight], remark.start, remark.end)))


def _everything(draft: Draft, house: Agreement) -> Iterator[Found]:
    yield from _bounds(draft)
    yield from blanks.unfilled(draft.text)
    if house.opens_links:
        yield from links.links(draft.text, draft.links)
    if draft.assessment is not None:
        yield from manner.judged(draft.assessment)
    try:
        utterance = read(draft.text, _knows_nothing, staff_names(draft.staff) if draft.staff else None)
        yield from _of_words(utterance, draft, house)
    except DictionaryError:
        yield Found(Check.UNREAD)


def _knows_nothing(_: str) -> bool:
    """Nobody disguises words in our own answers."""
    return False


def _bounds(draft: Draft) -> Iterator[Found]:
    """Whether the channel would take it now."""
    length = len(draft.text.strip())
    if length > draft.limit:
        yield Found(Check.TOO_LONG, facts={"length": length, "limit": draft.limit})
    if draft.window is None:
        return
    if not draft.window.is_open(draft.now, is_by_person=True):
        yield Found(Check.WINDOW_CLOSED)
    elif draft.window.left(draft.now) <= LAST_CALL:
        yield Found(Check.WINDOW_CLOSING, facts={"closes_at": draft.window.closes_at})


def _of_words(utterance: Utterance, draft: Draft, house: Agreement) -> Iterator[Found]:
    yield from voice.first_person(utterance)
    yield from voice.signature(utterance)
    if house.subjects:
        yield from subjects.subjects(utterance, house.subjects)
    yield from privacy.personal_data(utterance, house.own_contacts)
    yield from privacy.asker(utterance, draft.asker)
    yield from manner.patronising(utterance)
    if house.spells:
        yield from spelling.unknown_words(utterance)
