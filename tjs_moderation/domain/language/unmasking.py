"""Words in disguise: v1ttu, p*ska, i d i o o t t i, k.u.s.i, idioooottiii.

A disguise is undone only where a word appears that somebody looks for (`knows`) or, for stretched words,
that Finnish knows. Every search is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product

from tjs_moderation.domain.language.folding import Folded
from tjs_moderation.domain.language.lookalikes import SIGNS
from tjs_moderation.domain.language.morphology import LONGEST_WORD, analyse, is_written
from tjs_moderation.domain.language.words import Word, WordKind
from tjs_moderation.domain.memory import Memory

Knows = Callable[[str], bool]

_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*·,/]{1,2}){2,60}[^\W\d_](?![^\W_])")
_SPACED_ONCE = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*·,/]){2,60}[^\W\d_](?![^\W_])")
_MAY_SPACE = re.compile(r"[ .\-_*·,/][^\W\d_][ .\-_*·,/]")
"""A letter by itself: every spaced word has one in its middle."""
_MASKED = re.compile(r"[^\W_](?:[\w@$!|€+*#%.\-'´`’]{1,38})[\w@$*]|[@$*][^\W_][\w@$!|€+*#%.\-]{1,38}")
_HAS_MASK = re.compile(r"[0-9@$!|€+*#%.\-'´`’üwxzq]", re.IGNORECASE)
_MAY_MASK = re.compile(r"[0-9@$|€*#%´`üwxzqÜWXZQ!.\-'’+](?:(?<![!.\-'’+])|(?=[\w@$!|€+*#%.\-'´`’]))")
"""A sign that may stand in a disguised word: any of `_HAS_MASK`, but none that only ends a word."""
_UNBROKEN = re.compile(r"\S+")
_SEPARATORS = str.maketrans("", "", ".-'´`’_ ·,/")
_STARS = re.compile(r"[*#%]")
_PAIR = re.compile(r"([^\W\d_])\1")
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_VOWELS = "aeiouyäö"
_LETTERS = _VOWELS + "tnslkrmvpjhdg"
_MOST_CANDIDATES = 24
_MOST_STARS = 2
_SHORTEST_DOUBLED, _LONGEST_DOUBLED = 6, 16
_MOST_RUNS = 4


def unmask(folded: Folded, words: tuple[Word, ...], knows: Knows) -> tuple[Word, ...]:
    """The words with disguised ones put in place of the pieces they were cut into."""
    found = [*_spaced(folded, knows), *_masked(folded, knows)]
    words = tuple(
        _shortened(word, knows) if word.kind is WordKind.WORD and _IS_DRAWN_OUT[word.form] else word for word in words
    )
    return tuple(_put_in_place(words, sorted(found))) if found else words


def _is_drawn_out(form: str) -> bool:
    """Whether a word form may have letters too many."""
    return bool(_PAIR.search(form)) and bool(_RUN.search(form) or _may_be_doubled(form))


_IS_DRAWN_OUT = Memory(_is_drawn_out, 30_000)


def _may_be_doubled(form: str) -> bool:
    return _SHORTEST_DOUBLED <= len(form) <= _LONGEST_DOUBLED and not analyse(form)


def _shortened(word: Word, knows: Knows) -> Word:
    shorter = _unstretch(word, knows)
    return _undouble(shorter, knows) if _may_be_doubled(shorter.form) else shorter


def _spaced(folded: Folded, knows: Knows) -> Iterator[tuple[int, int, str]]:
    if not _MAY_SPACE.search(folded.text):
        return
    for match in _SPACED.finditer(folded.text):
        joined = match.group().translate(_SEPARATORS).replace("*", "").lower()
        if len(joined) <= LONGEST_WORD and knows(joined):
            yield (*folded.span(*match.span()), joined)
            continue
        for part in _SPACED_ONCE.finditer(folded.text, *match.span()):
            word = part.group().translate(_SEPARATORS).replace("*", "").lower()
            if len(word) <= LONGEST_WORD and knows(word):
                yield (*folded.span(*part.span()), word)


def _masked(folded: Folded, knows: Knows) -> Iterator[tuple[int, int, str]]:
    if not _MAY_MASK.search(folded.text):
        return
    for piece in _UNBROKEN.finditer(folded.text):
        if _MAY_MASK.search(piece.group()):
            for match in _MASKED.finditer(folded.text, *piece.span()):
                shown = match.group().rstrip("!.-'’+")
                if (spelt := _spelt(shown, knows)) is not None:
                    yield (*folded.span(match.start(), match.start() + len(shown)), spelt)


def _spelt(shown: str, knows: Knows) -> str | None:
    """The word somebody looks for that a piece spells in disguise, if any."""
    if len(shown) < 3 or shown.isdigit() or not _HAS_MASK.search(shown):
        return None
    tried = islice(_candidates(shown.lower()), _MOST_CANDIDATES * len(_LETTERS))
    return next(filter(knows, tried), None)


def _candidates(shown: str) -> Iterator[str]:
    """What a disguised piece may spell, without its separators, signs read as letters and stars filled in."""
    if not any(letter.isalpha() for letter in shown):
        return
    bare = shown.translate(_SEPARATORS)
    as_i = "".join(SIGNS.get(sign, sign) for sign in bare)
    as_l = "".join("l" if sign in "1!" else SIGNS.get(sign, sign) for sign in bare)
    for reading in dict.fromkeys((bare, as_i, as_l)):
        stars = len(_STARS.findall(reading))
        if stars == 0:
            yield reading
        elif stars <= _MOST_STARS and len(reading) <= 20:
            pattern = _STARS.sub("*", reading)
            letters = _LETTERS if stars == 1 else _VOWELS + "t"
            for filling in product(letters, repeat=stars):
                yield _fill(pattern, filling)
            yield _STARS.sub("", reading)


def _fill(pattern: str, letters: tuple[str, ...]) -> str:
    """The pattern with each star replaced by the next letter."""
    pieces = pattern.split("*")
    return "".join(piece + letter for piece, letter in zip(pieces, (*letters, ""), strict=True))


def _unstretch(word: Word, knows: Knows) -> Word:
    """A word with letters drawn out (idioooottiii) as the first shorter form that is known, if any."""
    runs = list(_RUN.finditer(word.form))
    if not runs:
        return word
    lengths: Iterable[tuple[int, ...]] = product((2, 1), repeat=len(runs))
    if len(runs) > _MOST_RUNS:
        lengths = ((2,) * len(runs), (1,) * len(runs))
    candidates = [_shorten(word.form, runs, length) for length in lengths]
    for is_wanted in (knows, lambda form: bool(analyse(form))):
        for candidate in candidates:
            if len(candidate) <= LONGEST_WORD and is_wanted(candidate):
                return word._replace(form=candidate)
    return word


def _undouble(word: Word, knows: Knows) -> Word:
    """An unknown word with one letter too many (huoora, raiskkaan) as the word somebody looks for, if any."""
    form = word.form
    if not _PAIR.search(form) or knows(form):
        return word
    for pair in islice(_PAIR.finditer(form), _MOST_RUNS):
        shorter = form[: pair.start()] + form[pair.start() + 1 :]
        if is_written(shorter, form) and knows(shorter):
            return word._replace(form=shorter)
    return word


def _shorten(form: str, runs: list[re.Match[str]], lengths: tuple[int, ...]) -> str:
    pieces: list[str] = []
    position = 0
    for run, length in zip(runs, lengths, strict=True):
        pieces.append(form[position : run.start()] + run.group(1) * length)
        position = run.end()
    return "".join(pieces) + form[position:]


def _put_in_place(words: Sequence[Word], found: list[tuple[int, int, str]]) -> Iterator[Word]:
    position = 0
    for start, end, form in found:
        while position < len(words) and words[position].end <= start:
            yield words[position]
            position += 1
        if position == len(words) or words[position].start >= end:
            continue
        first = position
        while position < len(words) and words[position].start < end:
            position += 1
        shown = "".join(word.shown for word in words[first:position])
        yield Word(form, shown, WordKind.WORD, start, max(end, words[position - 1].end), words[first].sentence)
    yield from words[position:]
