"""At whom the words are aimed that an assessment points at: for showing how a sentence was understood."""

from __future__ import annotations

from collections.abc import Sequence

from tjs_moderation.domain.judgement import LONGEST_READ
from tjs_moderation.domain.language import DictionaryError, Target, Utterance, aim, read
from tjs_moderation.domain.ports import Reason


def targets_of(text: str, reasons: Sequence[Reason]) -> tuple[Target, ...]:
    """The target of each reason's words in `text`, each once, in their order; nothing where there is no dictionary."""
    spans = [(reason.start, reason.end) for reason in reasons if reason.start < reason.end]
    if not spans:
        return ()
    try:
        utterance = read(text[:LONGEST_READ], lambda form: False)
    except DictionaryError:
        return ()
    found = [_target(utterance, start, end) for start, end in spans]
    return tuple(dict.fromkeys(target for target in found if target is not None))


def _target(utterance: Utterance, start: int, end: int) -> Target | None:
    touched = [at for at, word in enumerate(utterance.words) if word.start < end and start < word.end]
    return aim(utterance, touched[0], touched[-1]).target if touched else None
