"""Finnish read by a program: what the words are, who is spoken to, whose words they are, whether something is asked."""

from __future__ import annotations

from tjs_moderation.domain.language.aim import Aim, aim
from tjs_moderation.domain.language.manner import Manner
from tjs_moderation.domain.language.morphology import DictionaryError, load_dictionary
from tjs_moderation.domain.language.questions import Asking, asking
from tjs_moderation.domain.language.target import Target
from tjs_moderation.domain.language.utterance import Utterance, read

__all__ = [
    "Aim",
    "Asking",
    "DictionaryError",
    "Manner",
    "Target",
    "Utterance",
    "aim",
    "asking",
    "load_dictionary",
    "read",
]
