"""A folded text cut into words, links, pictures and signs, and these into sentences. One pass, linear time."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from tjs_moderation.domain.language.folding import Folded
from tjs_moderation.domain.language.lookalikes import EMOJI


class WordKind(StrEnum):
    """What a piece of text is."""

    WORD = "word"
    NUMBER = "number"
    LINK = "link"
    EMAIL = "email"
    MENTION = "mention"
    PICTURE = "picture"
    SIGN = "sign"


class Word(NamedTuple):
    """One piece of a text.

    `form` is what is looked up: folded and lower case (a picture's form is the word it says). `shown` is the folded
    piece as written. `start` and `end` are code points of the text as given. `sentence` counts from 0.
    """

    form: str
    shown: str
    kind: WordKind
    start: int
    end: int
    sentence: int

    @property
    def is_capitalised(self) -> bool:
        """Whether it starts with a capital and goes on in small letters."""
        return self.shown[:1].isupper() and not self.shown[1:2].isupper()


_PICTURES = "".join(EMOJI)
_PIECE = re.compile(
    rf"""(?P<link>(?:https?://|www\.)[^\s<>"]{{1,2000}}|\b[a-z0-9-]{{1,63}}\.(?:fi|com|net|org|info|ru|xyz|top|biz|site|online|shop|club|io|me|ly|gg|link)\b(?:/[^\s<>"]{{0,2000}})?)
    |(?P<email>[A-Za-z0-9._%+-]{{1,64}}@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,4}})
    |(?P<mention>@[^\W\d][\w.]{{0,60}})
    |(?P<word>[^\W\d_]+(?:[-'’´][^\W\d_]+)*)
    |(?P<number>\d+(?:[.,:]\d+)*)
    |(?P<picture>[{_PICTURES}])
    |(?P<sign>[^\w\s]|_)""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN_PIECE = re.compile(
    rf"(?P<word>[^\W\d_]+(?:[-'’´][^\W\d_]+)*)|(?P<number>\d+(?:[.,:]\d+)*)|(?P<picture>[{_PICTURES}])|(?P<sign>[^\w\s]|_)"
)
_MAY_LEAD = re.compile(r"@|://|\.\S")
"""What every link, e-mail address and mention has; where it is missing, the plain pieces do, in half the time."""
_KINDS = {kind.value: kind for kind in WordKind}
_ENDS = frozenset(".!?…")


def cut(folded: Folded) -> tuple[Word, ...]:
    """The pieces of a folded text, in order. White space falls away; a line break or .!?… ends a sentence."""
    pieces: list[Word] = []
    sentence = 0
    is_ended = False
    text, starts, ends = folded.text, folded.starts, folded.ends
    last_end = 0
    is_broken = "\n" in text
    for match in (_PIECE if _MAY_LEAD.search(text) else _PLAIN_PIECE).finditer(text):
        start, end = match.span()
        kind = _KINDS[match.lastgroup or "sign"]
        shown = match.group()
        is_end = kind is WordKind.SIGN and shown in _ENDS
        if not is_end and (is_ended or (is_broken and pieces and "\n" in text[last_end:start])):
            sentence += 1
            is_ended = False
        form = EMOJI[shown] if kind is WordKind.PICTURE else shown.lower()
        pieces.append(Word(form, shown, kind, starts[start], ends[end - 1], sentence))
        is_ended = is_ended or is_end
        last_end = end
    return tuple(pieces)
