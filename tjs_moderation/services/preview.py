"""A sentence somebody types, as the rules see it: those in force, and a draft where there is one. Nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tjs_moderation.domain.language import Target
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.preview import targets_of
from tjs_moderation.errors import Fault, FaultsError
from tjs_moderation.services.assessment import unjudged
from tjs_moderation.services.rules import live_rules
from tjs_moderation.services.wiring import ports


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rule set makes of the sentence, and at whom the words are aimed that its reasons point at."""

    assessment: Assessment
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Preview:
    """The sentence under the rules in force, and under a draft: None where there is none, or it has `faults`."""

    text: str
    live: Seen
    draft: Seen | None = None
    faults: Sequence[Fault] = ()


def preview(text: str, draft: str = "") -> Preview:
    """What the rules in force make of `text`, and what `draft` (the text of a rule set) would. Keeps nothing."""
    try:
        live = _seen(text, live_rules().text)
    except FaultsError as error:
        live = Seen(unjudged(f"rules: {error}"), ())
    if not draft.strip():
        return Preview(text, live)
    try:
        return Preview(text, live, _seen(text, draft))
    except FaultsError as error:
        return Preview(text, live, faults=error.faults)


def _seen(text: str, rules: str) -> Seen:
    [assessment] = ports().judge(rules).assess([Reading("preview", text)])
    return Seen(assessment, targets_of(text, assessment.reasons))
