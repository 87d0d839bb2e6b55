"""A text made comparable, with a way back: every folded letter knows which code points of the given text it came from.

Folding undoes disguise that is not Finnish: compatibility forms, look-alike letters of other scripts, invisible and
stacked marks, HTML entities. It never touches ä, ö or å. The time is linear in the length of the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tjs_moderation.domain.language.lookalikes import LOOKALIKES

_PLAIN = re.compile(r"[\t\n\r\x20-\x25\x27-\x7eåäöÅÄÖéÉüÜšžŠŽ§½€´–—’‘”“„»«…]*")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_KEPT = frozenset("åäöÅÄÖéÉèÈüÜšžŠŽõÕæøÆØñÑçÇß")
_MARKS_READ = 3
_INVISIBLE = frozenset({"Cf", "Cc", "Mn", "Me", "Mc"})


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is the folded text; its letter i came from code points `starts[i]` up to `ends[i]` of the given one."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the given text, in code points, of the folded span; empty spans are 0, 0."""
        if end <= start:
            return 0, 0
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """The text folded. Never raises, whatever the text holds (lone surrogates become spaces)."""
    if _PLAIN.fullmatch(text):
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    return _Folding(text).run()


class _Folding:
    """One walk over a text that needs folding."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.letters: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.reads_lookalikes = _is_mostly_latin(text)

    def run(self) -> Folded:
        position = 0
        while position < len(self.given):
            position = self._step(position)
        return Folded("".join(self.letters), self.starts, self.ends)

    def _step(self, start: int) -> int:
        if self.given[start] == "&" and (entity := _ENTITY.match(self.given, start)):
            self._put(html.unescape(entity.group()), start, entity.end())
            return entity.end()
        end = start + 1
        while end < len(self.given) and unicodedata.category(self.given[end]) in ("Mn", "Me"):
            end += 1
        self._put(
            self._letter(self.given[start], self.given[start + 1 : min(end, start + 1 + _MARKS_READ)]), start, end
        )
        return end

    def _letter(self, base: str, marks: str) -> str:
        if base in "\n\t\r":
            return base
        category = unicodedata.category(base)
        if category in _INVISIBLE:
            return ""
        if category in ("Cs", "Co", "Cn", "Zs", "Zl", "Zp"):
            return "\n" if category in ("Zl", "Zp") else " "
        composed = unicodedata.normalize("NFC", base + marks)[0] if marks else base
        if composed in _KEPT:
            return composed
        if self.reads_lookalikes and base in LOOKALIKES:
            return LOOKALIKES[base]
        return _compatible(composed)

    def _put(self, letters: str, start: int, end: int) -> None:
        if not letters and self.ends and start == self.ends[-1]:
            # What is invisible belongs to the letter before it, so that a marked word is marked whole.
            return
        for letter in letters:
            self.letters.append(letter)
            self.starts.append(start)
            self.ends.append(end)


def _compatible(letter: str) -> str:
    """The plain letter behind a compatibility form (ﬁ, Ａ, 𝓪, ⓐ) or behind marks Finnish does not know (ḭ, ą)."""
    plain = unicodedata.normalize("NFKC", letter)
    kept = []
    for each in plain:
        if each in _KEPT or each < "\x80":
            kept.append(each)
        elif unicodedata.category(each) not in _INVISIBLE:
            bare = unicodedata.normalize("NFD", each)[0]
            kept.append(bare if bare < "\x80" else each)
    return "".join(kept)


def _is_mostly_latin(text: str) -> bool:
    """Whether letters of other scripts stand among Latin ones as disguise, rather than as a language of their own."""
    strange = sum(1 for letter in text if letter in LOOKALIKES and letter.isalpha())
    if not strange:
        return True
    foreign = sum(1 for letter in text if "\u0370" <= letter <= "\u052f")
    latin = sum(1 for letter in text if letter.isalpha() and letter < "\u0250")
    return latin >= foreign or foreign == strange
