"""How like the examples of a topic a text is: base forms in common, rare ones more than common ones (a cosine)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt

from tjs_moderation.domain.language import Utterance, read
from tjs_moderation.domain.language.lexeme import Lexeme, Mark
from tjs_moderation.domain.language.words import WordKind
from tjs_moderation.domain.rulebook import Topic

_SPEAKING = frozenset({"n", "l", "nl", "t", "ee", "es", "ep", "em", "lyh"})
"""The kinds of words that say what a text is about: nouns, adjectives, verbs, names, abbreviations."""
_EVERYDAY = frozenset(
    """olla voida saada pitää täytyä tulla mennä tehdä antaa ottaa haluta tahtoa tietää kysyä sanoa kertoa käydä löytyä
    löytää kuulua alkaa tarvita auttaa miettiä hakea laittaa panna lähteä jäädä päästä joutua yrittää onnistua asia
    tapa kerta hyvä uusi oma moni muu toinen ensi sama vuosi päivä aika mahdollinen moi hei kiitos ihminen paikka
    kannattaa katsoa nähdä lukea ymmärtää ajatella luulla näyttää tuntua toimia mieli apu tieto""".split(),
)
"""Base forms that any question may have."""
_NOT_SAID = Mark.YOU_PRONOUN | Mark.ME | Mark.INTERROGATIVE | Mark.THAT | Mark.STARTS_CLAUSE | Mark.BE | Mark.NOT
_SHORTEST_PART = 3
_SHORTEST_FOREIGN = 4
_MOST_WORDS = 400
_LEAST_LIKE, _MOST_LIKE = 0.2, 0.6
"""Below the first a likeness says nothing, from the second on all it can."""
_SHARE = 0.85

Terms = frozenset[str]


class Examples:
    """The examples of all topics, ready to be compared with. Built once per rule set; safe to share between threads."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._examples = [
            (number, terms)
            for number, topic in enumerate(topics)
            for example in topic.examples
            if (terms := _terms(_lexemes(read(example, _nothing))))
        ]
        if not self._examples:
            return
        own = [_words_of(topic) for topic in topics]
        for number, terms in self._examples:
            own[number] |= terms
        self._spread = Counter(term for terms in own for term in terms)
        self._topics = len(topics)

    def likeness(self, utterance: Utterance) -> Mapping[int, float]:
        """How likely a text is about each topic, by its number, as far as the examples tell: the likest one counts."""
        if not self._examples:
            return {}
        best: dict[int, float] = {}
        for terms in _sentences(utterance):
            length = self._length(terms)
            for number, example in self._examples:
                if common := terms & example:
                    cosine = self._length(common) ** 2 / (length * self._length(example))
                    best[number] = max(best.get(number, 0.0), cosine)
        span = _MOST_LIKE - _LEAST_LIKE
        return {
            number: _SHARE * min(1.0, (cosine - _LEAST_LIKE) / span)
            for number, cosine in best.items()
            if cosine > _LEAST_LIKE
        }

    def _length(self, terms: Iterable[str]) -> float:
        return sqrt(sum(self._weight(term) ** 2 for term in terms))

    def _weight(self, term: str) -> float:
        """What few topics share says most."""
        return log((1.0 + self._topics) / max(1, self._spread[term]))


def _nothing(_: str) -> bool:
    return False


def _sentences(utterance: Utterance) -> list[Terms]:
    """What each sentence of a text speaks of."""
    sentences: dict[int, list[Lexeme]] = {}
    for word, lexeme in zip(utterance.words[:_MOST_WORDS], utterance.lexemes, strict=False):
        if word.kind is WordKind.WORD:
            sentences.setdefault(word.sentence, []).append(lexeme)
    return [terms for lexemes in sentences.values() if (terms := _terms(lexemes))]


def _lexemes(utterance: Utterance) -> list[Lexeme]:
    words = zip(utterance.words, utterance.lexemes, strict=True)
    return [lexeme for word, lexeme in words if word.kind is WordKind.WORD]


def _terms(lexemes: Iterable[Lexeme]) -> Terms:
    return frozenset(term for lexeme in lexemes if not lexeme.has(_NOT_SAID) for term in _speaking(lexeme))


def _speaking(lexeme: Lexeme) -> set[str]:
    """The base forms of a word, and the parts of a compound, if they say what a text is about."""
    if not lexeme.readings:
        return {lemma for lemma in lexeme.lemmas if len(lemma) >= _SHORTEST_FOREIGN}
    readings = [reading for reading in lexeme.readings if reading.kind in _SPEAKING]
    terms = {reading.lemma for reading in readings}
    if terms & _EVERYDAY:
        # “kuuluuko” is hardly ever about bones of the moon.
        return set()
    return terms | {part for reading in readings for part in reading.parts if len(part) >= _SHORTEST_PART}


def _words_of(topic: Topic) -> set[str]:
    return {word for entry in (*topic.hints, *topic.sure) for piece in entry.pieces for word in piece.words}
