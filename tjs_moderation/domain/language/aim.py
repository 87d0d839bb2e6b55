"""At whom words are aimed, and in whose mouth they are put.

Finnish says these things with verb endings, cases and word order; no single word decides alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from tjs_moderation.domain.language.manner import Manner, is_called_so, is_imagined, is_quoted, is_told_of, manner_of
from tjs_moderation.domain.language.sight import Sight
from tjs_moderation.domain.language.target import Target, target_of
from tjs_moderation.domain.language.utterance import Utterance


@dataclass(frozen=True, slots=True)
class Aim:
    """At whom the words are aimed, and in whose mouth they are put."""

    target: Target
    manner: Manner


def aim(utterance: Utterance, first: int, last: int) -> Aim:
    """The aim of the words `first` to `last` (indices, inclusive) of an utterance."""
    sight = Sight(utterance, first, last)
    if is_quoted(sight):
        # Whoever is spoken to inside another's words is not spoken to by the writer.
        target = Target.PERSON if is_told_of(sight) else target_of(sight)
        return Aim(target, Manner.QUOTED)
    manner = manner_of(sight)
    is_told = manner in (Manner.REPORTED, Manner.SUPPOSED) and is_imagined(sight)
    is_told = is_told or (manner is Manner.REPORTED and is_called_so(sight))
    return Aim(Target.PERSON if is_told else target_of(sight), manner)
