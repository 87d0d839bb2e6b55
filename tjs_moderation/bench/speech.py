"""Texts by the million: words as often as in a discussion (Zipf), lengths as in one, and what they are found by.

A comment of `bench.comments` costs too much where millions are wanted; here only the words come from there, and each is
looked up in the dictionary once. One word in fifty is said by hardly anybody else: a name, a number, an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from tjs_moderation.bench.comments import comments
from tjs_moderation.domain.search import words_of

COMMONEST = (
    "ja on ei että se niin kun mutta kuin oli jos vain minä sen ole tämä siis myös mitä voi nyt kyllä me he jo "
    "aina sitten tai hän te".split()
)
"""What a Finn says most; the rest of the words come in the order of our own sentences."""

MEDIAN_LENGTH, SPREAD, LONGEST = 14, 0.9, 400
"""Words in a text: half have fewer than the median; the logarithm is spread by `SPREAD` (public comments: 12 to 16)."""

LONE = 0.02
FEWEST_WORDS, MOST_WORDS = 400, 20_000
"""How many different words there are beside the lone ones: a tenth of the texts, within these bounds."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and its words as `domain.search.document` indexes them (without the letter of a part)."""

    text: str
    words: tuple[str, ...]


class Speech:
    """An endless supply of texts; equal seeds and sizes give equal texts. `count` is how many are to be expected."""

    def __init__(self, seed: int, count: int) -> None:
        self._chance = np.random.default_rng(seed)
        size = min(max(count // 10, FEWEST_WORDS), MOST_WORDS)
        self.forms: Sequence[str] = list(islice(_forms(seed), size))
        self._indexed = [tuple(sorted(words_of(form))) for form in self.forms]

    def texts(self, count: int) -> Iterator[Said]:
        """That many texts."""
        lengths = np.exp(self._chance.normal(np.log(MEDIAN_LENGTH), SPREAD, count)).astype(int).clip(1, LONGEST)
        # Of a law after Zipf the rank grows with the power of an even chance.
        ranks = (len(self.forms) ** self._chance.random(int(lengths.sum()))).astype(int) - 1
        are_lone = self._chance.random(len(ranks)) < LONE
        ranks[are_lone] = -1 - self._chance.integers(0, 10**6, int(are_lone.sum()))
        told, start = ranks.tolist(), 0
        for length in lengths.tolist():
            yield self._said(told[start : start + length])
            start += length

    def _said(self, ranks: Sequence[int]) -> Said:
        forms, words = [], dict[str, None]()
        for rank in ranks:
            if rank < 0:
                forms.append(f"nro{-rank}")
                words[forms[-1]] = None
            else:
                forms.append(self.forms[rank])
                words.update(dict.fromkeys(self._indexed[rank]))
        return Said(" ".join(forms), tuple(words))


def _forms(seed: int) -> Iterator[str]:
    """Words without end, each once: letters and digits only."""
    known = dict.fromkeys(COMMONEST)
    yield from known
    for text in comments(seed):
        for form in text.split():
            plain = form.strip(".,!?")
            if plain.isalnum() and plain not in known:
                known[plain] = None
                yield plain
